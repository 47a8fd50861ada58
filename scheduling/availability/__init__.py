"""Free times, computed from hours, time off, bookings, holds and rooms: two queries, however many therapists."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import islice

from django.utils.translation import gettext as _

from clinic.core import clock
from clinic.people.models import Location, Room, User
from scheduling.availability.free import Start
from scheduling.availability.search import FARTHEST, HORIZON, Ground, Search, fits, ground_of

__all__ = ["FARTHEST", "HORIZON", "Day", "Search", "Slot", "find", "fits", "is_free", "month", "nearest", "soonest"]

EPOCH = dt.date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Slot:
    """A time at which a service can be booked as it stands, and what speaks for it, if anything does."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    therapist: User
    room: Room
    location: Location
    reason: str = ""


@dataclass(slots=True)
class Day:
    """Free times of one date at their locations."""

    date: dt.date
    slots: list[Slot] = field(default_factory=list)


def find(search: Search, *, days: int = 5, per_day: int = 12) -> list[Day]:
    """The first `days` dates that have free times. With anyone asked for, each time names one therapist. 2 queries.

    Of a date with more than `per_day`, those that leave no rest too short to be sold go first.
    """
    ground = ground_of(search)
    if ground is None:
        return []
    found: dict[int, list[Start]] = {}
    closed_at = 0
    for start in ground.walk.starts():
        if closed_at and start.at >= closed_at:
            break
        if start.date not in found and len(found) == days and not closed_at:
            closed_at = _end_of(max(found), ground)
        found.setdefault(start.date, []).append(start)
    slot = _slots(search, ground)
    shown = [(date, _best(found[date], per_day)) for date in sorted(found)[:days]]
    return [Day(EPOCH + dt.timedelta(days=date), [slot(each) for each in starts]) for date, starts in shown]


def soonest(search: Search, *, limit: int = 5) -> list[Slot]:
    """The next free times in order. 2 queries, a few more where the next days are full."""
    ground = ground_of(search)
    if ground is None:
        return []
    return [_slots(search, ground)(start) for start in islice(ground.walk.starts(), limit)]


def nearest(search: Search, *, to: dt.datetime, limit: int = 3) -> list[Slot]:
    """The free times closest to an instant. 2 queries."""
    ground = ground_of(search)
    if ground is None:
        return []
    goal = to.timestamp()
    near = sorted(ground.walk.starts(), key=lambda start: (abs(start.at - goal), start.at))[:limit]
    return [_slots(search, ground)(start) for start in sorted(near)]


def month(search: Search, *, first_day: dt.date) -> dict[dt.date, int]:
    """How many free times each date of the month from `first_day` on has, by the date where they are. 2 queries."""
    after = (first_day.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
    begin, end = (dt.datetime.combine(day, dt.time.min, tzinfo=dt.UTC) for day in (first_day, after))
    zones_apart = dt.timedelta(days=1)
    until = min(filter(None, [search.until, end + zones_apart]))
    ground = ground_of(replace(search, since=max(search.since, begin - zones_apart), until=until))
    if ground is None:
        return {}
    counted = Counter(EPOCH + dt.timedelta(days=start.date) for start in ground.walk.starts())
    return {date: counted[date] for date in sorted(counted) if first_day <= date < after}


def is_free(search: Search, starts_at: dt.datetime, therapist: User, room: Room) -> bool:
    """Whether a visit can be booked at just that minute, with that therapist in that room. 2 queries."""
    narrow = replace(
        search, since=starts_at, until=starts_at + search.length, therapist=therapist, therapists=(), room=room,
        location=None, locations=(),
    )  # fmt: skip
    ground = ground_of(narrow, step_minutes=1)
    return ground is not None and any(start.at == starts_at.timestamp() for start in ground.walk.starts())


def _end_of(date: int, ground: Ground) -> int:
    """When a date is over at every location."""
    day = EPOCH + dt.timedelta(days=date)
    zones = {place.zone for place in ground.table.locations.values()}
    return max(int(clock.day_bounds(day, zone)[1].timestamp()) for zone in zones)


def _best(starts: list[Start], most: int) -> list[Start]:
    kept = sorted(starts, key=lambda start: (start.waste[0], start.at))[:most]
    return sorted(kept)


def _slots(search: Search, ground: Ground) -> Callable[[Start], Slot]:
    """Gives starts their names."""
    people = search.people | ground.table.people

    def slot(start: Start) -> Slot:
        location, room = ground.table.locations[start.location_id], ground.rooms[start.room_id]
        room.location = location
        begin = dt.datetime.fromtimestamp(start.at, dt.UTC)
        person = people[start.therapist_id]
        return Slot(begin, begin + search.length, person, room, location, _reason(start))

    return slot


def _reason(start: Start) -> str:
    touching = -start.waste[1]
    if touching == 2:
        return _("fills a gap")
    return _("next to another visit") if touching else ""
