"""The map of many clients, as a page and as a file."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from clinic.audit import services as audit
from clinic.core import clock
from clinic.people.access import StaffRequest, access
from clinic.people.permissions import Permission
from intake.models import Condition
from treatments.outcomes.filters import Filters, Options
from treatments.outcomes.frequency import Frequency, frequency, to_csv


@access(Permission.VIEW_OUTCOMES)
@require_safe
def condition_map(request: StaffRequest, condition: str) -> HttpResponse:
    """Where it hurts when episodes of a condition begin: figures and the table behind them."""
    about, filters, options, shown = _read(request, condition)
    audit.record(request.user, "outcomes.read", about, changes={"map": shown.episodes})
    context = {"condition": about, "filters": filters, "options": options, "shown": shown}
    return render(request, "outcomes/condition_map.html", context)


@access(Permission.VIEW_OUTCOMES)
@require_safe
def condition_map_table(request: StaffRequest, condition: str) -> HttpResponse:
    """The table as CSV."""
    about, filters, _options, shown = _read(request, condition)
    audit.record(request.user, "outcomes.exported", about, changes={"map": shown.episodes})
    response = HttpResponse(to_csv(shown, about, filters), content_type="text/csv; charset=utf-8")
    name = f"pain-map-{about.code}-{clock.now():%Y-%m-%d}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _read(request: StaffRequest, code: str) -> tuple[Condition, Filters, Options, Frequency]:
    about = get_object_or_404(Condition, code=code)
    options = Options.for_user(request.user)
    filters = Filters.of(request.GET, options)
    return about, filters, options, frequency(condition=about, filters=filters, locations=options.locations)
