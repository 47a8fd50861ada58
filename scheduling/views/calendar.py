"""The day calendar: front desk's home."""

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from clinic.audit import services as audit
from clinic.core import clock
from clinic.people.access import access
from clinic.people.models import Location, User
from clinic.people.permissions import Permission, may
from scheduling.beside import needs_a_hand, waiting
from scheduling.day import DayCalendar, day_calendar
from scheduling.views.parsing import StaffRequest, chosen, date_in, place_in, places_of

MODES = ("therapists", "rooms", "week")


@access(Permission.VIEW_CALENDAR)
def day(request: StaffRequest) -> HttpResponse:
    """One day at one location, or a therapist's week; htmx gets the grid alone."""
    places = places_of(request.user)
    location = place_in(request, places)
    calendar = _calendar(request, location)
    if not request.headers.get("X-Background"):
        shown = {"from": calendar.first_day.isoformat(), "cards": len(calendar.cards)}
        audit.record(request.user, "calendar.read", location, changes=shown)
    context = {"calendar": calendar, "places": places, **_context(request, calendar)}
    template = "scheduling/day.html#grid_and_side" if request.headers.get("HX-Request") else "scheduling/day.html"
    return render(request, template, context)


def _calendar(request: StaffRequest, location: Location) -> DayCalendar:
    shown = date_in(request, "date", clock.today(location.zone))
    mode = request.GET.get("columns", "")
    mode = mode if mode in MODES else MODES[0]
    whose = _whose_week(request, location, mode)
    if mode == "week" and whose is None:
        mode = MODES[0]
    return day_calendar(location=location, day=shown, mode=mode, therapist=whose)


def _context(request: StaffRequest, calendar: DayCalendar) -> dict[str, Any]:
    return {
        "location": calendar.location,
        "shown": calendar.shown,
        "today": clock.today(calendar.location.zone),
        "whose": calendar.therapist,
        "therapists_here": _therapists_at(calendar.location),
        "listed": _listed(request, calendar),
        "waiting": waiting(calendar),
        "to_see_to": needs_a_hand(calendar),
        "may_book": may(request.user, Permission.BOOK),
        "modes": _modes(request, calendar.mode),
        **_neighbours(calendar.shown, calendar.mode),
    }


def _whose_week(request: StaffRequest, location: Location, mode: str) -> User | None:
    """The therapist of the week: asked for, or oneself, or the first of the location."""
    if mode != "week":
        return None
    there = _therapists_at(location)
    wanted: User | None = chosen(there, request.GET.get("therapist", ""))
    return wanted or there.filter(pk=request.user.pk).first() or there.first()


def _therapists_at(location: Location) -> Any:
    return User.objects.therapists().filter(locations=location).order_by("name")


def _listed(request: StaffRequest, calendar: DayCalendar) -> dict[str, Any]:
    """The list for a phone: everyone's day in order, or one therapist's."""
    wanted = request.GET.get("therapist", "")
    cards = calendar.cards
    people = {str(card.appointment.therapist_id): card.appointment.therapist for card in cards}
    return {
        "cards": [card for card in cards if not wanted or str(card.appointment.therapist_id) == wanted],
        "people": sorted(people.values(), key=lambda each: each.name),
        "wanted": wanted,
    }


def _modes(request: StaffRequest, mode: str) -> list[dict[str, Any]]:
    words = {"therapists": _("Therapists"), "rooms": _("Rooms"), "week": _("Week")}
    items = []
    for key, label in words.items():
        params = request.GET.copy()
        params["columns"] = key
        items.append({"label": label, "url": f"?{params.urlencode()}", "is_current": key == mode})
    return items


def _neighbours(shown: dt.date, mode: str) -> dict[str, str]:
    step = dt.timedelta(days=7 if mode == "week" else 1)
    return {"before": (shown - step).isoformat(), "after": (shown + step).isoformat()}
