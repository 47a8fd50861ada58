"""Writing to the outbox."""

import datetime as dt
import uuid
from typing import TypedDict, Unpack

from django.db import transaction

from clinic.core import clock
from clinic.messaging import wordings
from clinic.messaging.models import ClientLink, OutboundMessage
from clinic.people.models import Client, Location, User


class MessageDetails(TypedDict, total=False):
    """What a message may carry besides its purpose."""

    link: ClientLink | None
    about_id: uuid.UUID | None
    about_at: dt.datetime | None
    expires_at: dt.datetime | None
    calendar_file: str


@transaction.atomic
def enqueue(
    *,
    purpose: str,
    dedupe_key: str,
    location: Location,
    client: Client | None = None,
    recipient: User | None = None,
    due_at: dt.datetime | None = None,
    **details: Unpack[MessageDetails],
) -> OutboundMessage | None:
    """Write one message to the outbox in the caller's transaction; the same `dedupe_key` writes nothing twice.

    Returns None when the client has no address or wants no such mail. The text is the practice's wording for
    `purpose`; it may speak of clinic, place, time and link, never of health.
    """
    address = client.email if client else recipient.email if recipient else ""
    if not address or (client and not wants(client, purpose=purpose)):
        return None
    subject, body = wordings.render(purpose=purpose, client=client, location=location, about_at=details.get("about_at"))
    message, created = OutboundMessage.objects.get_or_create(
        dedupe_key=dedupe_key,
        defaults={
            "purpose": purpose,
            "client": client,
            "recipient": recipient,
            "location": location,
            "address": address,
            "subject": subject,
            "body": body,
            "due_at": due_at or clock.now(),
            **details,
        },
    )
    return message if created else None


def wants(client: Client, *, purpose: str) -> bool:
    """Whether the client lets us write for this purpose; silence means yes."""
    return not client.contact_preferences.filter(channel="email", purpose=purpose, is_allowed=False).exists()


@transaction.atomic
def void(*, about_id: uuid.UUID, purposes: list[str] | None = None) -> int:
    """Take back what waits for an appointment or other thing. Returns how many messages."""
    waiting = OutboundMessage.objects.filter(about_id=about_id, state=OutboundMessage.State.PENDING)
    if purposes:
        waiting = waiting.filter(purpose__in=purposes)
    return waiting.update(state=OutboundMessage.State.VOID, updated_at=clock.now())
