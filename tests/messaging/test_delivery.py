"""Delivery against a real SMTP server that answers, refuses, hangs and disappears."""

import datetime as dt
import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from celery import Celery, current_app
from django.conf import LazySettings
from django.db import connection

from clinic.core import clock
from clinic.messaging import delivery, doorbell, links, services
from clinic.messaging.courier import Courier
from clinic.messaging.models import ClientLink, OutboundMessage, Purpose
from clinic.people.models import Client, ContactPreference, User
from tests.messaging.conftest import Server

Queue = Callable[..., OutboundMessage]
SOON = dt.timedelta(days=2)


@pytest.fixture
def link(client_record: Client) -> ClientLink:
    return links.issue(
        client=client_record, purpose="appointment", object_id=uuid.uuid4(), expires_at=clock.now() + SOON
    )


def fate(message: OutboundMessage) -> tuple[str, str]:
    message.refresh_from_db()
    return message.state, message.last_error


def test_a_mail_arrives_with_time_place_link_and_calendar_file(
    smtp: Server, queue: Queue, link: ClientLink, settings: LazySettings
) -> None:
    settings.BASE_URL = "https://clinic.example.org"
    calendar_file = "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
    message = queue(purpose=Purpose.BOOKING, link=link, about_at=clock.now() + SOON, calendar_file=calendar_file)
    assert delivery.drain().sent == 1
    (mail,) = smtp.mails
    text = mail.get_body(("plain",)).get_content()
    assert f"https://clinic.example.org/a/{links.token_of(link)}/" in text
    assert "Harbour Street" in text
    assert "{" not in text
    assert "Harbour Hip Clinic" in mail["From"]
    assert mail["Reply-To"] == "clinic@example.org"
    assert mail["Message-ID"] == message.message_id or mail["Message-ID"].startswith(f"<{message.pk}@")
    (attachment,) = mail.iter_attachments()
    assert attachment.get_content_type() == "text/calendar"
    assert fate(message) == ("sent", "")
    assert message.sent_at
    assert message.message_id == mail["Message-ID"]


def test_what_is_not_due_waits(smtp: Server, queue: Queue) -> None:
    message = queue(due_at=clock.now() + SOON)
    assert delivery.drain().sent == 0
    assert fate(message) == ("pending", "")


def test_an_address_that_does_not_exist_bounces_and_the_rest_goes_on(
    smtp: Server, queue: Queue, client_record: Client
) -> None:
    smtp.rcpt_answers[client_record.email] = "550 no such user"
    message = queue()
    delivery.drain()
    assert fate(message) == ("bounced", "550 no such user")


def test_a_refused_text_bounces(smtp: Server, queue: Queue) -> None:
    smtp.data_answer = "554 not wanted"
    message = queue()
    delivery.drain()
    assert fate(message) == ("bounced", "554 not wanted")


def test_not_now_is_tried_again_later_and_then_goes(
    smtp: Server, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    smtp.data_answer = "451 try later"
    message = queue()
    delivery.drain()
    assert fate(message) == ("pending", "451 try later")
    smtp.data_answer = "250 OK"
    assert delivery.drain().sent == 0, "not before its minute is over"
    later = clock.now() + dt.timedelta(seconds=61)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert delivery.drain().sent == 1
    assert message.attempts == 1
    assert fate(message) == ("sent", "")


def test_after_eight_attempts_it_has_failed(smtp: Server, queue: Queue) -> None:
    smtp.data_answer = "451 try later"
    message = queue()
    for _ in range(delivery.MOST_ATTEMPTS):
        OutboundMessage.objects.update(leased_until=None)
        delivery.drain()
    assert fate(message) == ("failed", "451 try later")


def test_a_message_whose_worker_dies_each_time_is_given_up(smtp: Server, queue: Queue) -> None:
    message = queue()
    OutboundMessage.objects.update(
        state="sending", attempts=delivery.MOST_ATTEMPTS, leased_until=clock.now() - dt.timedelta(seconds=1)
    )
    delivery.drain()
    assert fate(message)[0] == "failed"
    assert not smtp.mails


def test_a_server_that_hangs_postpones(smtp: Server, queue: Queue, settings: LazySettings) -> None:
    settings.EMAIL_TIMEOUT = 0.2
    smtp.delay_seconds = 0.6
    smtp.data_answer = "451 too late anyway"
    message = queue()
    delivery.drain()
    assert fate(message) == ("pending", "the server hung up or gave no answer in time")


def test_a_server_that_is_gone_costs_no_attempt(queue: Queue, settings: LazySettings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    messages = [queue(), queue()]
    done = delivery.drain()
    assert done.is_unreachable
    assert not done.is_finished
    assert {fate(message)[0] for message in messages} == {"pending"}
    assert not OutboundMessage.objects.filter(attempts__gt=0).exists()


@pytest.mark.parametrize("address", ["broken", "a@b\r\nBcc: x@example.org", "käthe@example.org"])
def test_an_address_that_cannot_be_written_to_bounces(
    smtp: Server, queue: Queue, client_record: Client, address: str
) -> None:
    message = queue()
    Client.objects.filter(pk=client_record.pk).update(email=address)
    delivery.drain()
    assert fate(message)[0] == "bounced"
    assert not smtp.mails


def test_what_expired_is_not_sent(smtp: Server, queue: Queue) -> None:
    message = queue(expires_at=clock.now() - dt.timedelta(seconds=1))
    delivery.drain()
    assert fate(message) == ("void", "its time has passed")
    assert not smtp.mails


def test_the_cause_is_looked_at_again_before_sending(
    smtp: Server, queue: Queue, client_record: Client, front_desk: User, link: ClientLink
) -> None:
    revoked, unwanted = queue(link=link), queue(purpose=Purpose.FOLLOW_UP)
    to_staff = queue(purpose=Purpose.STAFF_FLAG, client=None, recipient=front_desk)
    links.revoke(purpose="appointment", object_id=link.object_id)
    ContactPreference.objects.create(client=client_record, channel="email", purpose="follow_up", is_allowed=False)
    User.objects.update(is_active=False)
    delivery.drain()
    assert fate(revoked) == ("void", "the link was ended")
    assert fate(unwanted) == ("void", "the client wants no such mail")
    assert fate(to_staff) == ("void", "no longer on the staff")
    assert not smtp.mails


def test_a_closed_record_gets_no_mail(smtp: Server, queue: Queue, client_record: Client) -> None:
    message = queue()
    Client.objects.filter(pk=client_record.pk).update(archived_at=clock.now())
    delivery.drain()
    assert fate(message)[0] == "void"


def test_a_mended_address_is_used(smtp: Server, queue: Queue, client_record: Client) -> None:
    message = queue()
    Client.objects.filter(pk=client_record.pk).update(email="mended@example.org")
    delivery.drain()
    assert smtp.mails[0]["To"] == "mended@example.org"
    message.refresh_from_db()
    assert message.address == "mended@example.org"


def test_what_is_voided_between_claim_and_send_does_not_go(smtp: Server, queue: Queue) -> None:
    about = uuid.uuid4()
    message = queue(about_id=about)
    claimed = delivery.claim()
    assert claimed
    services.void(about_id=about)
    with Courier() as courier:
        assert not delivery.deliver(claimed, courier)
    assert fate(message)[0] == "void"
    assert not smtp.mails


def test_what_was_accepted_counts_as_sent_even_if_voided_meanwhile(smtp: Server, queue: Queue) -> None:
    about = uuid.uuid4()
    message = queue(about_id=about)
    claimed = delivery.claim()
    assert claimed

    class VoidsWhileSending(Courier):
        def send(self, letter: object) -> None:
            services.void(about_id=about)

    delivery.deliver(claimed, VoidsWhileSending())
    assert fate(message)[0] == "sent"


def test_a_claimed_message_is_taken_over_when_its_worker_died(
    smtp: Server, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = queue()
    assert delivery.claim()
    assert delivery.drain().sent == 0, "the lease still runs"
    later = clock.now() + delivery.LEASE + dt.timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert delivery.drain().sent == 1
    assert fate(message)[0] == "sent"


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_each_of_two_hundred_messages_once(smtp: Server, queue: Queue) -> None:
    for _ in range(200):
        queue()

    def work() -> None:
        delivery.drain()
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(smtp.mails) == 200
    assert set(smtp.ids.values()) == {1}
    assert set(OutboundMessage.objects.values_list("state", "attempts")) == {("sent", 1)}


@pytest.mark.django_db(transaction=True)
def test_nothing_is_lost_or_doubled_when_workers_die_before_sending(smtp: Server, queue: Queue) -> None:
    """Every third message's worker dies with the claim in hand; after the lease another sends it."""
    for _ in range(30):
        queue()
    for _ in range(10):
        assert delivery.claim()
    delivery.drain()
    assert len(smtp.mails) == 20
    OutboundMessage.objects.filter(state="sending").update(leased_until=clock.now() - dt.timedelta(seconds=1))
    delivery.drain()
    assert len(smtp.ids) == 30
    assert set(smtp.ids.values()) == {1}


def test_time_that_runs_out_leaves_the_rest_for_the_next_run(smtp: Server, queue: Queue) -> None:
    queue(), queue()
    done = delivery.drain(budget_seconds=0)
    assert (done.sent, done.is_finished) == (1, False)


def test_a_broken_broker_does_not_break_what_was_saved(monkeypatch: pytest.MonkeyPatch) -> None:
    nobody_there = Celery(broker="redis://127.0.0.1:1/0", set_as_current=False)
    monkeypatch.setattr(doorbell, "current_app", nobody_there)
    assert doorbell.ring() is False


def test_the_web_process_rings_the_worker_of_this_practice(settings: LazySettings) -> None:
    assert current_app.conf.broker_url == settings.CELERY_BROKER_URL
    assert current_app.main == "clinic"


def test_a_message_that_is_due_rings_once_it_is_committed(
    queue: Queue, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    rung: list[str] = []
    monkeypatch.setattr(doorbell, "ring", lambda: rung.append("now"))
    with django_capture_on_commit_callbacks(execute=True):
        queue()
        queue(due_at=clock.now() + SOON)
        assert not rung
    assert rung == ["now"]
