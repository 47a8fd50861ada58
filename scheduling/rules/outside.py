"""When somebody is busy by a calendar kept elsewhere (RFC 5545): pure, with limits, for files of any origin."""

import datetime as dt
import math
import re
import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from icalendar import Calendar, Component
from icalendar.error import BrokenCalendarProperty, GloballyUniqueTZIDGuessed
from icalendar.timezone import tzp

from scheduling.rules.ics_lines import NoCalendar, reduced

MOST_TIMES, MOST_A_DAY = 20_000, 48
SECONDS = 8.0
Span = tuple[dt.datetime, dt.datetime]
# What parsers of others raise at nonsense.
_NONSENSE = (ValueError, TypeError, IndexError, KeyError, OverflowError, AttributeError)
_DAY = dt.timedelta(days=1)
# A rule that fits no day at all ("30 February") is given up by dateutil only in the year 9999. The calendar repeats
# every 400 years, weekdays too, so rules are worked out near the end of time, where that comes soon.
_SHIFT_YEARS = 7600
_RARE = frozenset(("DAILY", "WEEKLY", "MONTHLY", "YEARLY"))
_KNOWN = re.compile(
    r"(FREQ|UNTIL|COUNT|INTERVAL|BY(MONTH|WEEKNO|YEARDAY|MONTHDAY|DAY|HOUR|MINUTE|SECOND|SETPOS)|WKST)="
)


@dataclass(slots=True)
class _Reader:
    """One reading: whose clock holds for times without a zone, what is looked at, and how long it may take."""

    zone: ZoneInfo
    first: dt.datetime
    last: dt.datetime
    clock: Callable[[], float]
    deadline: float
    found: list[Span] = field(default_factory=list)

    def check(self) -> None:
        """Raises NoCalendar when there is no end of it."""
        if len(self.found) > MOST_TIMES:
            raise NoCalendar("too-many-events")
        if self.clock() > self.deadline:
            raise NoCalendar("too-complicated")

    def add(self, start: dt.datetime | dt.date, length: dt.timedelta) -> None:
        """A whole day lasts from midnight to midnight on the wall, which need not be 24 hours."""
        if isinstance(start, dt.datetime):
            begin = self.instant(start)
            end = begin + length
        else:
            begin, end = self.midnight(start), self.midnight(start + length)
        if begin < end and end > self.first and begin < self.last:
            self.found.append((max(begin, self.first), min(end, self.last)))

    def instant(self, moment: dt.datetime) -> dt.datetime:
        return (moment if moment.tzinfo else moment.replace(tzinfo=self.zone)).astimezone(dt.UTC)

    def midnight(self, day: dt.date) -> dt.datetime:
        return self.instant(dt.datetime.combine(day, dt.time.min))


def busy_times(
    file: bytes,
    *,
    zone: ZoneInfo,
    first: dt.datetime,
    last: dt.datetime,
    clock: Callable[[], float] = time.monotonic,
) -> list[Span]:
    """Busy from `first` to `last`, in UTC, what overlaps put together. `zone` holds for whole days and for times that
    name none or an unknown one. Raises NoCalendar."""
    reader = _Reader(zone=zone, first=first, last=last, clock=clock, deadline=clock() + SECONDS)
    calendar = _parsed(reduced(file))
    events = list(calendar.walk("VEVENT"))
    replaced: dict[str, list[Any]] = {}
    for event in events:
        if "RECURRENCE-ID" in event:
            replaced.setdefault(str(event.get("UID", "")), []).append(_value(event, "RECURRENCE-ID"))
    for event in events:
        if "RECURRENCE-ID" in event:
            _add_event(reader, event, gone=None)
        else:
            _add_event(reader, event, gone=replaced.get(str(event.get("UID", "")), []))
        reader.check()
    for times in calendar.walk("VFREEBUSY"):
        _add_free_busy(reader, times)
    return merged(reader.found)


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same times without overlaps: how many appointments lie in them is nobody's business."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _parsed(text: str) -> Calendar:
    """Raises NoCalendar. A zone that is described wrongly is left out: the file's times then follow the wall clock."""
    tzp.use_zoneinfo()  # forgets what other calendars called by the same name
    try:
        return _calendar(text)
    except _NONSENSE:
        without = re.sub(r"BEGIN:VTIMEZONE\r\n.*?END:VTIMEZONE\r\n", "", text, flags=re.DOTALL)
    try:
        return _calendar(without)
    except _NONSENSE:
        raise NoCalendar("not-a-calendar") from None


def _calendar(text: str) -> Calendar:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", GloballyUniqueTZIDGuessed)  # “/vendor/Europe/Berlin” is Berlin
        parsed = Calendar.from_ical(text)
    if not isinstance(parsed, Calendar):
        raise TypeError("more than one calendar")
    return parsed


def _add_event(reader: _Reader, event: Component, *, gone: list[Any] | None) -> None:
    """`gone`: the starts that other events replace; None for such an event itself, which does not repeat."""
    if str(event.get("STATUS", "")).upper() == "CANCELLED" or str(event.get("TRANSP", "")).upper() == "TRANSPARENT":
        return
    start = _value(event, "DTSTART")
    if not isinstance(start, dt.date):
        return
    try:
        length = _length(reader, event, start)
        starts = _starts(reader, event, start, length, gone) if gone is not None else [(start, length)]
        for moment, lasts in starts:
            reader.add(moment, lasts)
            reader.check()
    except _NONSENSE:
        raise NoCalendar("not-a-calendar") from None


def _length(reader: _Reader, event: Component, start: dt.date) -> dt.timedelta:
    """Zero for what takes no time, such as a reminder."""
    if isinstance(duration := _value(event, "DURATION"), dt.timedelta):
        return duration
    end = _value(event, "DTEND")
    if isinstance(start, dt.datetime):
        return reader.instant(end) - reader.instant(start) if isinstance(end, dt.datetime) else dt.timedelta()
    if isinstance(end, dt.datetime):
        end = end.date()
    return end - start if isinstance(end, dt.date) else _DAY


def _starts(
    reader: _Reader, event: Component, start: dt.date, length: dt.timedelta, gone: list[Any]
) -> Iterator[tuple[dt.date, dt.timedelta]]:
    """Every start that the event has within the window, and some before it, less what is excepted."""
    excepted = {_key(reader, each) for each in [*gone, *_values(event, "EXDATE")]}
    seen = set(excepted)
    extra = [_period(reader, each, length) for each in _values(event, "RDATE")]
    repeated = (
        (each, length)
        for rule in _listed(event.get("RRULE"))
        for each in _repeated(reader, str(rule.to_ical().decode()), start, length)
    )
    for moment, lasts in ((start, length), *extra, *repeated):
        key = _key(reader, moment)
        if key not in seen and not (isinstance(moment, dt.datetime) and moment.date() in excepted):
            seen.add(key)
            yield moment, lasts


def _repeated(reader: _Reader, rule: str, start: dt.date, length: dt.timedelta) -> Iterator[dt.date]:
    """The starts by a rule, on the wall clock of the event. Raises NoCalendar for what repeats within a day."""
    parts = dict(each.split("=", 1) for each in rule.upper().split(";") if _KNOWN.match(each))
    a_day = math.prod(parts.get(name, "").count(",") + 1 for name in ("BYHOUR", "BYMINUTE", "BYSECOND"))
    if parts.get("FREQ") not in _RARE or a_day > MOST_A_DAY:
        raise NoCalendar("repeats-too-often")
    wall = _wall(start)
    interval = max(1, int(parts.get("INTERVAL", 1)))
    until = _until(reader, parts.pop("UNTIL", ""), start)
    end = (
        min(until, _wall_of(reader.last, reader, start) + _DAY)
        if until
        else _wall_of(reader.last, reader, start) + _DAY
    )
    begin = _wall_of(reader.first, reader, start) - length - 2 * _DAY
    if wall > end:
        return
    if "COUNT" not in parts:
        wall = _nearer(wall, begin, parts["FREQ"], interval)
    text = ";".join(f"{name}={value}" for name, value in {**parts, "INTERVAL": str(interval)}.items())
    for late in rrulestr(text, dtstart=wall.replace(year=wall.year + _SHIFT_YEARS)):
        moment = late.replace(year=late.year - _SHIFT_YEARS)
        if moment > end:
            return
        reader.check()
        if moment >= begin:
            yield _like(moment, start)


def _nearer(wall: dt.datetime, begin: dt.datetime, freq: str, interval: int) -> dt.datetime:
    """A later start of the same rule: nobody needs the years before the window."""
    step = {"DAILY": _DAY, "WEEKLY": 7 * _DAY}.get(freq, dt.timedelta()) * interval
    skipped = (begin - wall) // step if step and begin > wall else 0
    return wall + skipped * step


def _until(reader: _Reader, text: str, start: dt.date) -> dt.datetime | None:
    """The last moment of a rule on the event's wall clock; it may be given in UTC or as a date."""
    if not text:
        return None
    day = dt.datetime.strptime(text[:8], "%Y%m%d")  # noqa: DTZ007 a wall clock
    if "T" not in text:
        return day + _DAY - dt.timedelta(seconds=1)
    moment = dt.datetime.strptime(text[:15], "%Y%m%dT%H%M%S")  # noqa: DTZ007
    return _wall_of(moment.replace(tzinfo=dt.UTC), reader, start) if text.endswith("Z") else moment


def _wall(moment: dt.date) -> dt.datetime:
    if isinstance(moment, dt.datetime):
        return moment.replace(tzinfo=None)
    return dt.datetime.combine(moment, dt.time.min)


def _wall_of(instant: dt.datetime, reader: _Reader, like: dt.date) -> dt.datetime:
    """An instant on the clock that an event is told by."""
    zone = like.tzinfo if isinstance(like, dt.datetime) and like.tzinfo else reader.zone
    return instant.astimezone(zone).replace(tzinfo=None)


def _like(wall: dt.datetime, start: dt.date) -> dt.date:
    if isinstance(start, dt.datetime):
        return wall.replace(tzinfo=start.tzinfo)
    return wall.date()


def _key(reader: _Reader, moment: Any) -> Any:
    """What makes two starts the same: the instant, or the day."""
    return reader.instant(moment) if isinstance(moment, dt.datetime) else moment


def _period(reader: _Reader, value: Any, length: dt.timedelta) -> tuple[dt.date, dt.timedelta]:
    """An extra time, which may bring its own end or length."""
    if not isinstance(value, tuple):
        return value, length
    start, end = value
    return start, end if isinstance(end, dt.timedelta) else reader.instant(end) - reader.instant(start)


def _add_free_busy(reader: _Reader, component: Component) -> None:
    for each in _listed(component.get("FREEBUSY")):
        periods = each if isinstance(each, list) else [each]
        if getattr(each, "params", {}).get("FBTYPE", "BUSY").upper() != "FREE":
            for period in periods:
                start, end = period.dt
                lasts = end if isinstance(end, dt.timedelta) else reader.instant(end) - reader.instant(start)
                reader.add(start, lasts)
                reader.check()


def _value(event: Component, name: str) -> Any:
    """None for what is not there or cannot be read."""
    found = _listed(event.get(name))
    try:
        return found[0].dt if found else None
    except (AttributeError, BrokenCalendarProperty):
        return None


def _values(event: Component, name: str) -> list[Any]:
    return [each.dt for line in _listed(event.get(name)) for each in getattr(line, "dts", [])]


def _listed(found: Any) -> list[Any]:
    if found is None:
        return []
    return list(found) if isinstance(found, list) else [found]
