"""The owner's look at how the practice ran: read once a week, no league table."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from clinic.audit import services as audit
from clinic.core import clock
from clinic.core.sheets import to_csv
from clinic.people.access import access
from clinic.people.models import Location, User
from clinic.people.permissions import Permission
from scheduling.models import Service
from scheduling.reports import tables, words
from scheduling.reports.figures import FIGURES, behind
from scheduling.reports.filters import Filters
from scheduling.reports.mail import FATES, letters, mail
from scheduling.reports.report import Report, build
from scheduling.rules.periods import choices, period_of
from scheduling.views.parsing import StaffRequest, chosen, places_of

MOST_ROWS = 40  # of the hours of the week; a practice with more people looks at one location
PAGE_SIZE = 50


@access(Permission.VIEW_PRACTICE)
@require_GET
def practice(request: StaffRequest) -> HttpResponse:
    """A period beside the one before, by location, therapist and service; the address holds what was chosen."""
    places = places_of(request.user)
    context: dict[str, Any] = {"places": places}
    if places:
        filters = filters_in(request, places)
        context |= _offered(request, filters) | _shown(build(filters)) | words.mail(mail(filters))
    return render(request, "scheduling/practice.html", context)


@access(Permission.VIEW_PRACTICE)
@require_GET
def practice_table(request: StaffRequest, name: str) -> HttpResponse:
    """One table of the report as CSV."""
    if name not in tables.TABLES:
        raise Http404
    filters = filters_in(request, places_or_404(request))
    audit.record(request.user, "practice.exported", changes={"table": name})
    response = HttpResponse(to_csv(tables.table(build(filters), name)), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="practice-{name}-{filters.period.first_on}.csv"'
    return response


@access(Permission.VIEW_PRACTICE)
@require_GET
def practice_visits(request: StaffRequest, figure: str) -> HttpResponse:
    """The visits that a figure counts."""
    if figure not in FIGURES:
        raise Http404
    filters = filters_in(request, places_or_404(request))
    rows = behind(filters, FIGURES[figure]).order_by("during", "pk")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    audit.record(
        request.user, "practice.read", changes={"figure": figure, "visits": [str(each.pk) for each in page.object_list]}
    )
    context = {"figure": FIGURES[figure], "filters": filters, "query": urlencode(filters.query()), "page": page}
    return render(request, "scheduling/practice_visits.html", context)


@access(Permission.VIEW_PRACTICE)
@require_GET
def practice_messages(request: StaffRequest, fate: str) -> HttpResponse:
    """The messages that a figure counts."""
    if fate not in FATES:
        raise Http404
    filters = filters_in(request, places_or_404(request))
    page = Paginator(letters(filters, fate).order_by("-due_at", "pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    shown = {"figure": f"messages-{fate}", "messages": [str(each.pk) for each in page.object_list]}
    audit.record(request.user, "practice.read", changes=shown)
    context = {"label": FATES[fate][0], "filters": filters, "query": urlencode(filters.query()), "page": page}
    return render(request, "scheduling/practice_messages.html", context | {"zone": filters.places[0].zone})


def filters_in(request: StaffRequest, places: list[Location]) -> Filters:
    """What the address says. Raises Refused, Http404."""
    asked = request.GET
    location = chosen(Location.objects.visible_to(request.user), asked.get("location", ""))
    today = clock.today((location or places[0]).zone)
    return Filters(
        period_of(asked.get("period", ""), asked.get("from", ""), asked.get("until", ""), today=today),
        (location,) if location else tuple(places),
        location,
        chosen(User.objects.therapists().visible_to(request.user), asked.get("therapist", "")),
        chosen(Service.objects.visible_to(request.user), asked.get("service", "")),
    )


def places_or_404(request: StaffRequest) -> list[Location]:
    places = places_of(request.user)
    if not places:
        raise Http404
    return places


def _offered(request: StaffRequest, filters: Filters) -> dict[str, Any]:
    """What the page lets choose."""
    periods = choices(clock.today(filters.places[0].zone))
    if filters.period.key not in {each.key for each in periods}:
        periods.append(filters.period)
    return {
        "filters": filters,
        "query": urlencode(filters.query()),
        "periods": periods,
        "therapists_offered": User.objects.therapists().visible_to(request.user).order_by("name"),
        "services_offered": Service.objects.active(),
    }


def _shown(report: Report) -> dict[str, Any]:
    hours = words.hours_shown([*report.therapists, *report.rooms])
    counts, before = report.now.counts, report.before.counts
    return {
        "has_visits": report.has_visits,
        "figures": words.figures(report),
        "therapists": [words.use_row(use, hours) for use in report.therapists[:MOST_ROWS]],
        "rooms": [words.use_row(use, hours) for use in report.rooms[:MOST_ROWS]],
        "hidden": max(0, len(report.therapists) - MOST_ROWS) + max(0, len(report.rooms) - MOST_ROWS),
        "axis": words.axis(hours),
        "total": words.total(report.therapists),
        "notices": words.notices(report),
        "leads": words.leads(report),
        "origins": words.origins(report),
        "now": report.now,
        "before": report.before,
        "cancelled": counts["cancelled"],
        "forms": words.share(counts["answered"], counts["asked"]),
        "forms_before": words.share(before["answered"], before["asked"]),
        "counts": {key.replace("-", "_"): number for key, number in counts.items()},
        "counts_before": {key.replace("-", "_"): number for key, number in before.items()},
    }
