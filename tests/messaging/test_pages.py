"""The pages of messages: ledger, wordings, mailbox."""

import datetime as dt
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client as Browser
from django.test import RequestFactory
from django.urls import reverse

from clinic.core import clock
from clinic.core.errors import Missing
from clinic.messaging import links
from clinic.messaging.models import MessageTemplate, OutboundMessage, Purpose
from clinic.messaging.views import mailbox as views
from clinic.people.models import Client, User
from tests import factories

Queue = Callable[..., OutboundMessage]
LIST = "/messages/"


@pytest.fixture
def desk(client: Browser, front_desk: User) -> Browser:
    client.force_login(front_desk)
    return client


def test_an_empty_ledger_says_what_will_fill_it(desk: Browser) -> None:
    page = desk.get(LIST).content.decode()
    assert "No messages yet" in page


def test_the_ledger_shows_what_waits_and_what_became_of_the_rest(desk: Browser, queue: Queue) -> None:
    queue(due_at=clock.now() + dt.timedelta(hours=3))
    sent, bounced = queue(purpose=Purpose.BOOKING), queue(purpose=Purpose.MOVED)
    OutboundMessage.objects.filter(pk=sent.pk).update(state="sent", sent_at=clock.now())
    OutboundMessage.objects.filter(pk=bounced.pk).update(state="bounced", last_error="550 no such user")
    page = desk.get(LIST).content.decode()
    for words in ("1 message waits.", "Next to go out", "Waiting", "Sent", "Bounced", "Marcus Bell"):
        assert words in page


def test_filters_stand_in_the_address(desk: Browser, queue: Queue) -> None:
    queue(purpose=Purpose.BOOKING)
    voided = queue(purpose=Purpose.MOVED)
    OutboundMessage.objects.filter(pk=voided.pk).update(state="void")
    assert [row.pk for row in desk.get(LIST, {"fate": "void"}).context["page"]] == [voided.pk]
    assert [row.purpose for row in desk.get(LIST, {"fate": "waiting"}).context["page"]] == ["booking"]
    assert not desk.get(LIST, {"purpose": "follow_up"}).context["ledger"].first
    assert desk.get(LIST, {"fate": "x", "purpose": "y", "due": "z", "page": "-1"}).status_code == 200


def test_a_message_opens_beside_the_list_with_its_link_masked(
    desk: Browser, queue: Queue, client_record: Client
) -> None:
    link = links.issue(
        client=client_record, purpose="intake", object_id=uuid.uuid4(), expires_at=clock.now() + dt.timedelta(days=1)
    )
    message = queue(link=link, purpose=Purpose.INTAKE)
    page = desk.get(reverse("messaging:message-detail", args=[message.pk])).content.decode()
    assert "[the person&#x27;s own link]" in page
    assert links.token_of(link) not in page


def test_an_opened_message_keeps_the_filters_of_the_list(desk: Browser, queue: Queue) -> None:
    message = queue()
    page = desk.get(reverse("messaging:message-detail", args=[message.pk]), {"purpose": "moved"})
    assert page.context["opened"] == message
    assert not page.context["ledger"].first


def test_a_stranger_sees_no_message_of_this_location(client: Browser, stranger: User, queue: Queue) -> None:
    client.force_login(stranger)
    message = queue()
    assert "Marcus" not in client.get(LIST).content.decode()
    for name in ("message-detail", "message-resend", "message-void"):
        address = reverse(f"messaging:{name}", args=[message.pk])
        response = client.get(address) if name == "message-detail" else client.post(address)
        assert response.status_code == 404
    message.refresh_from_db()
    assert message.state == "pending"


def test_the_desk_takes_back_and_sends_again(desk: Browser, queue: Queue) -> None:
    message = queue()
    desk.post(reverse("messaging:message-void", args=[message.pk]))
    message.refresh_from_db()
    assert message.state == "void"
    desk.post(reverse("messaging:message-resend", args=[message.pk]))
    assert OutboundMessage.objects.filter(state="pending").count() == 1


def test_acting_needs_a_post(desk: Browser, queue: Queue) -> None:
    message = queue()
    assert desk.get(reverse("messaging:message-void", args=[message.pk])).status_code == 405
    message.refresh_from_db()
    assert message.state == "pending"


def test_the_ledger_asks_as_many_questions_at_thirty_rows_as_at_three(
    desk: Browser, queue: Queue, location: Any, django_assert_max_num_queries: Any
) -> None:
    def fill(count: int) -> None:
        for _ in range(count):
            owner_of_it = factories.ClientFactory(locations=[location])
            row = queue(client=owner_of_it, about_at=clock.now() + dt.timedelta(days=2))
            if count % 2:
                OutboundMessage.objects.filter(pk=row.pk).update(state="sent")

    def asked() -> int:
        with django_assert_max_num_queries(40) as captured:
            assert desk.get(LIST).status_code == 200
        return len(captured)

    fill(3)
    desk.get(LIST)  # the session's first page writes to it
    few = asked()
    fill(15)
    fill(12)
    assert asked() == few


def test_a_wording_is_changed_on_its_page(desk: Browser) -> None:
    address = reverse("messaging:wording-edit", args=["reminder"])
    assert "Harbour Hip Clinic" in desk.get(address).content.decode()
    refused = desk.post(address, {"subject": "Hello {name}", "body": "x", "is_active": "on"})
    assert refused.status_code == 422
    assert "not a placeholder here" in refused.content.decode()
    assert desk.post(address, {"subject": "Soon", "body": "{when}", "is_active": "on"}).status_code == 302
    assert MessageTemplate.objects.get().subject == "Soon"
    assert "your own" in desk.get("/messages/wordings/").content.decode()
    desk.post(reverse("messaging:wording-reset", args=["reminder"]))
    assert not MessageTemplate.objects.exists()


def test_the_preview_fills_in_sample_data_and_escapes(desk: Browser) -> None:
    address = reverse("messaging:wording-preview", args=["reminder"])
    page = desk.post(address, {"subject": "At {clinic}", "body": "<script>x</script> Hi {name}"}).content.decode()
    assert "At Harbour Hip Clinic" in page
    assert "<script>" not in page
    assert "not a placeholder" in desk.post(address, {"subject": "x", "body": "{{7*7}}"}).content.decode()
    assert not MessageTemplate.objects.exists()


@pytest.mark.parametrize("name", ["wording-edit", "wording-preview", "wording-reset"])
def test_an_unknown_wording_is_not_found(desk: Browser, name: str) -> None:
    assert desk.post(reverse(f"messaging:{name}", args=["spam"]), {"subject": "x", "body": "y"}).status_code == 404


@pytest.fixture
def mailbox(tmp_path: Path, settings: LazySettings) -> Path:
    settings.MAILBOX_DIR = tmp_path
    settings.DEMO = True
    (tmp_path / "new").mkdir()
    return tmp_path / "new"


MAIL = """From: Clinic <clinic@example.org>
To: sam@example.org
Subject: Your appointment
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=x

--x
Content-Type: text/plain; charset=utf-8

Hello <b>Sam</b>
http://127.0.0.1:8000/a/token/
--x
Content-Type: text/calendar; charset=utf-8
Content-Disposition: attachment; filename="appointment.ics"

BEGIN:VCALENDAR
--x--
"""


def test_the_mailbox_shows_mails_with_links_to_follow(desk: Browser, mailbox: Path) -> None:
    assert "No mail yet" in desk.get("/mailbox/").content.decode()
    (mailbox / "01.a.eml").write_text(MAIL)
    page = desk.get("/mailbox/").content.decode()
    assert '<a href="http://127.0.0.1:8000/a/token/"' in page
    assert "Hello &lt;b&gt;Sam" in page
    file = desk.get("/mailbox/01.a.eml/attachments/0/")
    assert file.headers["Content-Disposition"] == 'attachment; filename="appointment.ics"'
    assert b"VCALENDAR" in b"".join(file.streaming_content)


@pytest.mark.parametrize(
    "path", ["/mailbox/nothing.eml/", "/mailbox/..%2F..%2Fetc%2Fpasswd/", "/mailbox/01.a.eml/attachments/7/"]
)
def test_a_mail_that_is_not_in_the_folder_is_not_found(desk: Browser, mailbox: Path, path: str) -> None:
    (mailbox / "01.a.eml").write_text(MAIL)
    assert desk.get(path).status_code == 404


@pytest.mark.parametrize(
    ("view", "arguments"),
    [
        (views.mailbox_list, {}),
        (views.mailbox_list, {"name": "01.a.eml"}),
        (views.mailbox_attachment, {"name": "01.a.eml", "number": 0}),
    ],
)
def test_outside_the_demo_there_is_no_mailbox(
    rf: RequestFactory, front_desk: User, mailbox: Path, settings: LazySettings, view: Any, arguments: dict[str, Any]
) -> None:
    (mailbox / "01.a.eml").write_text(MAIL)
    settings.DEMO = False
    request = rf.get("/mailbox/")
    request.user = front_desk
    with pytest.raises(Missing):
        view(request, **arguments)
