"""How full, how often, and whether two periods differ: pure reckoning for the owner's page."""

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from zoneinfo import ZoneInfo

from scheduling.rules.walltime import Span

Cells = dict[tuple[int, int], float]  # (weekday, hour) → hours
_HOUR = dt.timedelta(hours=1)


def by_hour_of_week(spans: Iterable[tuple[Span, ZoneInfo]]) -> Cells:
    """Hours of the spans, spread over the hours of the week as the wall clock of their place shows them."""
    cells: Cells = defaultdict(float)
    for span, zone in spans:
        for cell, hours in _hours_of(span, zone):
            cells[cell] += hours
    return cells


@lru_cache(maxsize=8192)
def _hours_of(span: Span, zone: ZoneInfo) -> tuple[tuple[tuple[int, int], float], ...]:
    """Of one span; whole teams work the same hours."""
    at, end = span
    found = []
    while at < end:
        local = at.astimezone(zone)
        step = min(end, at + _HOUR - dt.timedelta(minutes=local.minute, seconds=local.second))
        found.append(((local.weekday(), local.hour), (step - at) / _HOUR))
        at = step
    return tuple(found)


def level(booked: float, open_: float) -> int | None:
    """How full a cell is drawn, 0 to 4; None when it was not open."""
    if open_ <= 0:
        return None
    return min(4, math.floor(booked / open_ * 5))


def differ(one: int, of_one: int, other: int, of_other: int) -> bool:
    """Whether two shares differ by more than chance would make of them (pooled two-proportion z, 95%).

    Source: Agresti, Categorical Data Analysis, 3rd ed. (2013), section 3.1. Small counts never tell.
    """
    if min(of_one, of_other) < 20:
        return False
    pooled = (one + other) / (of_one + of_other)
    error = math.sqrt(pooled * (1 - pooled) * (1 / of_one + 1 / of_other))
    return error > 0 and abs(one / of_one - other / of_other) / error > 1.96
