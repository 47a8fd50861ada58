"""A word to therapists about notes that wait."""

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from clinic.audit import services as audit
from clinic.messaging.models import OutboundMessage, Purpose
from clinic.messaging.services import enqueue
from clinic.people.models import Location, User
from treatments.reads.unsigned import GRACE, waiting_for

STALE_AFTER = dt.timedelta(hours=20)  # tomorrow there is another, with other figures


@transaction.atomic
def remind_of_unsigned(*, therapist: User, location: Location, now: dt.datetime) -> OutboundMessage | None:
    """Put one mail into the outbox when notes wait longer than a day; none on a day that had one, sent or taken back.

    The mail says how many and how old, nothing of whom. The database knows the day's mail by its key, so two workers
    write one between them.
    """
    key = f"unsigned_notes:{therapist.pk}:{now.astimezone(location.zone):%Y-%m-%d}"
    if OutboundMessage.objects.filter(dedupe_key=key).exists():
        return None
    waiting = waiting_for(therapist, until=now - GRACE, now=now)
    if waiting.since is None:
        return None
    message = enqueue(
        purpose=Purpose.UNSIGNED_NOTES,
        dedupe_key=key,
        location=location,
        recipient=therapist,
        expires_at=now + STALE_AFTER,
        words={
            "count": str(waiting.count),
            "days": str((now - waiting.since).days),
            "link": f"{settings.BASE_URL}{reverse('treatments:note-list')}?status=draft",
        },
    )
    if message is not None:
        audit.record(None, "notes.reminded", therapist, changes={"waiting": waiting.count})
    return message
