"""How many visits a therapist takes on a day, and whether a client has been here: read alike by search and booking."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple
from zoneinfo import ZoneInfo

from clinic.core import clock
from clinic.people.models import Client
from scheduling.models import Appointment, Service


class Limit(NamedTuple):
    """At most so many visits a day: of the service in question, or of all together."""

    therapist_id: uuid.UUID
    is_of_service: bool
    visits: int


def full_days(
    limits: Iterable[Limit],
    first_day: dt.date,
    last_day: dt.date,
    *,
    service: Service,
    moving: Appointment | None = None,
) -> dict[tuple[uuid.UUID, dt.date], int]:
    """The days on which a limit is reached, each with that limit; by the date where each visit is. 1 query."""
    limits = list(limits)
    start, end = clock.day_bounds(first_day - dt.timedelta(days=1), ZoneInfo("UTC"))[0], _end(last_day)
    visits = Appointment.objects.active().overlapping(start, end).filter(therapist__in={each[0] for each in limits})
    if moving:
        visits = visits.exclude(pk=moving.pk)
    counted: Counter[tuple[uuid.UUID, dt.date, bool]] = Counter()
    rows = visits.order_by().values_list("therapist_id", "service_id", "location__timezone", "during")
    for therapist_id, service_id, zone, during in rows:
        day = during.lower.astimezone(ZoneInfo(zone)).date()
        counted[therapist_id, day, False] += 1
        counted[therapist_id, day, True] += service_id == service.pk
    full = {}
    for (therapist_id, day, is_of_service), count in counted.items():
        for limit in limits:
            if limit[:2] == (therapist_id, is_of_service) and count >= limit.visits:
                full[therapist_id, day] = limit.visits
    return full


def has_been_here(client: Client, *, moving: Appointment | None = None) -> bool:
    """Whether a visit of the client's has begun. 1 query."""
    visits = Appointment.objects.active().filter(client=client, during__startswith__lte=clock.now())
    return bool(visits.exclude(pk=moving.pk if moving else None).exists())


def _end(last_day: dt.date) -> dt.datetime:
    return clock.day_bounds(last_day + dt.timedelta(days=1), ZoneInfo("UTC"))[1]
