"""What a therapist still has to write or sign, and who is to be told."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Count, Min, QuerySet

from clinic.people.models import Client, Location, User
from scheduling.models import Appointment
from treatments.models import SessionNote

# Sessions were held before notes were kept here: what is older stays with the paper it was written on. The bound also
# keeps the search in the index of a therapist's time, however long they have worked.
LOOKED_BACK = dt.timedelta(days=90)
GRACE = dt.timedelta(hours=24)
HELD = (Appointment.Status.IN_SESSION, Appointment.Status.COMPLETED)
TOLD_FROM, TOLD_UNTIL = dt.time(7), dt.time(20)  # local time


@dataclass(frozen=True, slots=True)
class Waiting:
    """Notes that wait; `since` is the end of the oldest of their sessions."""

    count: int
    since: dt.datetime | None


def held_without_note(user: User, *, now: dt.datetime) -> QuerySet[Appointment]:
    """Sessions held in the last 90 days, visible to `user`, of which there is no note; the oldest first."""
    rows = Appointment.objects.visible_to(user).filter(
        status__in=HELD,
        during__overlap=DateTimeTZRange(now - LOOKED_BACK, now),
        during__endswith__lte=now,
        client__archived_at=None,
        session_note=None,
    )
    return rows.order_by("during", "pk")


def waiting_for(therapist: User, *, until: dt.datetime, now: dt.datetime) -> Waiting:
    """Their drafts, and their sessions without a note, that ended by `until` (two queries)."""
    figures = {"count": Count("pk"), "since": Min("appointment__during__endswith")}
    drafts = SessionNote.objects.filter(therapist=therapist, client__in=Client.objects.visible_to(therapist)).unsigned()
    drafted = drafts.filter(appointment__during__endswith__lte=until).order_by().aggregate(**figures)
    missing = held_without_note(therapist, now=now).filter(therapist=therapist, during__endswith__lte=until)
    missed = missing.order_by().aggregate(count=Count("pk"), since=Min("during__endswith"))
    instants = [found["since"] for found in (drafted, missed) if found["since"]]
    return Waiting(drafted["count"] + missed["count"], min(instants, default=None))


def to_be_reminded(*, now: dt.datetime) -> Iterator[tuple[User, Location]]:
    """Active therapists for whom it is daytime, each with the place they work at (three queries)."""
    everywhere = list(Location.objects.active())
    for therapist in User.objects.therapists().prefetch_related("locations", "role_rows"):
        own = [location for location in therapist.locations.all() if location.is_active]
        location = next(iter(own or everywhere), None)
        if location and TOLD_FROM <= now.astimezone(location.zone).time() < TOLD_UNTIL:
            yield therapist, location
