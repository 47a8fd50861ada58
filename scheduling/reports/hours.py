"""Hours open: when therapists work, less breaks, holidays and time off; when rooms can be used."""

import datetime as dt
import functools
import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q

from clinic.people.models import Location, Room, User
from scheduling.availability.openings import Timetable, read
from scheduling.models import RoomClosure, TimeOff
from scheduling.reports.filters import Filters, bounds
from scheduling.rules.figures import Cells, by_hour_of_week
from scheduling.rules.periods import Period
from scheduling.rules.walltime import Span, WeeklyPattern, falls_on, subtract

_DAY = dt.timedelta(days=1)
Dates = list[dt.date]


@dataclass(slots=True)
class Open:
    """By hour of the week, and in sum in the period before."""

    cells: Cells = field(default_factory=lambda: defaultdict(float))
    hours_before: float = 0.0


@dataclass(slots=True)
class OpenHours:
    people: dict[uuid.UUID, User]
    therapists: dict[uuid.UUID, Open]
    rooms: dict[Room, Open]


def open_hours(filters: Filters) -> OpenHours:
    """Of both periods. 4 queries, however many people and days."""
    now, before = filters.period, filters.period.before
    whose = Q(therapist=filters.therapist) if filters.therapist else Q()
    places = [place.pk for place in filters.places]
    table = read(whose, first_day=before.first_on, last_day=now.last_on, places=places)
    off, special = _time_off(filters), _special(table, before.first_on, now.last_on)
    found: dict[uuid.UUID, Open] = {}
    worked: dict[uuid.UUID, set[dt.date]] = defaultdict(set)  # at each place, on which days
    everyday = _days(before.first_on, now.last_on)
    for person, own in _by_therapist(table).items():
        open_ = Open()
        for days in _alike(own, everyday, special, off[person]):
            cells = _cells(own, days[0], off[person], worked, days)
            on_now = sum(day >= now.first_on for day in days)
            for cell, hours in cells.items():
                open_.cells[cell] += hours * on_now
                open_.hours_before += hours * (len(days) - on_now)
        if open_.hours_before or any(open_.cells.values()):
            found[person] = open_
    return OpenHours(table.people, found, _rooms(filters, worked))


def _by_therapist(table: Timetable) -> dict[uuid.UUID, Timetable]:
    """The timetable taken apart, so that one person's day costs as little as that."""
    own: dict[uuid.UUID, Timetable] = {}
    for person in table.people:
        own[person] = Timetable(
            people=table.people, locations=table.locations, closed=table.closed, places=table.places
        )
    for name in ("work", "breaks"):
        for weekday, patterns in getattr(table, name).items():
            for pattern in patterns:
                getattr(own[pattern.therapist_id], name)[weekday].append(pattern)
    for (person, day), rows in table.dated.items():
        own[person].dated[person, day] = rows
    return own


def _cells(own: Timetable, day: dt.date, off: list[Span], worked: dict[uuid.UUID, set[dt.date]], days: Dates) -> Cells:
    """Hours of the week that are worked on one day, which others are like."""
    left = []
    for (_person, place), spans in own.on(day).items():
        if spans:
            worked[place].update(days)
            zone = own.locations[place].zone
            left += [(span, zone) for span in (subtract(spans, off) if off else spans)]
    return by_hour_of_week(left)


def _alike(own: Timetable, days: Dates, special: dict[uuid.UUID, set[dt.date]], off: list[Span]) -> Iterable[Dates]:
    """Days that are worked alike, so that each kind is laid out once. One with anything of its own is like no other."""
    places = {each.location_id for rows in (own.work, own.breaks) for some in rows.values() for each in some}
    own_days = {day for _person, day in own.dated}
    own_days = own_days.union(*(special[place] for place in places), *(_touched(span) for span in off))
    alike: dict[tuple[object, ...], Dates] = defaultdict(list)
    for weekday in range(7):
        both = (*own.work[weekday], *own.breaks[weekday])
        changing = [each for each in both if not _always(each, days)]
        for day in days[(weekday - days[0].weekday()) % 7 :: 7]:
            if day in own_days:
                alike[(day,)].append(day)
            elif both:
                alike[(weekday, *(falls_on(each, day) for each in changing))].append(day)
    return alike.values()


def _always(pattern: WeeklyPattern, days: Dates) -> bool:
    """Whether it holds on each date of its weekday."""
    is_valid = pattern.valid_from <= days[0] and (pattern.valid_until is None or pattern.valid_until >= days[-1])
    return is_valid and pattern.every_n_weeks == 1


def _special(table: Timetable, first: dt.date, last: dt.date) -> dict[uuid.UUID, set[dt.date]]:
    """Of each place the days that are no ordinary ones: closed, or with clocks that change."""
    found: dict[uuid.UUID, set[dt.date]] = defaultdict(set)
    for place, day in table.closed:
        found[place].add(day)
    for place, location in table.locations.items():
        found[place].update(day for day in _days(first, last) if _clock_changes(location.zone, day))
    return found


def _days(first: dt.date, last: dt.date) -> Dates:
    return [first + offset * _DAY for offset in range((last - first).days + 1)]


def _touched(span: Span) -> Dates:
    """The dates that a span may meet anywhere on earth."""
    return _days(span[0].date() - _DAY, span[1].date() + _DAY)


def _touches(span: Span, day: dt.date) -> bool:
    return span[0].date() - _DAY <= day <= span[1].date() + _DAY


@functools.lru_cache(maxsize=4096)
def _clock_changes(zone: ZoneInfo, day: dt.date) -> bool:
    noon = dt.datetime.combine(day, dt.time(12), zone)
    return (noon - _DAY).utcoffset() != noon.utcoffset() or (noon + _DAY).utcoffset() != noon.utcoffset()


def _time_off(filters: Filters) -> dict[uuid.UUID, list[Span]]:
    start, end = _both(filters)
    rows = TimeOff.objects.overlapping(start, end)
    if filters.therapist:
        rows = rows.filter(therapist=filters.therapist)
    off: dict[uuid.UUID, list[Span]] = defaultdict(list)
    for therapist, during in rows.values_list("therapist", "during"):
        off[therapist].append((max(during.lower or start, start), min(during.upper or end, end)))
    return off


def _both(filters: Filters) -> Span:
    """From the first instant of the period before to the last of the period, wherever that is latest."""
    zones = list(filters.by_zone())
    starts = [bounds(filters.period.before, zone)[0] for zone in zones]
    return min(starts), max(bounds(filters.period, zone)[1] for zone in zones)


def _rooms(filters: Filters, worked: dict[uuid.UUID, set[dt.date]]) -> dict[Room, Open]:
    """A room is open when its location is, on the days somebody works there, less what it is closed for."""
    start, end = _both(filters)
    closed: dict[uuid.UUID, list[Span]] = defaultdict(list)
    for room_id, during in RoomClosure.objects.filter(during__overlap=DateTimeTZRange(start, end)).values_list(
        "room", "during"
    ):
        closed[room_id].append((max(during.lower or start, start), min(during.upper or end, end)))
    places = {place.pk: place for place in filters.places}
    usual = {pk: _usual(place, worked[pk], filters.period) for pk, place in places.items()}
    found = {}
    for room in Room.objects.filter(location__in=filters.places, is_active=True).order_by("location__name", "name"):
        place = room.location = places[room.location_id]
        open_ = found[room] = Open()
        for cell, hours in usual[place.pk][0].items():
            open_.cells[cell] += hours
        open_.hours_before = usual[place.pk][1]
        for span in closed[room.pk]:
            _take_out(open_, place, worked[place.pk], span, filters.period)
    return found


def _usual(place: Location, days: set[dt.date], period: Period) -> tuple[Cells, float]:
    """The location's hours on the days somebody works there: by hour of the week now, in sum before."""
    now = [day for day in days if period.first_on <= day <= period.last_on]
    spans = [(_opening(place, day), place.zone) for day in now]
    before = sum((end - start).total_seconds() for start, end in (_opening(place, day) for day in days - set(now)))
    return by_hour_of_week(spans), before / 3600


def _take_out(open_: Open, place: Location, days: set[dt.date], closed: Span, period: Period) -> None:
    for day in days:
        if not _touches(closed, day):
            continue
        start, end = _opening(place, day)
        span = max(start, closed[0]), min(end, closed[1])
        if span[0] >= span[1]:
            continue
        if period.first_on <= day <= period.last_on:
            for cell, hours in by_hour_of_week([(span, place.zone)]).items():
                open_.cells[cell] = max(0.0, open_.cells[cell] - hours)
        else:
            open_.hours_before -= (span[1] - span[0]).total_seconds() / 3600


def _opening(place: Location, day: dt.date) -> Span:
    start = dt.datetime.combine(day, place.opens_at, tzinfo=place.zone)
    return start.astimezone(dt.UTC), dt.datetime.combine(day, place.closes_at, tzinfo=place.zone).astimezone(dt.UTC)
