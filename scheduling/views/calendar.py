"""The day calendar: front desk's home."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from clinic.audit import services as audit
from clinic.people.access import access, background
from clinic.people.permissions import Permission
from scheduling.calendar.changes import stamp
from scheduling.views.calendar_asked import asked_for
from scheduling.views.calendar_context import calendar_context
from scheduling.views.parsing import StaffRequest


@access(Permission.VIEW_CALENDAR)
def day(request: StaffRequest) -> HttpResponse:
    """A day or a week at one location or several; htmx gets the grid and what stands beside it alone."""
    wanted = asked_for(request)
    calendar = wanted.calendar()
    if not request.headers.get("X-Background"):
        shown = {"from": calendar.first_day.isoformat(), "cards": len(calendar.cards)}
        audit.record(request.user, "calendar.read", calendar.location, changes=shown)
    context = calendar_context(request, wanted, calendar)
    template = "scheduling/day.html#grid_and_side" if request.headers.get("HX-Request") else "scheduling/day.html"
    return render(request, template, context)


@access(Permission.VIEW_CALENDAR)
@background
@require_GET
def changes(request: StaffRequest) -> HttpResponse:
    """Polled by open calendars: 204 while nothing they show has changed, else the stamp of how it is now."""
    wanted = asked_for(request)
    now = stamp(wanted.places, wanted.days, therapist=wanted.therapist, room=wanted.room)
    if now == request.GET.get("stamp"):
        return HttpResponse(status=204)
    return HttpResponse(now, content_type="text/plain")
