"""The day calendar as it is drawn: columns of cards, rests and gaps. Four queries, however many cards."""

import datetime as dt
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.core import clock
from clinic.people.models import Location, Room, User
from scheduling.cards import Card, card_of
from scheduling.models import Appointment, TimeOff
from scheduling.openings import openings
from scheduling.rules import grid
from scheduling.rules.grid import Stretch
from scheduling.rules.status import INACTIVE


@dataclass(slots=True)
class Block:
    """Lunch, time off, or not at work."""

    start: int
    end: int
    kind: str
    label: str


@dataclass(slots=True)
class Gap:
    """Free time that can be booked with one tap."""

    start: int
    end: int
    minutes: int
    is_next: bool
    therapist: User
    date: dt.date
    is_labelled: bool = True

    @property
    def label(self) -> str:
        """How long, in minutes up to an hour and a half, in hours beyond."""
        if self.minutes <= 90:
            return ngettext("%(number)s min free", "%(number)s min free", self.minutes) % {"number": self.minutes}
        hours = f"{self.minutes / 60:.2f}".rstrip("0").rstrip(".")
        return _("%(number)s h free") % {"number": hours}


@dataclass(slots=True)
class Column:
    """One therapist, room or day."""

    key: str
    title: str
    detail: str
    initials: str = ""
    is_today: bool = False
    cards: list[Card] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)


@dataclass(slots=True)
class DayCalendar:
    location: Location
    first_day: dt.date
    last_day: dt.date
    mode: str
    columns: list[Column]
    opens: int
    closes: int
    now: int | None
    shown: dt.date
    therapist: User | None = None

    @property
    def hours(self) -> range:
        return range(self.opens // 60, self.closes // 60)

    @property
    def cards(self) -> list[Card]:
        return sorted((card for column in self.columns for card in column.cards), key=lambda card: card.sort_key)

    @property
    def zone_name(self) -> str:
        return dt.datetime.combine(self.first_day, dt.time(12), tzinfo=self.location.zone).strftime("%Z")


@dataclass(slots=True)
class _Facts:
    """What the database knows of the shown days at one location."""

    location: Location
    days: list[dt.date]
    now: dt.datetime
    therapists: dict[uuid.UUID, User] = field(default_factory=dict)
    work: dict[tuple[uuid.UUID, dt.date], list[Stretch]] = field(default_factory=lambda: defaultdict(list))
    off: dict[tuple[uuid.UUID, dt.date], list[tuple[int, int, str]]] = field(default_factory=lambda: defaultdict(list))
    appointments: list[Appointment] = field(default_factory=list)

    @property
    def zone(self) -> ZoneInfo:
        return self.location.zone

    def not_before(self, day: dt.date) -> int:
        """From which minute on a gap of `day` can still be booked."""
        local = self.now.astimezone(self.zone)
        if day < local.date():
            return grid.DAY
        return local.hour * 60 + local.minute if day == local.date() else 0


def day_calendar(*, location: Location, day: dt.date, mode: str, therapist: User | None = None) -> DayCalendar:
    """One day by therapists or rooms, or the week of one therapist. 3 queries; by rooms 4."""
    days = _week_of(day) if mode == "week" else [day]
    facts = _gather(location, days, therapist if mode == "week" else None)
    if mode == "rooms":
        columns = _room_columns(facts)
    elif mode == "week" and therapist:
        columns = [_day_column(facts, therapist, each) for each in days if each.weekday() < 5 or _has(facts, each)]
    else:
        columns = _therapist_columns(facts)
    stretches = [(card.start, card.end) for column in columns for card in column.cards]
    stretches += [each for spans in facts.work.values() for each in spans]
    opens, closes = grid.frame(_minute(location.opens_at), _minute(location.closes_at), stretches)
    _rest_all(facts, columns, opens, closes)
    local = facts.now.astimezone(facts.zone)
    now = local.hour * 60 + local.minute if local.date() in days else None
    is_drawn = now is not None and opens <= now < closes
    line = now if is_drawn else None
    return DayCalendar(location, days[0], days[-1], mode, columns, opens, closes, line, day, therapist)


def _gather(location: Location, days: list[dt.date], therapist: User | None) -> _Facts:
    facts = _Facts(location, days, clock.now())
    start, end = clock.day_bounds(days[0], facts.zone)[0], clock.day_bounds(days[-1], facts.zone)[1]
    booked = Appointment.objects.for_calendar().filter(location=location).overlapping(start, end)
    if therapist:
        booked = booked.filter(therapist=therapist)
        facts.therapists[therapist.pk] = therapist
    whose = [therapist] if therapist else None
    for each in openings(therapists=whose, location=location, first_day=days[0], last_day=days[-1]):
        begin = each.span[0].astimezone(facts.zone)
        facts.therapists.setdefault(each.therapist.pk, each.therapist)
        facts.work[each.therapist.pk, begin.date()].append(_stretch(*each.span, begin.date(), facts.zone))
    facts.appointments = list(booked)
    for appointment in facts.appointments:
        appointment.location = location
        facts.therapists.setdefault(appointment.therapist_id, appointment.therapist)
    for absence in TimeOff.objects.overlapping(start, end).filter(therapist__in=facts.therapists):
        for day in days:
            minutes = _stretch(absence.during.lower, absence.during.upper, day, facts.zone)
            if minutes[0] < minutes[1]:
                facts.off[absence.therapist_id, day].append((*minutes, absence.reason))
    return facts


def _therapist_columns(facts: _Facts) -> list[Column]:
    day = facts.days[0]
    columns = []
    for therapist in sorted(facts.therapists.values(), key=lambda each: each.name):
        mine = [each for each in facts.appointments if each.therapist_id == therapist.pk]
        usual = Counter(each.room.name for each in mine if each.is_active).most_common(1)
        column = Column(str(therapist.pk), therapist.name, usual[0][0] if usual else "", therapist.initials)
        _fill(facts, column, mine, day, column.detail)
        _gaps(facts, column, therapist, day)
        columns.append(column)
    _mark_next(columns)
    return columns


def _room_columns(facts: _Facts) -> list[Column]:
    columns = []
    for room in Room.objects.filter(location=facts.location, is_active=True).order_by("name"):
        column = Column(str(room.pk), room.name, ", ".join(room.equipment))
        _fill(facts, column, [each for each in facts.appointments if each.room_id == room.pk], facts.days[0], room.name)
        columns.append(column)
    return columns


def _day_column(facts: _Facts, therapist: User, day: dt.date) -> Column:
    title = date_format(day, _("D j M"))
    column = Column(day.isoformat(), title, "", is_today=day == facts.now.astimezone(facts.zone).date())
    mine = [each for each in facts.appointments if each.starts_at.astimezone(facts.zone).date() == day]
    _fill(facts, column, mine, day)
    _gaps(facts, column, therapist, day)
    column.detail = _("%(count)s booked") % {"count": len([card for card in column.cards if card.is_active])}
    return column


def _fill(facts: _Facts, column: Column, appointments: list[Appointment], day: dt.date, usual_room: str = "") -> None:
    """Cards with their lanes. A cancelled one shows only while nobody has its time."""
    taken = [(each.starts_at, each.ends_at) for each in appointments if each.status not in INACTIVE]
    shown = [
        each
        for each in appointments
        if each.status not in INACTIVE or not any(start < each.ends_at and each.starts_at < end for start, end in taken)
    ]
    stretches = [_stretch(each.starts_at, each.ends_at, day, facts.zone) for each in shown]
    for appointment, stretch, lane in zip(shown, stretches, grid.lanes(stretches), strict=True):
        column.cards.append(card_of(appointment, stretch, lane, now=facts.now, usual_room=usual_room))


def _gaps(facts: _Facts, column: Column, therapist: User, day: dt.date) -> None:
    taken = [(card.start, card.end_with_buffer) for card in column.cards if card.holds_time]
    taken += [(start, end) for start, end, _reason in facts.off[therapist.pk, day]]
    for gap in grid.gaps(facts.work[therapist.pk, day], taken, not_before=facts.not_before(day)):
        for index, (start, end) in enumerate(grid.in_hours(gap)):
            column.gaps.append(Gap(start, end, gap[1] - start, False, therapist, day, is_labelled=index == 0))


def _mark_next(columns: Iterable[Column]) -> None:
    """The first half hour that could still be sold comes forward."""
    worth = [gap for column in columns for gap in column.gaps if gap.is_labelled and gap.end - gap.start >= 30]
    if worth:
        min(worth, key=lambda gap: gap.start).is_next = True


def _rest_all(facts: _Facts, columns: list[Column], opens: int, closes: int) -> None:
    if len(columns) and not columns[0].initials and len(facts.days) == 1:
        return  # rooms do not rest
    for column in columns:
        therapist_id, day = _whose(facts, column)
        for start, end, reason in facts.off[therapist_id, day]:
            low, high = max(start, opens), min(end, closes)
            if low < high:
                column.blocks.append(Block(low, high, "off", reason or _("Time off")))
        off = [(block.start, block.end) for block in column.blocks]
        for rest in grid.rests(facts.work[therapist_id, day], opens, closes):
            if not any(start < rest.end and rest.start < end for start, end in off):
                column.blocks.append(_block(rest))
        if not facts.work[therapist_id, day] and not column.blocks and not column.cards:
            column.blocks.append(Block(opens, closes, "off", _("Not working")))


def _whose(facts: _Facts, column: Column) -> tuple[uuid.UUID, dt.date]:
    if len(facts.days) == 1:
        return uuid.UUID(column.key), facts.days[0]
    return next(iter(facts.therapists)), dt.date.fromisoformat(column.key)


def _block(rest: grid.Rest) -> Block:
    words = {
        "lunch": _("Lunch"),
        "before": _("From %(time)s") % {"time": _clock(rest.end)},
        "after": _("Until %(time)s") % {"time": _clock(rest.start)},
        "between": _("Not working"),
    }
    return Block(rest.start, rest.end, "lunch" if rest.kind == "lunch" else "off", words[rest.kind])


def _has(facts: _Facts, day: dt.date) -> bool:
    return any(facts.work[therapist_id, day] for therapist_id in facts.therapists) or any(
        each.starts_at.astimezone(facts.zone).date() == day for each in facts.appointments
    )


def _week_of(day: dt.date) -> list[dt.date]:
    monday = day - dt.timedelta(days=day.weekday())
    return [monday + dt.timedelta(days=index) for index in range(7)]


def _stretch(start: dt.datetime, end: dt.datetime, day: dt.date, zone: ZoneInfo) -> Stretch:
    """Wall-clock minutes of a span on `day`, cut at its midnights."""
    return _on_day(start, day, zone), _on_day(end, day, zone)


def _on_day(instant: dt.datetime, day: dt.date, zone: ZoneInfo) -> int:
    local = instant.astimezone(zone)
    if local.date() != day:
        return 0 if local.date() < day else grid.DAY
    return local.hour * 60 + local.minute


def _minute(time: dt.time) -> int:
    return time.hour * 60 + time.minute


def _clock(minute: int) -> str:
    return time_format(dt.time(minute // 60 % 24, minute % 60), "H:i")
