"""Wall time and instants. A location owns its zone; everything stored is an instant in UTC."""

import datetime as dt
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from clinic.core.errors import Refused

Span = tuple[dt.datetime, dt.datetime]


class WeeklyPattern(Protocol):
    """A weekly span of local wall time with its validity, as WorkingHours has it."""

    @property
    def weekday(self) -> int: ...
    @property
    def starts_at(self) -> dt.time: ...
    @property
    def ends_at(self) -> dt.time: ...
    @property
    def valid_from(self) -> dt.date: ...
    @property
    def valid_until(self) -> dt.date | None: ...
    @property
    def every_n_weeks(self) -> int: ...


def instant_of(local: dt.datetime, zone: ZoneInfo, *, fold: int | None = None) -> dt.datetime:
    """The instant of a naive wall time, in UTC.

    Raises Refused: `time-does-not-exist` when the clocks skip it, `time-is-ambiguous` when they show it twice and
    `fold` does not say whether the first (0) or the second (1) is meant.
    """
    first, second = _both(local, zone)
    if first > second:
        raise Refused(
            _("%(time)s does not exist on that day: the clocks go forward. Choose another time.")
            % {"time": f"{local:%H:%M}"},
            code="time-does-not-exist",
        )
    if first < second and fold is None:
        raise Refused(
            _("%(time)s comes twice on that day: the clocks go back. Say which one is meant.")
            % {"time": f"{local:%H:%M}"},
            code="time-is-ambiguous",
            details={"choices": [first.isoformat(), second.isoformat()]},
        )
    return second if fold else first


@lru_cache(maxsize=8192)
def working_span(day: dt.date, starts_at: dt.time, ends_at: dt.time, zone: ZoneInfo) -> Span | None:
    """A span of a weekly pattern on one day; None when the clocks skip all of it.

    A weekly pattern must hold on every day, so here a skipped time moves to the moment after the gap, and a time that
    comes twice means its first pass.
    """
    start = _lenient(dt.datetime.combine(day, starts_at), zone)
    end = _lenient(dt.datetime.combine(day, ends_at), zone)
    return (start, end) if start < end else None


def weekly_spans(pattern: WeeklyPattern, zone: ZoneInfo, first_day: dt.date, last_day: dt.date) -> Iterator[Span]:
    """The pattern's spans on the days from `first_day` to `last_day`; weeks are counted from the one it begins in."""
    for day in days_of(pattern, first_day, last_day):
        span = working_span(day, pattern.starts_at, pattern.ends_at, zone)
        if span:
            yield span


def falls_on(pattern: WeeklyPattern, day: dt.date) -> bool:
    """Whether a weekly pattern holds on a date of its weekday."""
    if day < pattern.valid_from or (pattern.valid_until and day > pattern.valid_until):
        return False
    return pattern.every_n_weeks == 1 or _weeks_since(pattern, day) % pattern.every_n_weeks == 0


def days_of(pattern: WeeklyPattern, first_day: dt.date, last_day: dt.date) -> Iterator[dt.date]:
    """The dates a weekly pattern falls on."""
    start = max(first_day, pattern.valid_from)
    end = min(last_day, pattern.valid_until) if pattern.valid_until else last_day
    day = start + dt.timedelta(days=(pattern.weekday - start.weekday()) % 7)
    while day <= end:
        if falls_on(pattern, day):
            yield day
        day += dt.timedelta(days=7)


@lru_cache(maxsize=8192)
def offsets(begin: int, end: int, zone: ZoneInfo) -> tuple[tuple[int, int], ...]:
    """The zone's distance to UTC between two instants a day or so apart: (until, seconds), the last one until `end`.

    Instants are seconds since 1970. Where the clocks change in between, the change ends one part and begins the next.
    """
    before, after = _offset(begin, zone), _offset(end, zone)
    if before == after:
        return ((end + 1, before),)
    low, high = begin, end
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset(middle, zone) == before else (low, middle)
    return ((high, before), (end + 1, after))


def merge(spans: Iterable[Span]) -> list[Span]:
    """Spans in order, those that touch joined."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def subtract(spans: Iterable[Span], busy: Iterable[Span]) -> list[Span]:
    """What is left of `spans` without `busy`."""
    taken = merge(busy)
    left: list[Span] = []
    for start, end in merge(spans):
        at = start
        for busy_start, busy_end in taken:
            if busy_end <= at or busy_start >= end:
                continue
            if busy_start > at:
                left.append((at, busy_start))
            at = max(at, busy_end)
        if at < end:
            left.append((at, end))
    return left


def _both(local: dt.datetime, zone: ZoneInfo) -> Span:
    return (
        local.replace(tzinfo=zone, fold=0).astimezone(dt.UTC),
        local.replace(tzinfo=zone, fold=1).astimezone(dt.UTC),
    )


def _offset(at: int, zone: ZoneInfo) -> int:
    offset = dt.datetime.fromtimestamp(at, zone).utcoffset()
    return int(offset.total_seconds()) if offset is not None else 0


def _lenient(local: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    first, second = _both(local, zone)
    if first <= second:
        return first
    before, after = int(second.timestamp()), int(first.timestamp())  # around the moment the clocks jump
    offset = second.astimezone(zone).utcoffset()
    while after - before > 1:
        middle = (before + after) // 2
        if dt.datetime.fromtimestamp(middle, zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return dt.datetime.fromtimestamp(after, dt.UTC)


def _weeks_since(pattern: WeeklyPattern, day: dt.date) -> int:
    """Weeks are counted from the one in which the pattern begins."""
    return (_monday(day) - _monday(pattern.valid_from)).days // 7


def _monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())
