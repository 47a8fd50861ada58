"""What ticks and pain after an exercise say. Pure: the day is passed in.

Pain of 7 and more, or 3 more than usual, is too much: the pain-monitoring model of Thomeé (Phys Ther 1997, knee pain)
lets pain go to 5 of 10 and wants it settled by the next morning; the bounds here leave room for one bad day. A rise
counts from 2 points on, the least change of a 0 to 10 scale that people with lasting pain notice (Farrar 2001, Pain,
adults with chronic pain). Both thresholds are general, for every exercise alike: they warn, they explain nothing.
"""

import datetime as dt
from collections.abc import Collection, Sequence

STRIP_DAYS = 28
TOO_MUCH = 7
MORE_THAN_USUAL = 3
RISE = 2
NEWEST = 3  # entries that a rise is read from, against as many and more before them
# A telephone that was out of reach for some days still brings what was ticked on it.
LATE_DAYS = 7


def is_too_much(pain_after: int, *, usual: float | None) -> bool:
    """Whether to stop and tell the clinic. `usual` is the client's average pain, None when nobody knows it."""
    return pain_after >= TOO_MUCH or (usual is not None and pain_after - usual >= MORE_THAN_USUAL)


def is_rising(pains: Sequence[int]) -> bool:
    """Whether the newest entries, on average, stand above those before them by as much as people notice."""
    newest, before = pains[-NEWEST:], pains[:-NEWEST]
    if len(before) < NEWEST:
        return False
    return sum(newest) / len(newest) - sum(before) / len(before) >= RISE


def asked_days(*, times_per_week: int | None, days: int) -> int | None:
    """On how many of so many days it was asked for; None where that was left open. Several times a day is one day."""
    if times_per_week is None:
        return None
    return max(1, round(min(times_per_week, 7) * days / 7)) if days else 0


def share_percent(*, done: int, asked: int | None) -> int | None:
    """How much of what was asked was done, at most all of it."""
    return None if not asked else min(100, round(100 * done / asked))


def may_be_ticked(done_on: dt.date, *, today: dt.date, since: dt.date) -> bool:
    """Neither a day to come, nor long ago, nor before it was given."""
    return max(since, today - dt.timedelta(days=LATE_DAYS)) <= done_on <= today


def days_until(today: dt.date, *, count: int = STRIP_DAYS) -> list[dt.date]:
    """The last `count` days, today among them, oldest first."""
    return [today - dt.timedelta(days=back) for back in range(count - 1, -1, -1)]


def usual_of(*, average: float | None, earlier: Collection[int]) -> float | None:
    """The client's own average pain; where none was asked for, what earlier times left behind."""
    if average is not None:
        return average
    return sum(earlier) / len(earlier) if earlier else None
