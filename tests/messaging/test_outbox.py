"""What is written to the outbox, and what is not."""

import datetime as dt
import uuid
from collections.abc import Callable

import pytest
from django.db import transaction

from clinic.audit.models import Event
from clinic.core import clock
from clinic.core.errors import Conflict, Missing, NotAllowed, Refused
from clinic.messaging import links, services
from clinic.messaging.models import MessageTemplate, OutboundMessage, Purpose
from clinic.people.models import Client, ContactPreference, Location, User

Queue = Callable[..., OutboundMessage]
SOON = dt.timedelta(days=2)


def test_the_same_key_writes_nothing_twice(queue: Queue, client_record: Client, location: Location) -> None:
    queue(dedupe_key="booking:1")
    again = services.enqueue(purpose=Purpose.REMINDER, dedupe_key="booking:1", location=location, client=client_record)
    assert again is None
    assert OutboundMessage.objects.count() == 1


def test_a_message_goes_with_the_transaction_that_caused_it(queue: Queue) -> None:
    with transaction.atomic():
        queue()
        transaction.set_rollback(True)
    assert not OutboundMessage.objects.exists()


def test_a_client_without_an_address_gets_no_message(client_record: Client, location: Location) -> None:
    client_record.email = ""
    client_record.save()
    assert services.enqueue(purpose=Purpose.BOOKING, dedupe_key="x", location=location, client=client_record) is None


def test_a_client_who_said_stop_gets_no_message(client_record: Client, location: Location) -> None:
    ContactPreference.objects.create(client=client_record, channel="email", purpose=Purpose.REMINDER, is_allowed=False)
    assert services.enqueue(purpose=Purpose.REMINDER, dedupe_key="x", location=location, client=client_record) is None
    assert services.enqueue(purpose=Purpose.BOOKING, dedupe_key="y", location=location, client=client_record)


def test_what_the_practice_does_not_send_is_not_written(client_record: Client, location: Location) -> None:
    MessageTemplate.objects.create(purpose=Purpose.REMINDER, subject="x", body="y", is_active=False)
    assert services.enqueue(purpose=Purpose.REMINDER, dedupe_key="x", location=location, client=client_record) is None


def test_voiding_takes_back_what_waits_and_leaves_what_has_gone(queue: Queue) -> None:
    about = uuid.uuid4()
    waiting, gone, other = queue(about_id=about), queue(about_id=about), queue(about_id=uuid.uuid4())
    OutboundMessage.objects.filter(pk=gone.pk).update(state="sent")
    assert services.void(about_id=about, reason="moved") == 1
    states = dict(OutboundMessage.objects.values_list("pk", "state"))
    assert states == {waiting.pk: "void", gone.pk: "sent", other.pk: "pending"}


def test_voiding_can_be_limited_to_a_purpose(queue: Queue) -> None:
    about = uuid.uuid4()
    queue(about_id=about)
    assert services.void(about_id=about, purposes=[Purpose.BOOKING]) == 0


def test_a_voided_message_comes_back_when_its_cause_does(queue: Queue) -> None:
    """Moved away and back again: the reminder's key is the same, and it must still go."""
    about = uuid.uuid4()
    first = queue(dedupe_key="reminder:1", about_id=about)
    services.void(about_id=about)
    again = queue(dedupe_key="reminder:1", about_id=about)
    assert (again.pk, again.state, again.last_error) == (first.pk, "pending", "")


def test_a_message_before_a_visit_expires_when_the_visit_begins(queue: Queue) -> None:
    begins = clock.now() + SOON
    assert queue(purpose=Purpose.REMINDER, about_at=begins).expires_at == begins
    assert queue(purpose=Purpose.CANCELLED, about_at=begins).expires_at is None


def test_no_secret_rests_in_the_outbox(queue: Queue, client_record: Client) -> None:
    link = links.issue(
        client=client_record, purpose="appointment", object_id=uuid.uuid4(), expires_at=clock.now() + SOON
    )
    message = queue(link=link)
    assert "{link}" in message.body
    assert links.token_of(link) not in str(OutboundMessage.objects.values().get())


def test_staff_voids_what_waits_and_it_is_audited(queue: Queue, front_desk: User) -> None:
    message = services.void_message(message=queue(), by=front_desk)
    assert message.state == "void"
    assert Event.objects.filter(action="message.voided", object_id=str(message.pk)).exists()
    with pytest.raises(Conflict):
        services.void_message(message=message, by=front_desk)


def test_staff_sends_a_message_again_to_the_mended_address(
    queue: Queue, front_desk: User, client_record: Client
) -> None:
    message = queue()
    OutboundMessage.objects.filter(pk=message.pk).update(state="bounced", attempts=1, last_error="550 no such user")
    client_record.email = "mended@example.org"
    client_record.save()
    again = services.resend_message(message=message, by=front_desk)
    assert again.pk != message.pk
    assert (again.address, again.state, again.attempts, again.body) == (
        "mended@example.org",
        "pending",
        0,
        message.body,
    )
    assert Event.objects.filter(action="message.resent", object_id=str(again.pk)).exists()


def test_what_waits_cannot_be_sent_again(queue: Queue, front_desk: User) -> None:
    with pytest.raises(Conflict):
        services.resend_message(message=queue(), by=front_desk)


def test_what_is_past_its_time_or_its_link_cannot_be_sent_again(
    queue: Queue, front_desk: User, client_record: Client
) -> None:
    late = queue(expires_at=clock.now() - SOON)
    link = links.issue(client=client_record, purpose="intake", object_id=uuid.uuid4(), expires_at=clock.now() + SOON)
    revoked = queue(link=link)
    OutboundMessage.objects.update(state="sent")
    links.revoke(purpose="intake", object_id=link.object_id)
    for message in (late, revoked):
        with pytest.raises(Refused):
            services.resend_message(message=message, by=front_desk)


def test_a_stranger_can_neither_void_nor_resend(queue: Queue, stranger: User) -> None:
    message = queue()
    for act in (services.void_message, services.resend_message):
        with pytest.raises(Missing):
            act(message=message, by=stranger)
    stranger.is_active = False
    with pytest.raises(NotAllowed):
        services.void_message(message=message, by=stranger)
