"""Writing to the outbox, and what staff may do to what stands there."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.audit import services as audit
from clinic.core import clock
from clinic.core.errors import Conflict, Refused
from clinic.messaging import doorbell, wordings
from clinic.messaging.models import ClientLink, OutboundMessage, Purpose
from clinic.people.models import Client, Location, User
from clinic.people.permissions import Permission, require

State = OutboundMessage.State
# Worth nothing once the appointment has begun.
BEFORE_THE_VISIT = frozenset(
    {Purpose.BOOKING, Purpose.MOVED, Purpose.REMINDER, Purpose.INTAKE, Purpose.BEFORE_VISIT, Purpose.FORM_REMINDER}
)


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
    words: Mapping[str, str] | None = None,
    **details: Unpack[MessageDetails],
) -> OutboundMessage | None:
    """Write one message to the outbox in the caller's transaction; the same `dedupe_key` writes nothing twice.

    Returns None when it stands there already, or has no address, or person or practice want no such mail. A voided one
    comes back to life with the new text: the practice's wording with `words` of the purpose's own, never of health.
    """
    person = client or recipient
    if person is None or not person.email or (client and not wants(client, purpose=purpose)):
        return None
    wording = wordings.wording_of(purpose, wordings.language_of(person))
    if not wording.is_active:
        return None
    about_at, has_link = details.get("about_at"), bool(details.get("link") or recipient)
    subject, body = wordings.render(
        wording=wording, location=location, person=person, about_at=about_at, has_link=has_link, words=words
    )
    if about_at and purpose in BEFORE_THE_VISIT:
        details.setdefault("expires_at", about_at)
    fields = {
        "purpose": purpose,
        "client": client,
        "recipient": recipient,
        "location": location,
        "address": person.email,
        "subject": subject,
        "body": body,
        "due_at": due_at or clock.now(),
        **details,
    }
    return _write_once(dedupe_key, fields)


def wants(client: Client, *, purpose: str) -> bool:
    """Whether the client lets us write for this purpose; silence means yes."""
    return not client.contact_preferences.filter(channel="email", purpose=purpose, is_allowed=False).exists()


def void(*, about_id: uuid.UUID, purposes: list[str] | None = None, reason: str = "") -> int:
    """Take back what waits for an appointment or other thing, also what a worker has just taken up. Returns how many.

    `reason` is shown to staff: "moved", "cancelled"; never a health fact.
    """
    waiting = OutboundMessage.objects.filter(about_id=about_id, state__in=[State.PENDING, State.SENDING])
    if purposes:
        waiting = waiting.filter(purpose__in=purposes)
    return waiting.update(state=State.VOID, last_error=reason[:200], updated_at=clock.now())


@transaction.atomic
def void_message(*, message: OutboundMessage, by: User) -> OutboundMessage:
    """Take back one message that waits. Raises Conflict when it has gone or a worker has it."""
    require(by, Permission.SEND_MESSAGES, message)
    message = OutboundMessage.objects.select_for_update().get(pk=message.pk)
    if message.state != State.PENDING:
        raise Conflict(_("This message no longer waits, so it cannot be taken back."), code="message-not-waiting")
    message.state, message.last_error = State.VOID, _("taken back by staff")
    message.save(update_fields=["state", "last_error", "updated_at"])
    audit.record(by, "message.voided", message, client=message.client)
    return message


@transaction.atomic
def resend_message(*, message: OutboundMessage, by: User) -> OutboundMessage:
    """Send the same text again to the present address, as a message of its own. Raises Refused or Conflict."""
    require(by, Permission.SEND_MESSAGES, message)
    message = OutboundMessage.objects.with_people().select_for_update(of=("self",)).get(pk=message.pk)
    _check_sendable_again(message)
    person = message.client or message.recipient
    again = OutboundMessage.objects.filter(dedupe_key__startswith=f"again:{message.pk}:").count() + 1
    copy = OutboundMessage.objects.get(pk=message.pk)
    copy.pk, copy._state.adding = uuid.uuid4(), True
    copy.dedupe_key, copy.address = f"again:{message.pk}:{again}", person.email if person else message.address
    copy.state, copy.due_at, copy.attempts = State.PENDING, clock.now(), 0
    copy.last_error = copy.message_id = ""
    copy.leased_until = copy.sent_at = None
    copy.save()
    audit.record(by, "message.resent", copy, client=copy.client)
    transaction.on_commit(doorbell.ring)
    return copy


def _check_sendable_again(message: OutboundMessage) -> None:
    now = clock.now()
    if message.is_waiting:
        raise Conflict(_("This message has not gone out yet."), code="message-waiting")
    if message.expires_at and message.expires_at <= now:
        raise Refused(_("The time this message speaks of has passed."), code="message-expired")
    if message.link and (message.link.revoked_at or message.link.expires_at <= now):
        raise Refused(_("The link in this message no longer works. Send a new one instead."), code="link-ended")
    person = message.client or message.recipient
    if person is None or not person.email:
        raise Refused(_("There is no e-mail address. Add one to the client first."), code="no-address")


def _write_once(dedupe_key: str, fields: dict[str, object]) -> OutboundMessage | None:
    """Insert, or bring a voided row back to life; None when the message stands there already."""
    message, created = OutboundMessage.objects.get_or_create(dedupe_key=dedupe_key, defaults=fields)
    if not created:
        revived = OutboundMessage.objects.filter(pk=message.pk, state=State.VOID).update(
            **fields,
            state=State.PENDING,
            attempts=0,
            leased_until=None,
            last_error="",
            updated_at=clock.now(),
        )
        if not revived:
            return None
        message.refresh_from_db()
    if message.due_at <= clock.now():
        transaction.on_commit(doorbell.ring)
    return message
