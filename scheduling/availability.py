"""Free times, computed from hours, time off, bookings and rooms: four queries, however many therapists."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from clinic.people.models import Client, Location, Room, User
from scheduling.models import Appointment, Service, TimeOff, WorkingHours
from scheduling.rules import slots
from scheduling.rules.walltime import Span, subtract, weekly_spans

HORIZON = dt.timedelta(days=60)
DAYS_AT_ONCE = dt.timedelta(days=6)


@dataclass(frozen=True, slots=True)
class Slot:
    """A time at which a service can be booked as it stands."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    therapist: User
    room: Room
    location: Location


@dataclass(slots=True)
class Day:
    """Free times of one date at their locations."""

    date: dt.date
    slots: list[Slot] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for. Without therapist or location: anyone, anywhere `user` may see (None: anywhere)."""

    service: Service
    since: dt.datetime
    user: User | None = None
    until: dt.datetime | None = None
    therapist: User | None = None
    location: Location | None = None
    client: Client | None = None
    moving: Appointment | None = None

    @property
    def end(self) -> dt.datetime:
        return self.until or self.since + HORIZON

    @property
    def first_day(self) -> dt.date:
        """A date early enough for every zone, as `last_day` is late enough."""
        return self.since.date() - dt.timedelta(days=1)

    @property
    def last_day(self) -> dt.date:
        return self.end.date() + dt.timedelta(days=1)

    @property
    def length(self) -> dt.timedelta:
        return dt.timedelta(minutes=self.service.duration_minutes)

    @property
    def occupied(self) -> dt.timedelta:
        return dt.timedelta(minutes=self.service.duration_minutes + self.service.buffer_minutes)


def find(search: Search, *, days: int = 5, per_day: int = 12) -> list[Day]:
    """The first `days` dates that have free times. With anyone asked for, each time names one therapist. 4 queries."""
    found: dict[dt.date, Day] = {}
    seen: set[tuple[uuid.UUID, dt.datetime]] = set()
    for slot in _slots(search):
        date = slot.starts_at.astimezone(slot.location.zone).date()
        if date not in found:
            if len(found) >= days:
                break
            found[date] = Day(date)
        if len(found[date].slots) < per_day and (slot.location.pk, slot.starts_at) not in seen:
            seen.add((slot.location.pk, slot.starts_at))
            found[date].slots.append(slot)
    return list(found.values())


def nearest(search: Search, *, to: dt.datetime, limit: int = 3) -> list[Slot]:
    """The free times closest to an instant, within a week around it. 4 queries."""
    near = list(_slots(search))
    near.sort(key=lambda slot: (abs(slot.starts_at - to), slot.starts_at))
    return sorted(near[:limit], key=lambda slot: slot.starts_at)


def _slots(search: Search) -> Iterator[Slot]:
    """Every free time in order; among therapists free at once, the one whose day it packs comes first."""
    hours = _hours(search)
    if not hours:
        return
    off = _time_off(search, hours)
    taken = _Taken(search, {pattern.therapist_id for pattern in hours}, _rooms(search))
    by_day: dict[dt.date, list[Slot]] = {}  # a day without a free time stands here too, empty
    for span, therapist, location in _openings(search, hours, off):
        date = span[0].astimezone(location.zone).date()
        for earlier in sorted(day for day in by_day if day < date - dt.timedelta(days=1)):
            yield from taken.ranked(by_day.pop(earlier))
        by_day.setdefault(date, [])
        for start in slots.starts([span], search.length):
            room = taken.room_for(therapist, location, start)
            if start >= search.since and room:
                by_day[date].append(Slot(start, start + search.length, therapist, room, location))
    for day in sorted(by_day):
        yield from taken.ranked(by_day[day])


def _hours(search: Search) -> list[WorkingHours]:
    """The hours of those who offer the service, where it is looked for. 1 query."""
    hours = WorkingHours.objects.valid_between(search.first_day, search.last_day)
    hours = hours.filter(therapist__services=search.service)
    if search.user:
        hours = hours.visible_to(search.user)
    if search.therapist:
        hours = hours.filter(therapist=search.therapist)
    if search.location:
        hours = hours.filter(location=search.location)
    return list(hours)


def _time_off(search: Search, hours: list[WorkingHours]) -> dict[uuid.UUID, list[Span]]:
    """When they are away nevertheless. 1 query."""
    off: dict[uuid.UUID, list[Span]] = defaultdict(list)
    absent = TimeOff.objects.overlapping(search.since, search.end)
    absent = absent.filter(therapist__in={pattern.therapist_id for pattern in hours})
    for therapist_id, during in absent.values_list("therapist_id", "during"):
        off[therapist_id].append((during.lower, during.upper))
    return off


def _openings(
    search: Search, hours: list[WorkingHours], off: dict[uuid.UUID, list[Span]]
) -> Iterator[tuple[Span, User, Location]]:
    """When and where somebody works, in order; some days at a time, for mostly the first few are enough."""
    outside = _outside(search)
    first = search.first_day
    while first <= search.last_day:
        last = min(first + DAYS_AT_ONCE, search.last_day)
        openings = [
            (rest, pattern.therapist, pattern.location)
            for pattern in hours
            for span in weekly_spans(pattern, pattern.location.zone, first, last)
            for rest in subtract([span], [*off[pattern.therapist_id], *outside])
        ]
        yield from sorted(openings, key=lambda opening: (opening[0][0], opening[1].name))
        first = last + dt.timedelta(days=1)


def _outside(search: Search) -> list[Span]:
    far = dt.timedelta(days=3)
    return [(search.since - far, search.since), (search.end, search.end + far)]


def _rooms(search: Search) -> list[Room]:
    """Active rooms with what the service needs. 1 query."""
    rooms = Room.objects.active().select_related("location")
    if search.location:
        rooms = rooms.filter(location=search.location)
    return [room for room in rooms if fits(room, search.service)]


def fits(room: Room, service: Service) -> bool:
    """Whether a room has the equipment a service needs."""
    return set(service.room_equipment) <= set(room.equipment)


class _Taken:
    """Who and what is taken in the searched span. 1 query."""

    def __init__(self, search: Search, therapist_ids: set[uuid.UUID], rooms: Iterable[Room]) -> None:
        self.search = search
        self.rooms: dict[uuid.UUID, list[Room]] = defaultdict(list)
        for room in rooms:
            self.rooms[room.location_id].append(room)
        spans: dict[Any, list[Span]] = defaultdict(list)
        self.usual: dict[tuple[uuid.UUID, dt.date], uuid.UUID] = {}
        for therapist_id, room_id, client_id, during, occupies in self._rows(therapist_ids):
            spans[therapist_id].append((occupies.lower, occupies.upper))
            spans[room_id].append((occupies.lower, occupies.upper))
            if search.client and client_id == search.client.pk:
                spans["client"].append((during.lower, during.upper))
            self.usual[therapist_id, during.lower.date()] = room_id
        self.busy: dict[Any, slots.Busy] = {key: slots.Busy(each) for key, each in spans.items()}
        self.nothing = slots.Busy([])

    def _rows(self, therapist_ids: set[uuid.UUID]) -> Iterable[Any]:
        search = self.search
        rooms = [room.pk for each in self.rooms.values() for room in each]
        whose = Q(therapist__in=therapist_ids) | Q(room__in=rooms)
        if search.client:
            whose |= Q(client=search.client)
        rows = Appointment.objects.occupying(search.since, search.end + search.occupied).filter(whose)
        if search.moving:
            rows = rows.exclude(pk=search.moving.pk)
        return rows.order_by().values_list("therapist_id", "room_id", "client_id", "during", "occupies")

    def of(self, key: Any) -> slots.Busy:
        return self.busy.get(key, self.nothing)

    def room_for(self, therapist: User, location: Location, start: dt.datetime) -> Room | None:
        """A free room, the therapist's own of that day if it can be; None when therapist, client or rooms are taken."""
        end = start + self.search.occupied
        if not self.of(therapist.pk).is_free(start, end):
            return None
        if not self.of("client").is_free(start, start + self.search.length):
            return None
        free = [room for room in self.rooms[location.pk] if self.of(room.pk).is_free(start, end)]
        usual = self.usual.get((therapist.pk, start.date()))
        return next((room for room in free if room.pk == usual), free[0] if free else None)

    def ranked(self, found: list[Slot]) -> list[Slot]:
        """By time; at one time, whoever has a booking that touches it first, so that no gap is left behind."""
        return sorted(
            found,
            key=lambda slot: (
                slot.starts_at,
                not self.of(slot.therapist.pk).touches(slot.starts_at, slot.starts_at + self.search.occupied),
                slot.therapist.name,
            ),
        )
