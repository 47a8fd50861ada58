"""The one place that asks what time it is."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.utils import timezone


def now() -> dt.datetime:
    """The present instant, in UTC."""
    return timezone.now()


def today(zone: ZoneInfo) -> dt.date:
    """The calendar date in `zone`."""
    return now().astimezone(zone).date()


def day_bounds(day: dt.date, zone: ZoneInfo) -> tuple[dt.datetime, dt.datetime]:
    """The instants at which `day` begins and ends in `zone`; 23 or 25 hours apart when clocks change."""
    start = dt.datetime.combine(day, dt.time.min, tzinfo=zone)
    end = dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min, tzinfo=zone)
    return start.astimezone(dt.UTC), end.astimezone(dt.UTC)
