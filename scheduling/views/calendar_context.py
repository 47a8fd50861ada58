"""What the calendar's page shows around its grid."""

import datetime as dt
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from clinic.core import clock
from clinic.people.permissions import Permission, may
from scheduling.calendar.beside import needs_a_hand, waiting
from scheduling.calendar.drawing import Drawing
from scheduling.calendar.parts import DayCalendar
from scheduling.models import Appointment
from scheduling.views.calendar_asked import MODES, Asked, zoom_of
from scheduling.views.parsing import StaffRequest

PLACING = ("date", "location", "columns", "of", "room")
FILTERS = ("therapist", "service", "status")


def calendar_context(request: StaffRequest, wanted: Asked, calendar: DayCalendar) -> dict[str, Any]:
    """Everything the page and its fragments need. No query."""
    location, may_book = calendar.location, may(request.user, Permission.BOOK)
    return {
        "calendar": calendar,
        "places": wanted.all_places,
        "location": location,
        "is_everywhere": wanted.is_everywhere,
        "several": len(wanted.places) > 1,
        "shown": calendar.shown,
        "today": clock.today(location.zone),
        "whose": calendar.therapist or calendar.room,
        "weeks": wanted.weeks,
        "listed": _listed(calendar),
        "waiting": waiting(calendar),
        "to_see_to": needs_a_hand(calendar),
        "may_book": may_book,
        "drawing": Drawing(mode=calendar.mode, may_book=may_book, names_places=len(wanted.places) > 1),
        "modes": _modes(request, calendar.mode),
        "filters": _filters(calendar),
        "zoom": zoom_of(request),
        "kept": _kept(request),
        "address_kept": [(name, value) for name in PLACING for value in request.GET.getlist(name) if value],
        "marks": _marks(calendar),
        "changes_url": f"{reverse('scheduling:calendar-changes')}?{request.GET.urlencode()}",
        **_neighbours(calendar.shown, calendar.mode),
    }


def _listed(calendar: DayCalendar) -> dict[str, Any]:
    """The list for a phone: everyone's day in order, or one therapist's; a week day by day."""
    cards = [card for card in calendar.cards if not card.is_out]
    dates = groupby(cards, key=lambda card: card.date if calendar.mode == "week" else calendar.shown)
    people = {str(card.visit.therapist_id): card.visit.therapist for card in calendar.cards}
    return {
        "days": [(date, list(group)) for date, group in dates],
        "people": _by_name(people),
        "wanted": {str(pk) for pk in calendar.only.therapists},
    }


def _filters(calendar: DayCalendar) -> dict[str, Any]:
    """What can be chosen among what is shown, and what is chosen."""
    cards, only = calendar.cards, calendar.only
    services = {card.visit.service_id: card.visit.service for card in cards}
    therapists = {each.pk: each.name for each in calendar.people}
    return {
        "therapists": [(pk, name, pk in only.therapists) for pk, name in _by_name(therapists)],
        "services": [(pk, name, pk in only.services) for pk, name in _by_name(services)],
        "statuses": [
            (value, label, value in only.statuses)
            for value, label in Appointment.Status.choices
            if value not in ("held", "late-cancelled")
        ],
        "count": len(only.therapists) * (calendar.mode != "week") + len(only.services) + len(only.statuses),
    }


def _by_name(names: dict[Any, str]) -> list[tuple[Any, str]]:
    return sorted(names.items(), key=lambda item: item[1])


def _kept(request: StaffRequest) -> list[tuple[str, str]]:
    """The filters as hidden fields of the other forms of the page."""
    return [(name, value) for name in FILTERS for value in request.GET.getlist(name) if value]


def _marks(calendar: DayCalendar) -> list[str]:
    """Where the state of the notes is asked for: once for each location, for the cards it shows."""
    base = {"date": calendar.first_day.isoformat(), "until": calendar.last_day.isoformat(), "columns": calendar.mode}
    if calendar.therapist:
        base["therapist"] = str(calendar.therapist.pk)
    if calendar.room:
        base["room"] = str(calendar.room.pk)
    pairs = list(base.items())
    if calendar.mode == "therapists":
        pairs += [("therapist", str(pk)) for pk in calendar.only.therapists]
    url = reverse("treatments:note-marks")
    return [f"{url}?{urlencode([*pairs, ('location', str(group.location.pk))])}" for group in calendar.groups]


def _modes(request: StaffRequest, mode: str) -> list[dict[str, Any]]:
    words = {"therapists": _("Therapists"), "rooms": _("Rooms"), "week": _("Week")}
    items = []
    for key in MODES:
        params = request.GET.copy()
        params["columns"] = key
        if "week" in (key, mode):
            for name in ("of", "therapist", "room"):
                params.pop(name, None)
        items.append({"label": words[key], "url": f"?{params.urlencode()}", "is_current": key == mode})
    return items


def _neighbours(shown: dt.date, mode: str) -> dict[str, str]:
    step = dt.timedelta(days=7 if mode == "week" else 1)
    return {"before": (shown - step).isoformat(), "after": (shown + step).isoformat()}
