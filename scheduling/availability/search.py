"""What can be looked for among free times, and what must be known before the first is found."""

import datetime as dt
import math
import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import Case, CharField, F, Func, Q, SmallIntegerField, Value, When

from clinic.core import clock
from clinic.people.models import Client, Location, Room, User
from scheduling.availability import limits, openings
from scheduling.availability.free import Walk
from scheduling.availability.limits import Limit
from scheduling.availability.openings import Timetable
from scheduling.availability.taken import NOBODY, Question
from scheduling.models import Appointment, BookingRules, DailyLimit, Service, SlotHold

HORIZON = dt.timedelta(days=60)
FARTHEST = dt.timedelta(days=2 * 366)
MINUTE = 60


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for. Without therapist or location: anyone, anywhere `user` may see (None: anywhere).

    `hold` is one's own and does not block; `is_online` binds notice and horizon.
    """

    service: Service
    since: dt.datetime
    user: User | None = None
    until: dt.datetime | None = None
    therapist: User | None = None
    location: Location | None = None
    client: Client | None = None
    moving: Appointment | None = None
    therapists: tuple[User, ...] = ()
    locations: tuple[Location, ...] = ()
    room: Room | None = None
    hold: SlotHold | None = None
    is_online: bool = False

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
        """A visit that is moved keeps its length; any other has its service's."""
        return dt.timedelta(minutes=(self.moving or self.service).duration_minutes)

    @property
    def occupied(self) -> dt.timedelta:
        if self.moving:
            return self.length + self.moving.buffer
        return self.length + dt.timedelta(minutes=self.service.buffer_minutes)

    @property
    def people(self) -> dict[uuid.UUID, User]:
        """The therapists asked for; none: anyone."""
        return {each.pk: each for each in (self.therapist, *self.therapists) if each}

    @property
    def places(self) -> dict[uuid.UUID, Location]:
        """The locations asked for; none: all of them."""
        room = self.room.location if self.room else None
        return {each.pk: each for each in (self.location, room, *self.locations) if each}


@dataclass(frozen=True, slots=True)
class Ground:
    """What a search stands on: the walk through its times, and the names of what it finds."""

    walk: Walk
    table: Timetable
    rooms: dict[uuid.UUID, Room]


def ground_of(search: Search, *, step_minutes: int | None = None) -> Ground | None:
    """Reads what is to be known beforehand; None where nothing can be free. 1 query, 2 for new clients only."""
    if _is_hopeless(search):
        return None
    table = openings.read(
        _whose(search),
        first_day=search.first_day,
        last_day=search.last_day,
        places=search.places or None,
        user=search.user,
        more=[_rooms(search), _limits(search), _rules()],
    )
    rules, rooms, limited = _more(table, search)
    here: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    for room in sorted(rooms.values(), key=lambda each: each.name):
        here[room.location_id].append(room.pk)
    since, until = _bounds(search, rules)
    walk = Walk(
        table=table,
        question=_question(search, table, rooms),
        rooms=here,
        since=math.ceil(since.timestamp()),
        until=math.floor((until - search.length).timestamp()),
        length=int(search.length.total_seconds()),
        occupied=int(search.occupied.total_seconds()),
        step=(step_minutes or rules.slot_step_minutes) * MINUTE,
        full_days=lambda first, last: set(
            limits.full_days(limited, first, last, service=search.service, moving=search.moving)
        ) if limited else set(),
        floors={pk: _midnight(place) for pk, place in table.locations.items()},
    )  # fmt: skip
    return Ground(walk, table, rooms)


def _question(search: Search, table: Timetable, rooms: Iterable[uuid.UUID]) -> Question:
    workers = {each.therapist_id for patterns in table.work.values() for each in patterns}
    workers |= {therapist_id for therapist_id, _day in table.dated}
    return Question(
        therapists=sorted(workers),
        rooms=list(rooms),
        now=clock.now(),
        client=search.client.pk if search.client else NOBODY,
        moving=search.moving.pk if search.moving else NOBODY,
        hold=search.hold.pk if search.hold else NOBODY,
    )


def fits(room: Room, service: Service) -> bool:
    """Whether a room has the equipment a service needs."""
    return set(service.room_equipment) <= set(room.equipment)


def _is_hopeless(search: Search) -> bool:
    """Whether the service cannot be booked at all as it is asked for."""
    service, client = search.service, search.client
    if not service.is_active or (search.is_online and not service.is_bookable_online):
        return True
    if client and (client.archived_at or client.merged_into_id):
        return True
    return bool(client and service.is_for_new_clients_only and limits.has_been_here(client, moving=search.moving))


def _whose(search: Search) -> Q:
    offers = Q(therapist__services=search.service)
    return offers & Q(therapist__in=search.people) if search.people else offers


def _bounds(search: Search, rules: BookingRules) -> tuple[dt.datetime, dt.datetime]:
    """Between which instants a visit may lie."""
    now = clock.now()
    since, until = search.since, min(search.end, now + FARTHEST)
    if not search.is_online:
        return since, until
    notice = search.service.notice_hours
    hours = rules.online_notice_hours if notice is None else notice
    latest = now + dt.timedelta(days=rules.online_horizon_days)
    return max(since, now + dt.timedelta(hours=hours)), min(until, latest + search.length)


def _midnight(location: Location) -> int:
    """Days that are over are not offered."""
    return int(clock.day_bounds(clock.today(location.zone), location.zone)[0].timestamp())


def _more(table: Timetable, search: Search) -> tuple[BookingRules, dict[uuid.UUID, Room], list[Limit]]:
    rules, rooms, limited = BookingRules(), {}, []
    for kind, key, name, location_id, place, zone, every, several in table.more:
        if kind == "room":
            rooms[key] = openings.known(Room, id=key, name=name, location_id=location_id)
            if location_id not in table.locations:
                table.locations[location_id] = openings.known(Location, id=location_id, name=place, timezone=zone)
        elif kind == "limit":
            limited.append(Limit(key, name == "service", every))
        else:
            rules.slot_step_minutes, rules.online_notice_hours, rules.online_horizon_days = several
    table.locations = search.places | table.locations
    return rules, rooms, limited


def _rooms(search: Search) -> Any:
    """Active rooms with what the service needs, as rows of the timetable."""
    rooms = Room.objects.active().filter(equipment__contains=search.service.room_equipment)
    if search.room:
        rooms = rooms.filter(pk=search.room.pk)
    if search.places:
        rooms = rooms.filter(location__in=search.places)
    lacking = openings.nothing("begin", "end", "from", "until", "every", "several")
    where = ("location_id", "location__name", "location__timezone")
    named = rooms.order_by().annotate(kind=Value("room"), **lacking)
    return named.values_list("kind", "pk", "name", *where, "begin", "end", "from", "until", "every", "several")


def _limits(search: Search) -> Any:
    limited = DailyLimit.objects.filter(Q(service=None) | Q(service=search.service))
    if search.people:
        limited = limited.filter(therapist__in=search.people)
    whole = Case(When(service=None, then=Value("all")), default=Value("service"), output_field=CharField())
    lacking = openings.nothing("location", "place", "zone", "begin", "end", "from", "until", "several")
    named = limited.order_by().annotate(kind=Value("limit"), of=whole, **lacking)
    return named.values_list(
        "kind", "therapist_id", "of", "location", "place", "zone", "begin", "end", "from", "until", "visits", "several"
    )


def _rules() -> Any:
    numbers = Func(
        *map(F, ("slot_step_minutes", "online_notice_hours", "online_horizon_days")),
        template="ARRAY[%(expressions)s]",
        output_field=ArrayField(SmallIntegerField()),
    )
    names = ("who", "name", "location", "place", "zone", "begin", "end", "from", "until", "every")
    named = BookingRules.objects.order_by().annotate(kind=Value("rules"), several=numbers, **openings.nothing(*names))
    return named.values_list("kind", *names, "several")
