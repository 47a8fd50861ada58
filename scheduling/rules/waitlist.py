"""Whom a free time fits, who is asked first, and how long an answer may take: pure, the clock passed in."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

# Less time than this to read a mail and answer it is no offer.
LEAST_TIME = dt.timedelta(minutes=5)
_MINUTE = dt.timedelta(minutes=1)
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Window:
    """A part of the week by the wall clock of the place; 0 is Monday."""

    weekday: int
    starts_at: dt.time
    ends_at: dt.time


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an entry of the waitlist asks for. No therapist: anyone; no location: anywhere; no window: all week."""

    length: dt.timedelta
    occupied: dt.timedelta  # the length and what is kept free after it
    earliest_on: dt.date
    latest_on: dt.date | None
    notice: dt.timedelta
    priority: int
    since: dt.datetime
    therapists: Collection[uuid.UUID] = ()
    locations: Collection[uuid.UUID] = ()
    windows: Collection[Window] = ()
    before: dt.datetime | None = None  # the visit that is given up: only an earlier time is of use


@dataclass(frozen=True, slots=True)
class Gap:
    """A time that is free, from `starts_at` for as long as it lasts."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    therapist: uuid.UUID
    location: uuid.UUID
    zone: ZoneInfo


def fits(gap: Gap, wanted: Wanted, now: dt.datetime) -> bool:
    """Whether the visit could be had at the beginning of the gap, and there is time to say so."""
    if gap.starts_at + wanted.occupied > gap.ends_at or (wanted.before is not None and gap.starts_at >= wanted.before):
        return False
    if wanted.therapists and gap.therapist not in wanted.therapists:
        return False
    if wanted.locations and gap.location not in wanted.locations:
        return False
    day = gap.starts_at.astimezone(gap.zone).date()
    if day < wanted.earliest_on or (wanted.latest_on is not None and day > wanted.latest_on):
        return False
    if latest_answer(gap.starts_at, wanted.notice) - now < LEAST_TIME:
        return False
    return not wanted.windows or _within(gap.starts_at, gap.starts_at + wanted.length, gap.zone, wanted.windows)


def _within(start: dt.datetime, end: dt.datetime, zone: ZoneInfo, windows: Iterable[Window]) -> bool:
    """Whether all of the visit lies in one window, as the wall clock shows its beginning and its end."""
    begin, finish = start.astimezone(zone), end.astimezone(zone)
    if finish.date() != begin.date():
        return False
    return any(
        window.weekday == begin.weekday() and window.starts_at <= begin.time() and finish.time() <= window.ends_at
        for window in windows
    )


def turn(wanted: Wanted) -> tuple[int, dt.datetime]:
    """A key to sort by: the more urgent first, then whoever has waited longest."""
    return -wanted.priority, wanted.since


def latest_answer(starts_at: dt.datetime, notice: dt.timedelta) -> dt.datetime:
    """The last moment at which somebody who needs `notice` to get there can say yes."""
    return starts_at - notice


def answer_until(
    *, now: dt.datetime, starts_at: dt.datetime, notice: dt.timedelta, hold: dt.timedelta, is_shared: bool
) -> dt.datetime:
    """Until when an offer stands: `hold`, at most half of the time that is left so that the next may have it too.

    Who shares the slot with others has all of the time that is left. Never past the start less the notice.
    """
    last = latest_answer(starts_at, notice)
    share = last - now if is_shared else max((last - now) / 2, LEAST_TIME)
    return min(last, now + min(hold, share))


def first_fit(gap: Gap, wanted: Wanted, now: dt.datetime, *, step: dt.timedelta) -> dt.datetime | None:
    """The first moment of a longer gap at which the visit could be had; None when there is none.

    It begins with the gap, where a window opens, or, once it is too late for that, on the next step of the clock.
    """
    begin, soonest = on_step(gap.starts_at, _MINUTE), on_step(now + wanted.notice + LEAST_TIME, step)
    day = gap.starts_at.astimezone(gap.zone)
    opens = (
        dt.datetime.combine(day.date(), window.starts_at, tzinfo=gap.zone).astimezone(dt.UTC)
        for window in wanted.windows
        if window.weekday == day.weekday()
    )
    for start in sorted({begin, soonest, *opens}):
        if start >= gap.starts_at and fits(replace(gap, starts_at=start), wanted, now):
            return start
    return None


def on_step(instant: dt.datetime, step: dt.timedelta) -> dt.datetime:
    """The next moment on the step; every zone's offset is a multiple of a quarter of an hour."""
    return instant + (_EPOCH - instant) % step
