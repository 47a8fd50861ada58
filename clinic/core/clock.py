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


def with_zone_named(form: str, local: dt.datetime) -> str:
    """A format in which `T` is written out. Django leaves it empty where the clock shows a time twice: just there
    it tells which of the two is meant."""
    return form.replace("T", "".join(f"\\{letter}" for letter in local.strftime("%Z")))


def comes_twice(local: dt.datetime) -> bool:
    """Whether the clocks show this time once more, or have shown it before."""
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
