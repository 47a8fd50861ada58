"""What stands in the way of the visits of a series: hours, absences, bookings, holds, closures and limits."""

import datetime as dt
import functools
import operator
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from clinic.core import clock
from clinic.core.errors import Refused
from clinic.people.models import Client, Location, Room, User
from scheduling.availability import openings
from scheduling.models import (
    Appointment,
    BookingRules,
    DailyLimit,
    OutsideBusy,
    RoomClosure,
    Service,
    SlotHold,
    TimeOff,
)
from scheduling.rules.series import Moment
from scheduling.rules.slots import aligned, busy, in_seconds
from scheduling.rules.walltime import Span, offsets, subtract
from scheduling.services import checks, clashes

FREE = "free"
WEEK = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Setting:
    """Who, what and where, the same for every visit of a series."""

    client: Client
    service: Service
    therapist: User
    location: Location
    rooms: tuple[Room, ...]  # those that will do, the one most wanted first
    minutes: int
    by: User | None

    @property
    def length(self) -> dt.timedelta:
        return dt.timedelta(minutes=self.minutes)

    @property
    def occupied(self) -> dt.timedelta:
        return self.length + dt.timedelta(minutes=self.service.buffer_minutes)

    def wish(self, room: Room, starts_at: dt.datetime, moving: Appointment | None = None) -> clashes.Wish:
        return clashes.Wish(self.client, self.service, self.therapist, room, starts_at, self.by, moving, self.minutes)


@dataclass(slots=True)
class Visit:
    """One date of a series: when it would be, and what is in the way."""

    moment: Moment
    starts_at: dt.datetime | None
    appointment: Appointment | None = None  # that is there already, when a series changes
    is_skipped: bool = False
    is_shifted: bool = False
    state: str = FREE
    message: str = ""
    room: Room | None = None
    against: list[uuid.UUID] = field(default_factory=list)  # the appointments it clashes with
    alternatives: list[dt.datetime] = field(default_factory=list)

    @property
    def is_in_question(self) -> bool:
        return self.state != FREE and not self.is_skipped


class _Taken(NamedTuple):
    pk: uuid.UUID
    therapist: uuid.UUID
    room: uuid.UUID
    client: uuid.UUID | None
    during: Span
    occupies: Span


class Grounds:
    """Hours, absences, bookings, holds and closures around some spans."""

    def __init__(self, setting: Setting, moving: Collection[uuid.UUID], days: tuple[dt.date, dt.date]) -> None:
        self.setting = setting
        self.moving = moving
        self.rules = BookingRules.current()
        self.table = openings.read(
            Q(therapist=setting.therapist), first_day=days[0], last_day=days[1], places=[setting.location.pk]
        )
        self.limits = _Limits(setting, moving, days)
        self.mine: list[Span] = []

    def read(self, spans: list[Span]) -> None:
        """What meets the spans. 5 queries."""
        setting = self.setting
        whose = Q(therapist=setting.therapist) | Q(room__in=setting.rooms)
        met, occupied = _meets("during", spans), _meets("occupies", spans)
        booked = Appointment.objects.active().filter((whose & occupied) | Q(Q(client=setting.client) & met))
        self.booked = [_taken(row) for row in booked.exclude(pk__in=self.moving).order_by().values_list(*_COLUMNS)]
        held = SlotHold.objects.live(clock.now()).filter(whose & occupied)
        self.held = [_taken(row) for row in held.order_by().values_list(*_COLUMNS)]
        self.off = _spans(TimeOff.objects.filter(met, therapist=setting.therapist))
        self.outside = _spans(OutsideBusy.objects.filter(met, therapist=setting.therapist))
        self.closed: dict[uuid.UUID, list[Span]] = defaultdict(list)
        for room, during in RoomClosure.objects.filter(met, room__in=setting.rooms).values_list("room", "during"):
            self.closed[room].append((during.lower, during.upper))

    def take(self, spans: Iterable[Span]) -> None:
        """Times that other visits of the same series will have."""
        self.mine = list(spans)

    def verdict(self, visit: Visit) -> tuple[str, str, Room | None]:
        """State, what to say about it, and the room it would be in."""
        if visit.starts_at is None:
            return *_no_time(visit), None
        setting, start = self.setting, visit.starts_at
        span = (start, start + setting.length)
        try:
            checks.check_when(start, setting.location)
            checks.check_hours(self.table, setting.therapist, setting.location, span)
            is_off, is_busy = (any(_overlap(span, each) for each in away) for away in (self.off, self.outside))
            checks.check_presence(setting.therapist, is_off=is_off, is_busy=is_busy)
            self.limits.check(visit)
        except Refused as refusal:
            return refusal.code, refusal.message, None
        return self._room_for(visit, start)

    def explain(self, visits: Iterable[Visit]) -> None:
        """Put into words what each visit clashes with. 1 query."""
        visits = [each for each in visits if each.against]
        rows = Appointment.objects.with_people().in_bulk([pk for each in visits for pk in each.against])
        for visit in visits:
            if visit.starts_at is None:
                continue
            wish = self.setting.wish(self.setting.rooms[0], visit.starts_at, moving=visit.appointment)
            there = sorted((rows[pk] for pk in visit.against), key=lambda row: row.starts_at)
            visit.message = " ".join(clashes.sentence(wish, row) for row in there[:2])

    def free(self, week: Span) -> Iterator[dt.datetime]:
        """Free starting times in a week, on the practice's step."""
        setting, away = self.setting, [*self.off, *self.outside]
        therapist = busy([*self._times("therapist", setting.therapist.pk), *self.mine])
        client = busy([*(each.during for each in self.booked if each.client == setting.client.pk), *self.mine])
        rooms = [busy([*self._times("room", room.pk), *self.closed[room.pk]]) for room in setting.rooms]
        length, occupied = (int(each.total_seconds()) for each in (setting.length, setting.occupied))
        step = self.rules.slot_step_minutes * 60
        for begin, end in in_seconds(subtract(self._hours(week), away)):
            clock_parts = offsets(begin, end, setting.location.zone)
            for at in aligned(begin, end - length, step, clock_parts):
                is_free = therapist.is_free(at, at + occupied) and client.is_free(at, at + length)
                if is_free and any(room.is_free(at, at + occupied) for room in rooms):
                    yield dt.datetime.fromtimestamp(at, dt.UTC)

    def _hours(self, week: Span) -> list[Span]:
        zone, key = self.setting.location.zone, (self.setting.therapist.pk, self.setting.location.pk)
        first, last = (instant.astimezone(zone).date() for instant in week)
        days = (first + dt.timedelta(days=each) for each in range((last - first).days + 1))
        within = [(week[0] - WEEK, week[0]), (week[1], week[1] + WEEK)]
        return subtract([span for day in days for span in self.table.on(day).get(key, [])], within)

    def _times(self, who: str, pk: uuid.UUID) -> Iterator[Span]:
        return (each.occupies for each in [*self.booked, *self.held] if getattr(each, who) == pk)

    def _against(self, visit: Visit, found: list[_Taken]) -> tuple[str, str, Room | None]:
        visit.against = [each.pk for each in found]
        return "clash", "", None

    def _room_for(self, visit: Visit, start: dt.datetime) -> tuple[str, str, Room | None]:
        setting, during = self.setting, (start, start + self.setting.length)
        occupies = (start, start + setting.occupied)
        booked = [each for each in self.booked if _clashes(each, setting, during, occupies)]
        held = [each for each in self.held if _overlap(each.occupies, occupies)]
        people = [each for each in booked if setting.therapist.pk == each.therapist or setting.client.pk == each.client]
        if people:
            return self._against(visit, people)
        if any(each.therapist == setting.therapist.pk for each in held):
            return "held", _("That time is kept for somebody else for a few minutes."), None
        used = {each.room for each in [*booked, *held]}
        used |= {room for room, spans in self.closed.items() if any(_overlap(span, occupies) for span in spans)}
        room = next((each for each in setting.rooms if each.pk not in used), None)
        if room:
            return FREE, "", room
        if booked and len(setting.rooms) == 1:
            return self._against(visit, booked)
        if booked:
            return "clash", _("No room is free then."), None
        return "room-closed", _("No room is free then."), None


class _Limits:
    """How many visits a day the therapist takes. 1 query, and another where there is a limit."""

    def __init__(self, setting: Setting, moving: Collection[uuid.UUID], days: tuple[dt.date, dt.date]) -> None:
        self.setting = setting
        ours = DailyLimit.objects.filter(therapist=setting.therapist)
        self.limits = list(ours.filter(Q(service=None) | Q(service=setting.service)))
        self.counts: dict[tuple[dt.date, uuid.UUID | None], int] = defaultdict(int)
        if not self.limits:
            return
        zone = setting.location.zone
        bounds = clock.day_bounds(days[0], zone)[0], clock.day_bounds(days[1], zone)[1]
        booked = Appointment.objects.active().overlapping(*bounds).filter(therapist=setting.therapist)
        for during, service in booked.exclude(pk__in=moving).values_list("during", "service"):
            day = during.lower.astimezone(zone).date()
            self.counts[day, None] += 1
            self.counts[day, service] += 1

    def check(self, visit: Visit) -> None:
        """Raises Refused when the day is full."""
        if visit.starts_at is None:
            return
        day = visit.starts_at.astimezone(self.setting.location.zone).date()
        for limit in self.limits:
            if self.counts[day, limit.service_id] >= limit.visits:
                raise Refused(
                    _("%(therapist)s has all the visits of that day.") % {"therapist": self.setting.therapist},
                    code="daily-limit",
                )


_COLUMNS = ("pk", "therapist", "room", "client", "during", "occupies")


def _taken(row: tuple[Any, ...]) -> _Taken:
    pk, therapist, room, client, during, occupies = row
    return _Taken(pk, therapist, room, client, (during.lower, during.upper), (occupies.lower, occupies.upper))


def _meets(column: str, spans: list[Span]) -> Q:
    """A condition that holds for none when there are no spans."""
    conditions = [Q(**{f"{column}__overlap": DateTimeTZRange(*span)}) for span in spans]
    return functools.reduce(operator.or_, conditions, Q(pk__in=[]))


def _spans(rows: QuerySet[Any]) -> list[Span]:
    return [(during.lower, during.upper) for during in rows.values_list("during", flat=True)]


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _clashes(taken: _Taken, setting: Setting, during: Span, occupies: Span) -> bool:
    if taken.client == setting.client.pk and _overlap(taken.during, during):
        return True
    ours = taken.therapist == setting.therapist.pk or taken.room in {room.pk for room in setting.rooms}
    return ours and _overlap(taken.occupies, occupies)


def _no_time(visit: Visit) -> tuple[str, str]:
    time = f"{visit.moment.local:%H:%M}"
    if visit.moment.choices:
        return "twice", _("%(time)s comes twice on that day: the clocks go back.") % {"time": time}
    return "no-such-time", _("%(time)s does not exist on that day: the clocks go forward.") % {"time": time}
