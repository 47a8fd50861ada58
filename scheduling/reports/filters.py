"""Of which visits a report speaks, and by which clock."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q, QuerySet

from clinic.core import clock
from clinic.people.models import Location, User
from scheduling.models import Appointment, Service
from scheduling.rules.periods import Period


@dataclass(frozen=True, slots=True)
class Filters:
    """`places` are the locations looked at: the one picked, or all there are."""

    period: Period
    places: tuple[Location, ...]
    location: Location | None = None
    therapist: User | None = None
    service: Service | None = None

    def query(self) -> dict[str, str]:
        """How an address says the same."""
        period = self.period
        said = {"period": period.key} if period.key else {"from": f"{period.first_on}", "until": f"{period.last_on}"}
        picked = {"location": self.location, "therapist": self.therapist, "service": self.service}
        return said | {name: str(row.pk) for name, row in picked.items() if row}

    def by_zone(self) -> dict[ZoneInfo, list[Location]]:
        """The places that share a clock."""
        zones: dict[ZoneInfo, list[Location]] = {}
        for place in self.places:
            zones.setdefault(place.zone, []).append(place)
        return zones


def bounds(period: Period, zone: ZoneInfo) -> tuple[dt.datetime, dt.datetime]:
    """The instants at which the period begins and ends by a clock."""
    return clock.day_bounds(period.first_on, zone)[0], clock.day_bounds(period.last_on, zone)[1]


def visits(filters: Filters) -> QuerySet[Any]:
    """Visits that begin in the period, by the clock of their place."""
    found = Q(pk__in=())
    for zone, places in filters.by_zone().items():
        start, end = bounds(filters.period, zone)
        # The index finds by the span, which a visit from the day before may meet too.
        span = Q(during__overlap=DateTimeTZRange(start, end), during__startswith__gte=start)
        found |= Q(location__in=places) & span
    rows = Appointment.objects.filter(found)
    if filters.therapist:
        rows = rows.filter(therapist=filters.therapist)
    if filters.service:
        rows = rows.filter(service=filters.service)
    return rows


@dataclass(frozen=True, slots=True)
class Segment:
    """A place, a stretch of time in which its clock keeps one offset, and on which side of the comparison it lies."""

    place: Location
    first_second: int
    until_second: int
    is_now: bool
    offset_seconds: int


def segments(filters: Filters) -> Iterator[Segment]:
    """The period and the one before, cut where clocks change: within each, the hour of the week is plain arithmetic."""
    for zone, places in filters.by_zone().items():
        for period, is_now in ((filters.period.before, False), (filters.period, True)):
            start, end = bounds(period, zone)
            for first, until, offset in _offsets(start, end, zone):
                for place in places:
                    yield Segment(place, first, until, is_now, offset)


def _offsets(start: dt.datetime, end: dt.datetime, zone: ZoneInfo) -> Iterator[tuple[int, int, int]]:
    """Stretches between changes of the clock, in seconds since 1970. Changes fall on full minutes."""
    at = start
    while at < end:
        offset = _offset(at, zone)
        until = at
        for step in (dt.timedelta(days=1), dt.timedelta(hours=1), dt.timedelta(minutes=1)):
            while until < end and _offset(until + step, zone) == offset:
                until += step
        until = min(until + dt.timedelta(minutes=1), end) if until < end else end
        yield int(at.timestamp()), int(until.timestamp()), offset
        at = until


def _offset(instant: dt.datetime, zone: ZoneInfo) -> int:
    return int((instant.astimezone(zone).utcoffset() or dt.timedelta()).total_seconds())
