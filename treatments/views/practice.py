"""What the owner's report says of plans and notes: cards that it loads, and the episodes behind them."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from clinic.audit import services as audit
from clinic.core import clock
from clinic.people.access import access
from clinic.people.permissions import Permission
from scheduling.reports.words import share
from scheduling.views.parsing import StaffRequest
from scheduling.views.practice import filters_in, places_or_404
from treatments.reads import practice as reads

PAGE_SIZE = 50


@access(Permission.VIEW_PRACTICE)
@require_GET
def practice_cards(request: StaffRequest) -> HttpResponse:
    """Plans kept and notes not signed: alone for htmx, else as a page."""
    filters, now = filters_in(request, places_or_404(request)), clock.now()
    period, before = filters.period, filters.period.before
    plans, plans_before = reads.ended(filters, period), reads.ended(filters, before)
    notes, notes_before = reads.notes(filters, period, now), reads.notes(filters, before, now)
    context: dict[str, Any] = {
        "filters": filters,
        "query": urlencode(filters.query()),
        "plans": plans,
        "plans_share": share(plans.kept, plans.ended),
        "plans_before": plans_before,
        "plans_before_share": share(plans_before.kept, plans_before.ended),
        "running": reads.plans(filters, "running").count(),
        "notes": notes,
        "signed_share": share(notes.in_a_day, notes.due),
        "notes_before": notes_before,
        "signed_before_share": share(notes_before.in_a_day, notes_before.due),
    }
    is_alone = bool(request.headers.get("HX-Request"))
    return render(request, "treatments/_practice_cards.html" if is_alone else "treatments/practice_cards.html", context)


@access(Permission.VIEW_PRACTICE)
@require_GET
def practice_plans(request: StaffRequest, which: str) -> HttpResponse:
    """The episodes that a figure counts."""
    if which not in reads.PLANS:
        raise Http404
    filters = filters_in(request, places_or_404(request))
    rows = reads.plans(filters, which).with_names().order_by("-closed_at", "-opened_at", "pk")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    shown = {"figure": f"plans-{which}", "episodes": [str(each.pk) for each in page.object_list]}
    audit.record(request.user, "practice.read", changes=shown)
    context = {
        "label": reads.PLANS[which][0],
        "filters": filters,
        "query": urlencode(filters.query()),
        "page": page,
    }
    return render(request, "treatments/practice_plans.html", context)
