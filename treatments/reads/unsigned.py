"""What a therapist still has to write or sign, and who is to be told."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Count, Min, Q, QuerySet

from clinic.people.models import Client, Location, TherapistProfile, User
from scheduling.models import Appointment
from treatments.models import SessionNote
from treatments.querysets import SessionNoteQuerySet

# Sessions were held before notes were kept here: what is older stays with the paper it was written on. The bound also
# keeps the search in the index of a therapist's time, however long they have worked.
LOOKED_BACK = dt.timedelta(days=90)
GRACE = dt.timedelta(hours=24)
HELD = (Appointment.Status.IN_SESSION, Appointment.Status.COMPLETED)
MOST_SHOWN = 30
CO_SIGN = "co-sign"  # the filter
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


def unfinished_of(user: User, *, now: dt.datetime) -> int:
    """How many notes of theirs are not signed, sessions without a note included (at most two queries)."""
    drafts: int = SessionNote.objects.filter(therapist=user).unsigned().count()
    return drafts + (held_without_note(user, now=now).filter(therapist=user).count() if user.is_therapist else 0)


def filtered(notes: SessionNoteQuerySet, picked: Mapping[str, Any]) -> SessionNoteQuerySet:
    """Rows of a list with its filters: state, therapist, client, location. What waits for a co-signature is in the
    order it was signed."""
    waits = picked["status"] == CO_SIGN
    filters = {
        "status": "" if waits else picked["status"],
        "therapist": picked["therapist"],
        "client": picked["client"],
        "appointment__location": picked["location"],
    }
    rows = notes.filter(**{name: value for name, value in filters.items() if value}).for_list()
    return rows.order_by("signed_at", "pk") if waits else rows


def missing_of(user: User, picked: Mapping[str, Any], *, now: dt.datetime) -> list[Appointment]:
    """Sessions without a note for a list that shows what is not signed, one more than stand there (at most one query).

    Of one therapist or one client: of everybody it would be a report, and is one (Practice → Notes not signed).
    """
    if picked["status"] in ("signed", CO_SIGN) or not (picked["therapist"] or picked["client"]):
        return []
    filters = {"therapist": picked["therapist"], "client": picked["client"], "location": picked["location"]}
    rows = held_without_note(user, now=now).filter(**{name: value for name, value in filters.items() if value})
    return list(rows.select_related("client", "therapist", "location", "service")[: MOST_SHOWN + 1])


def waiting_for_co_signature(user: User) -> SessionNoteQuerySet:
    """Signed notes that `user` may co-sign: whose supervisor they were at signing, or are now (one query here)."""
    now_theirs = list(TherapistProfile.objects.filter(supervisor=user).values_list("user", flat=True))
    is_theirs = Q(supervisor=user) | Q(supervisor__isnull=False, therapist__in=now_theirs)
    rows: SessionNoteQuerySet = SessionNote.objects.visible_to(user).signed().filter(is_theirs, co_signature=None)
    return rows.exclude(Q(therapist=user) | Q(signed_by=user))


def to_be_reminded(*, now: dt.datetime) -> Iterator[tuple[User, Location]]:
    """Active therapists for whom it is daytime, each with the place they work at (three queries)."""
    everywhere = list(Location.objects.active())
    for therapist in User.objects.therapists().prefetch_related("locations", "role_rows"):
        own = [location for location in therapist.locations.all() if location.is_active]
        location = next(iter(own or everywhere), None)
        if location and TOLD_FROM <= now.astimezone(location.zone).time() < TOLD_UNTIL:
            yield therapist, location
