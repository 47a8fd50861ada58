"""What the address asks the calendar for, read strictly."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db.models import Value
from django.http import Http404

from clinic.core import clock
from clinic.people.models import Location, Room, User
from scheduling.calendar.day import day_calendar, days_of
from scheduling.calendar.parts import DayCalendar, Only
from scheduling.rules.status import STATUSES
from scheduling.views.parsing import StaffRequest, date_in, place_in, places_of, uuid_in

MODES = ("therapists", "rooms", "week")
EVERYWHERE = "all"
ZOOM_COOKIE = "calendar-zoom"
ZOOMS = ("1", "2", "3", "4", "5")
USUAL_ZOOM = "3"


@dataclass(frozen=True, slots=True)
class Asked:
    """Days, places, columns and filters of one calendar."""

    places: list[Location]
    all_places: list[Location]
    shown: dt.date
    mode: str
    only: Only
    weeks: list[tuple[uuid.UUID, str, str]]  # whose week could be shown: id, name, therapist or room
    therapist: User | None = None
    room: Room | None = None

    @property
    def days(self) -> list[dt.date]:
        return days_of(self.shown, self.mode)

    @property
    def is_everywhere(self) -> bool:
        return len(self.places) == len(self.all_places) > 1

    def calendar(self) -> DayCalendar:
        return day_calendar(
            places=self.places, day=self.shown, mode=self.mode, therapist=self.therapist, room=self.room, only=self.only
        )


def asked_for(request: StaffRequest) -> Asked:
    """Raises Refused for a date that is none, Http404 for what is not there or not one's own."""
    everywhere = places_of(request.user)
    places = _places(request, everywhere)
    shown = date_in(request, "date", clock.today(places[0].zone))
    mode = request.GET.get("columns", "")
    mode = mode if mode in MODES else MODES[0]
    weeks = _weeks(places) if mode == "week" else []
    whose = _whose(request, weeks) if weeks else None
    if whose is None:
        mode = MODES[0] if mode == "week" else mode
        return Asked(places, everywhere, shown, mode, _only(request), weeks)
    pk, name, kind = whose
    if kind == "room":
        return Asked(places, everywhere, shown, mode, _only(request), weeks, room=Room(pk=pk, name=name))
    return Asked(places, everywhere, shown, mode, _only(request), weeks, therapist=User(pk=pk, name=name))


def zoom_of(request: StaffRequest) -> str:
    """How tall an hour is drawn: kept in a cookie, so that the first paint is right."""
    chosen = request.COOKIES.get(ZOOM_COOKIE, "")
    return chosen if chosen in ZOOMS else USUAL_ZOOM


def _places(request: StaffRequest, everywhere: list[Location]) -> list[Location]:
    """One location, several, or all of them; without any in the address those shown last."""
    wanted, is_kept = request.GET.getlist("location"), not request.headers.get("X-Background")
    is_all = EVERYWHERE in wanted if wanted else request.session.get("location") == EVERYWHERE
    if is_all and everywhere:
        if is_kept and request.session.get("location") != EVERYWHERE:
            request.session["location"] = EVERYWHERE
        return everywhere
    if len(wanted) < 2:
        return [place_in(request, everywhere, is_kept=is_kept)]
    ids = {uuid_in(text) for text in wanted}
    found = [each for each in everywhere if each.pk in ids]
    if len(found) != len(ids):
        raise Http404
    return found


def _weeks(places: list[Location]) -> list[tuple[uuid.UUID, str, str]]:
    """Therapists and rooms of the places. 1 query."""
    people = User.objects.therapists().filter(locations__in=places).order_by().distinct()
    rooms = Room.objects.active().filter(location__in=places).order_by()
    rows = people.values_list("pk", "name", Value("therapist")).union(rooms.values_list("pk", "name", Value("room")))
    return sorted(rows, key=lambda row: (row[2] == "room", row[1]))


def _whose(request: StaffRequest, weeks: list[tuple[uuid.UUID, str, str]]) -> tuple[uuid.UUID, str, str] | None:
    """Whom or what the week is of: asked for, or oneself, or the first."""
    text = next(filter(None, (request.GET.get(name, "") for name in ("of", "therapist", "room"))), "")
    if text:
        wanted = uuid_in(text)
        found = next((each for each in weeks if each[0] == wanted), None)
        if found is None:
            raise Http404
        return found
    return next((each for each in weeks if each[0] == request.user.pk), weeks[0])


def _only(request: StaffRequest) -> Only:
    given = request.GET
    return Only(
        therapists=frozenset(uuid_in(text) for text in given.getlist("therapist") if text),
        services=frozenset(uuid_in(text) for text in given.getlist("service") if text),
        statuses=frozenset(text for text in given.getlist("status") if text in STATUSES),
    )
