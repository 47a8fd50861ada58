"""Who is to be asked how it went."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q

from clinic.core import clock
from clinic.messaging.models import Purpose
from clinic.people.models import ContactPreference, Location, Practice
from scheduling.models import Appointment
from treatments.models import SessionNote

ASKED_FROM, ASKED_UNTIL = dt.time(9), dt.time(20)  # local time: no mail wakes anybody
LATE_DAYS = 2  # a worker that was down still asks; after that the question has lost its point


def due_for_follow_up(*, now: dt.datetime) -> Iterator[SessionNote]:
    """Notes of sessions whose client is to be asked at `now`: one query for each location where it is daytime."""
    practice = Practice.objects.first()
    if practice is None:
        return
    for location in Location.objects.active():
        local = now.astimezone(location.zone)
        if ASKED_FROM <= local.time() < ASKED_UNTIL:
            yield from _due_at(location, local.date(), practice.follow_up_days)


def _due_at(location: Location, today: dt.date, days: int) -> Iterator[SessionNote]:
    asked_about = today - dt.timedelta(days=days)
    start = clock.day_bounds(asked_about - dt.timedelta(days=LATE_DAYS), location.zone)[0]
    end = clock.day_bounds(asked_about, location.zone)[1]
    unwanted = ContactPreference.objects.filter(
        client=OuterRef("client"), channel="email", purpose=Purpose.FOLLOW_UP, is_allowed=False
    )
    rows = SessionNote.objects.filter(
        appointment__location=location,
        appointment__status=Appointment.Status.COMPLETED,
        appointment__during__startswith__gte=start,
        appointment__during__startswith__lt=end,
        episode__isnull=False,
        episode__closed_at=None,
        client__archived_at=None,
        follow_up=None,
    )
    yield from rows.exclude(Q(client__email="") | Exists(unwanted)).order_by("appointment__during")
