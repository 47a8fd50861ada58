"""When a client is asked for a form, and reminded of it."""

import datetime as dt
from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

# Answers to these are good for one visit; the others are given once.
EACH_VISIT = frozenset({"before-visit"})
ASKED_BEFORE = dt.timedelta(days=2)
MOST_REMINDERS = 3
_QUIET = dt.timedelta(hours=12)  # between two mails about one form
_MORNING = dt.time(8)


def reminder_is_due(
    *,
    asked_at: dt.datetime,
    reminded_at: Sequence[dt.datetime],
    visit_at: dt.datetime | None,
    now: dt.datetime,
    zone: ZoneInfo,
) -> bool:
    """Whether to remind of a form now: after two days, a day before the visit, on its morning; three times at most."""
    if len(reminded_at) >= MOST_REMINDERS or (visit_at and visit_at <= now):
        return False
    quiet_until = max([asked_at, *reminded_at]) + _QUIET
    return any(quiet_until <= moment <= now for moment in _moments(asked_at, visit_at, zone))


def _moments(asked_at: dt.datetime, visit_at: dt.datetime | None, zone: ZoneInfo) -> Iterator[dt.datetime]:
    yield asked_at + dt.timedelta(days=2)
    if visit_at is None:
        yield asked_at + dt.timedelta(days=7)
        return
    yield visit_at - dt.timedelta(days=1)
    morning = dt.datetime.combine(visit_at.astimezone(zone).date(), _MORNING, zone)
    yield min(morning.astimezone(dt.UTC), visit_at - dt.timedelta(hours=2))
