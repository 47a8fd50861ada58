"""Outcomes by condition, for owner and therapists."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clinic.audit import services as audit
from clinic.core import clock
from clinic.people.access import access
from clinic.people.permissions import Permission
from intake.models import Condition
from treatments.models import Episode
from treatments.outcomes import export, querysets, report, rules
from treatments.outcomes.filters import Filters, Options

PAGE_SIZE = 20


@access(Permission.VIEW_OUTCOMES)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every condition in one row, one of them opened in place."""
    options = Options.for_user(request.user)
    filters, now = Filters.of(request.GET, options), clock.now()
    shown = report.build(filters, request.user, now)
    wished = request.GET.get("open", "")
    opened = next((row for row in shown.rows if row.condition.code == wished and row.is_shown), None)
    context = {
        **_frame(options, filters),
        "report": shown,
        "opened": opened,
        "detail": report.detail(opened, filters, request.user, now) if opened else None,
    }
    return render(request, "outcomes/index.html", context)


@access(Permission.VIEW_OUTCOMES)
@require_safe
def condition(request: HttpRequest, condition: str) -> HttpResponse:
    """One condition: its course, its counts, and the episodes behind each figure."""
    about = get_object_or_404(Condition, code=condition)
    options = Options.for_user(request.user)
    filters, now = Filters.of(request.GET, options), clock.now()
    row = next(iter(report.build(filters, request.user, now, about).rows), None)
    behind = _behind(filters)
    which = request.GET.get("which", "all")
    which = which if which in behind else "all"
    page = _episodes(request, filters, about, behind[which][1])
    shown = {"which": which, "episodes": [str(each.pk) for each in page.object_list]}
    audit.record(request.user, "outcomes.read", about, changes=shown)  # type: ignore[arg-type]
    context = {
        **_frame(options, filters),
        "condition": about,
        "row": row,
        "detail": report.detail(row, filters, request.user, now) if row and row.is_shown else None,
        "page": page,
        "tabs": _tabs(filters, behind, which),
    }
    return render(request, "outcomes/condition.html", context)


@access(Permission.VIEW_OUTCOMES)
@require_safe
def table(request: HttpRequest) -> HttpResponse:
    """The report as CSV: no names, no small cells."""
    filters = Filters.of(request.GET, Options.for_user(request.user))
    shown = report.build(filters, request.user, clock.now())
    audit.record(request.user, "outcomes.exported", changes={"conditions": len(shown.rows)})  # type: ignore[arg-type]
    response = HttpResponse(export.to_csv(shown, filters), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="outcomes-{clock.now():%Y-%m-%d}.csv"'
    return response


def _frame(options: Options, filters: Filters) -> dict[str, Any]:
    return {
        "options": options,
        "filters": filters,
        "windows": rules.WINDOWS,
        "sides": Episode.Side.choices,
        "source": report.source_of(filters),
        "scale": filters.scale,
    }


def _behind(filters: Filters) -> dict[str, tuple[str, Q]]:
    """Which episodes stand behind a figure."""
    behind = {
        "all": (_("All episodes"), Q()),
        "due": (_("Due"), Q(is_due=True)),
        "answered": (_("Answered"), Q(is_answered=True)),
        "missing": (_("Has not answered"), Q(is_due=True, is_answered=False)),
    }
    if filters.scale.threshold is not None:
        behind["responders"] = (_("Reached the threshold"), querysets.responders(filters.scale))
        behind["worse"] = (_("Worse by as much"), querysets.worse(filters.scale))
    return behind


def _tabs(filters: Filters, behind: dict[str, tuple[str, Q]], which: str) -> list[dict[str, Any]]:
    return [
        {"label": label, "url": f"?{filters.query(which=key)}#episodes", "is_current": key == which}
        for key, (label, _condition) in behind.items()
    ]


def _episodes(request: HttpRequest, filters: Filters, about: Condition, behind: Q) -> Any:
    """A page of the episodes behind a figure, with their courses. Three queries."""
    rows = report.episodes_of(filters, request.user, clock.now(), about).filter(behind)
    shown = ("side", "opened_at", "client__given_name", "client__family_name", "location__timezone", "therapist__name")
    rows = rows.select_related("client", "location", "therapist").only(*shown).order_by("-opened_at", "pk")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    page.object_list = list(page.object_list)
    courses = querysets.scores_of([each.pk for each in page.object_list], measure=filters.measure)
    for each in page.object_list:
        each.course = courses.get(each.pk, [])
    return page
