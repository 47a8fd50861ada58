"""What the database knows of the days a calendar shows. Three queries, however many cards and locations."""

import datetime as dt
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import DateTimeRangeField
from django.db.models import CharField, DateTimeField, F, QuerySet, UUIDField, Value
from django.db.models.functions import Cast

from clinic.core import clock
from clinic.people.models import Location, Practice, Room, User
from scheduling.availability.openings import known, openings
from scheduling.calendar.visits import Visit, visits_between
from scheduling.models import BookingRules, Holiday, OutsideBusy, RoomClosure, SlotHold, TimeOff
from scheduling.rules import grid
from scheduling.rules.grid import Stretch


class Taken(NamedTuple):
    """Time that is taken without an appointment, cut at the midnights of a day."""

    start: int
    end: int
    kind: str  # off, busy, held, closed
    label: str
    until: dt.datetime | None


@dataclass(slots=True)
class Facts:
    """One location on the shown days."""

    location: Location
    days: list[dt.date]
    now: dt.datetime
    therapists: dict[uuid.UUID, User] = field(default_factory=dict)
    work: dict[tuple[uuid.UUID, dt.date], list[Stretch]] = field(default_factory=lambda: defaultdict(list))
    taken: dict[tuple[uuid.UUID, dt.date], list[Taken]] = field(default_factory=lambda: defaultdict(list))
    visits: list[Visit] = field(default_factory=list)
    closed: dict[dt.date, str] = field(default_factory=dict)  # the name of the holiday
    times: Counter[uuid.UUID] = field(default_factory=Counter)  # each client comes, at all the locations shown

    @property
    def zone(self) -> ZoneInfo:
        return self.location.zone

    @property
    def today(self) -> dt.date:
        return self.now.astimezone(self.zone).date()

    def not_before(self, day: dt.date) -> int:
        """From which minute on a gap of `day` can still be booked."""
        local = self.now.astimezone(self.zone)
        if day < local.date():
            return grid.DAY
        return local.hour * 60 + local.minute if day == local.date() else 0

    def line(self, opens: int, closes: int) -> int | None:
        """Where the clock stands, if it can be seen."""
        now = self.not_before(self.today)
        return now if self.today in self.days and opens <= now < closes else None


@dataclass(slots=True)
class Known:
    """The facts of each place, in their order; their stamp when they were read; how the practice steps, its name."""

    facts: list[Facts]
    stamp: str
    step_minutes: int
    practice: str


def gather(
    places: list[Location], days: list[dt.date], *, therapist: User | None = None, room: Room | None = None
) -> Known:
    """Everything about the places on these days; of one therapist or one room if it is given.

    3 queries; one more for a place that is closed.
    """
    now = clock.now()
    facts = {place.pk: Facts(place, days, now) for place in places}
    whose = [therapist] if therapist else None
    for each in openings(therapists=whose, locations=places, first_day=days[0], last_day=days[-1]):
        here = facts[each.location.pk]
        day = each.span[0].astimezone(here.zone).date()
        here.therapists.setdefault(each.therapist.pk, each.therapist)
        here.work[each.therapist.pk, day].append(minutes_of(*each.span, day, here.zone))
    booked = visits_between(bounds(places, days), places, therapist=therapist, room=room)
    times: Counter[uuid.UUID] = Counter()
    shown = {place.pk: bounds([place], days) for place in places}  # the same day begins at another instant elsewhere
    for visit in booked:
        begins, ends = shown[visit.location_id]
        if visit.ends_at > begins and visit.starts_at < ends:
            here = facts[visit.location_id]
            if visit.therapist_id not in here.therapists:
                here.therapists[visit.therapist_id] = known(User, id=visit.therapist_id, name=visit.therapist)
            here.visits.append(visit)
            times[visit.client_id] += 1
    held, told = _lay_out_taken(list(facts.values()), days, now)
    for here in facts.values():
        here.times = times
        if here.closed and not here.therapists:  # nobody works: whose columns say why?
            here.therapists = {each.pk: each for each in User.objects.therapists().filter(locations=here.location)}
    step = int(told.get("step", BookingRules().slot_step_minutes))
    return Known(list(facts.values()), _stamp_of(booked, held), step, told.get("practice", ""))


def bounds(places: list[Location], days: list[dt.date]) -> tuple[dt.datetime, dt.datetime]:
    """From the first midnight to the last one, wherever."""
    return (
        min(clock.day_bounds(days[0], place.zone)[0] for place in places),
        max(clock.day_bounds(days[-1], place.zone)[1] for place in places),
    )


def _stamp_of(booked: list[Visit], held: list[dt.datetime]) -> str:
    """What `changes.stamp` would say of these rows."""
    forms = [each.form_changed_at for each in booked if each.form_changed_at]
    changed = max((each.updated_at for each in booked), default=None)
    return stamp_text(len(booked), changed, max(forms, default=None), sorted(held))


def stamp_text(
    count: int, changed: dt.datetime | None, form_changed: dt.datetime | None, held: Iterable[dt.datetime]
) -> str:
    """How many visits, when one of them or a form was changed last, and until when times are held."""
    parts = [changed, form_changed, *held]
    return "-".join([str(count), *(f"{part.timestamp():.6f}" if part else "0" for part in parts)])


def _lay_out_taken(
    facts: list[Facts], days: list[dt.date], now: dt.datetime
) -> tuple[list[dt.datetime], dict[str, str]]:
    """Says until when times are held; what the practice is called and how many minutes it steps by."""
    places = [here.location for here in facts]
    therapists = {key for here in facts for key in here.therapists}
    held: list[dt.datetime] = []
    told: dict[str, str] = {}
    for kind, therapist, room, location, during, label, until in _also_taken(places, days, therapists, now):
        if kind in ("step", "practice"):
            told[kind] = label
            continue
        if kind == "holiday":
            next(here for here in facts if here.location.pk == location).closed[until.date()] = label
            continue
        if kind == "held":
            held.append(until)
        for here in facts:
            if location not in (None, here.location.pk):
                continue
            for day in days:
                start, end = minutes_of(during.lower, during.upper, day, here.zone)
                for key in (therapist, room):
                    if key and start < end:
                        here.taken[key, day].append(Taken(start, end, kind, label, until))
    return held, told


def _also_taken(places: list[Location], days: list[dt.date], therapists: set[uuid.UUID], now: dt.datetime) -> Any:
    """Time off, busy times elsewhere, closed rooms, live holds, closed days, the practice's step and name. 1 query."""
    span, never = bounds(places, days), Cast(Value(None), DateTimeRangeField())
    away = TimeOff.objects.overlapping(*span).filter(therapist__in=therapists)
    busy = OutsideBusy.objects.overlapping(*span).filter(therapist__in=therapists)
    held = SlotHold.objects.live(now).occupying(*span).filter(location__in=places)
    closed = RoomClosure.objects.overlapping(*span).filter(room__location__in=places)
    holidays = Holiday.objects.closed_between(days[0], days[-1]).filter(location__in=places)
    return _rows(away, "off", whose=F("therapist_id"), text=F("reason")).union(
        _rows(busy, "busy", whose=F("therapist_id")),
        _rows(closed, "closed", what=F("room_id"), place=F("room__location_id"), text=F("reason")),
        _rows(
            held, "held", whose=F("therapist_id"), what=F("room_id"), place=F("location_id"), text=F("cause"),
            until=F("expires_at"),
        ),
        _rows(
            holidays, "holiday", place=F("location_id"), text=F("name"), until=Cast("on", DateTimeField()), span=never
        ),
        _rows(BookingRules.objects.all(), "step", text=Cast("slot_step_minutes", CharField()), span=never),
        _rows(Practice.objects.all(), "practice", text=F("name"), span=never),
        all=True,
    )  # fmt: skip


def _rows(queryset: QuerySet[Any], kind: str, **known: Any) -> Any:
    unknown = {
        "span": F("during"),
        "whose": Cast(Value(None), UUIDField()),
        "what": Cast(Value(None), UUIDField()),
        "place": Cast(Value(None), UUIDField()),
        "text": Value(""),
        "until": Cast(Value(None), DateTimeField()),
    }
    named = queryset.order_by().annotate(kind=Value(kind), **(unknown | known))
    return named.values_list("kind", "whose", "what", "place", "span", "text", "until")


def minutes_of(start: dt.datetime, end: dt.datetime, day: dt.date, zone: ZoneInfo) -> Stretch:
    """Wall-clock minutes of a span on `day`, cut at its midnights."""
    return _on_day(start, day, zone), _on_day(end, day, zone)


def _on_day(instant: dt.datetime, day: dt.date, zone: ZoneInfo) -> int:
    local = instant.astimezone(zone)
    if local.date() != day:
        return 0 if local.date() < day else grid.DAY
    return local.hour * 60 + local.minute
