"""Draining the outbox: claim → commit → look again → send → commit, one message at a time.

A worker that dies before the send leaves a lease that runs out, and another takes over. One that dies between the
server's 250 and our commit sends that one mail twice, with the same Message-ID: at least once, said openly.
"""

import datetime as dt
import time
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.core import clock
from clinic.messaging import letters, services
from clinic.messaging.courier import Courier, Postponed, Rejected, Unreachable
from clinic.messaging.models import OutboundMessage

State = OutboundMessage.State
# Above the worker's hard time limit of 60 s: when a lease has run out, its holder is gone.
LEASE = dt.timedelta(seconds=120)
MOST_ATTEMPTS = 8


@dataclass(slots=True)
class Drained:
    """What a run did. `is_finished` is false when time ran out with more to do, or the server was out of reach."""

    sent: int = 0
    others: int = 0
    is_finished: bool = True
    is_unreachable: bool = False


def drain(*, budget_seconds: float = 25) -> Drained:
    """Send what is due, oldest first, until nothing is left, time is up, or the server is out of reach."""
    done = Drained()
    deadline = time.monotonic() + budget_seconds
    with Courier() as courier:
        while message := claim():
            try:
                is_sent = deliver(message, courier)
            except Unreachable as error:
                release(message, str(error))
                done.is_finished, done.is_unreachable = False, True
                break
            done.sent, done.others = done.sent + is_sent, done.others + (not is_sent)
            if time.monotonic() > deadline:
                done.is_finished = False
                break
    return done


@transaction.atomic
def claim() -> OutboundMessage | None:
    """Take one due message; others skip it until the lease runs out. Two queries."""
    now = clock.now()
    due = OutboundMessage.objects.due(now).order_by("due_at")
    message: OutboundMessage | None = due.select_for_update(skip_locked=True, of=("self",)).first()
    if message is None:
        return None
    message.state, message.leased_until = State.SENDING, now + LEASE
    message.attempts += 1
    message.message_id = letters.message_id_of(message)
    message.save(update_fields=["state", "leased_until", "attempts", "message_id", "updated_at"])
    return message


def deliver(message: OutboundMessage, courier: Courier) -> bool:
    """Send a claimed message unless its cause has gone meanwhile. Returns whether it went. Raises Unreachable."""
    message = OutboundMessage.objects.with_people().get(pk=message.pk)
    if message.state != State.SENDING:
        return False
    if message.attempts > MOST_ATTEMPTS:
        return _settle(message, State.FAILED, _("the worker died each time it tried"))
    if obstacle := _obstacle(message, clock.now()):
        return _settle(message, State.VOID, obstacle)
    message.address = _present_address(message)
    try:
        courier.send(letters.write(message))
    except (Rejected, ValueError) as error:
        return _settle(message, State.BOUNCED, str(error))
    except Postponed as error:
        return _postpone(message, str(error))
    OutboundMessage.objects.filter(pk=message.pk).update(
        state=State.SENT,
        sent_at=clock.now(),
        address=message.address,
        leased_until=None,
        last_error="",
        updated_at=clock.now(),
    )
    return True


def release(message: OutboundMessage, why: str) -> None:
    """Put a claimed message back as it was: the server was out of reach, which is not the message's fault."""
    OutboundMessage.objects.filter(pk=message.pk, state=State.SENDING).update(
        state=State.PENDING,
        attempts=message.attempts - 1,
        leased_until=None,
        last_error=why[:200],
        updated_at=clock.now(),
    )


def _obstacle(message: OutboundMessage, now: dt.datetime) -> str:
    """Why a message should no longer go; empty when it should."""
    if message.expires_at and message.expires_at <= now:
        return _("its time has passed")
    if message.link and message.link.revoked_at:
        return _("the link was ended")
    if message.link and message.link.expires_at <= now:
        return _("the link has expired")
    if message.client and (message.client.archived_at or message.client.merged_into_id):
        return _("the client's record is closed")
    if message.client and not services.wants(message.client, purpose=message.purpose):
        return _("the client wants no such mail")
    if message.recipient and not message.recipient.is_active:
        return _("no longer on the staff")
    return "" if _present_address(message) else _("no e-mail address")


def _present_address(message: OutboundMessage) -> str:
    """The address of now, which may have been mended since the message was written."""
    person = message.client or message.recipient
    return person.email if person else ""


def _postpone(message: OutboundMessage, why: str) -> bool:
    """Try again later, in steps of 1, 2, 4 … 64 minutes; give up after eight attempts."""
    if message.attempts >= MOST_ATTEMPTS:
        return _settle(message, State.FAILED, why)
    wait = dt.timedelta(minutes=2 ** (message.attempts - 1))
    return _settle(message, State.PENDING, why, leased_until=clock.now() + wait)


def _settle(message: OutboundMessage, state: str, why: str, leased_until: dt.datetime | None = None) -> bool:
    """Note a fate other than sent, unless somebody voided the message meanwhile."""
    OutboundMessage.objects.filter(pk=message.pk, state=State.SENDING).update(
        state=state, last_error=why[:200], leased_until=leased_until, updated_at=clock.now()
    )
    return False
