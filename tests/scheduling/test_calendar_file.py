"""Calendar files: what mail programs do with them hangs on their smallest words."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client as Browser
from icalendar import Calendar, Event

from clinic.messaging import delivery, links
from clinic.messaging.models import OutboundMessage
from clinic.people.models import Client, Practice, Room, User
from scheduling import calendar_file
from scheduling.models import Appointment, Service
from scheduling.services import book_appointment, cancel_appointment, mails, move_appointment
from tests import factories
from tests.messaging.conftest import Server, smtp
from tests.scheduling.conftest import berlin

__all__ = ["smtp"]
pytestmark = pytest.mark.django_db

NASTY = 'Zoë’s; "Hip", \\ Leg & Co 🦵' + " and so on" * 5


@pytest.fixture
def booked(client_record: Client, therapist: User, room: Room, service: Service, front_desk: User) -> Appointment:
    return book_appointment(
        client=client_record, service=service, therapist=therapist, room=room, starts_at=berlin(3, 10), by=front_desk
    )


def received(smtp: Server, purpose: str) -> Any:
    """The mail as the server got it."""
    OutboundMessage.objects.filter(purpose=purpose, state="pending").update(due_at=berlin(1, 7))
    delivery.drain()
    return smtp.mails[-1]


def invitation(mail: Any) -> tuple[Any, Event]:
    """The part that mail programs act on, which comes after the text, and its one event."""
    body, attachment = mail.iter_parts()
    assert body.get_content_type() == "multipart/alternative"
    text, part = body.iter_parts()
    assert (text.get_content_type(), part.get_content_type()) == ("text/plain", "text/calendar")
    assert part.get_filename() is None
    assert (attachment.get_content_type(), attachment.get_filename()) == ("application/ics", "appointment.ics")
    raw = part.get_payload(decode=True).replace(b"\r\n", b"\n")
    assert raw == attachment.get_content().replace(b"\r\n", b"\n")
    (event,) = Calendar.from_ical(raw).walk("VEVENT")
    assert Calendar.from_ical(raw)["METHOD"] == part.get_param("method")
    assert part.get_param("charset") == "utf-8"
    return part, event


def test_a_mail_invites_moves_and_cancels_one_event(smtp: Server, booked: Appointment, front_desk: User) -> None:
    part, first = invitation(received(smtp, "booking"))
    assert part.get_param("method") == "REQUEST"
    moved = move_appointment(appointment=booked, starts_at=berlin(4, 14), by=front_desk)
    part, second = invitation(received(smtp, "moved"))
    assert part.get_param("method") == "REQUEST"
    assert second.decoded("DTSTART") == berlin(4, 14)
    cancel_appointment(appointment=moved, by=front_desk, reason="Sciatica is worse")
    part, last = invitation(received(smtp, "cancelled"))
    assert part.get_param("method") == "CANCEL"
    assert first["UID"] == second["UID"] == last["UID"]
    assert [first["SEQUENCE"], second["SEQUENCE"], last["SEQUENCE"]] == [0, 1, 2]
    assert [first["STATUS"], second["STATUS"], last["STATUS"]] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    for event in (first, second, last):
        assert event["ORGANIZER"] == "mailto:clinic@example.org"
        assert event["ORGANIZER"].params["CN"] == "Harbour Hip Clinic"
        assert event["ATTENDEE"] == f"mailto:{booked.client.email}"
        assert event["ATTENDEE"].params["RSVP"] == "FALSE"
        assert event["CLASS"] == "PRIVATE"


def lines(file: str) -> Iterator[bytes]:
    assert not re.search(r"(?<!\r)\n|\r(?!\n)", file)
    yield from file.encode().split(b"\r\n")


def test_names_with_commas_quotes_breaks_and_emoji_come_out_as_they_went_in(
    smtp: Server, booked: Appointment, practice: Practice
) -> None:
    practice.name = NASTY + "\r\nATTENDEE:mailto:evil@example.org\x07"
    booked.location.name, booked.location.address = (
        "Ørsted; Hof, 2",
        "1, Harbour Street\r\nBEGIN:VALARM\n\n 10115 Berlin",
    )
    file = calendar_file.render(booked, practice=practice)
    assert max(len(line) for line in lines(file)) <= 75
    (event,) = Calendar.from_ical(file).walk("VEVENT")
    assert event["SUMMARY"] == f"Appointment at {NASTY} ATTENDEE:mailto:evil@example.org"
    assert event["LOCATION"] == "Ørsted; Hof, 2, 1, Harbour Street, BEGIN:VALARM, 10115 Berlin"
    assert event["ATTENDEE"] == f"mailto:{booked.client.email}"
    assert not event.subcomponents
    OutboundMessage.objects.filter(purpose="booking").update(calendar_file=file)
    _part, arrived = invitation(received(smtp, "booking"))
    assert arrived["SUMMARY"] == event["SUMMARY"]
    assert arrived["ORGANIZER"].params["CN"].startswith("Zoë’s; 'Hip', \\ Leg & Co 🦵")


def test_a_practice_without_an_address_invites_from_where_its_mails_come(
    booked: Appointment, practice: Practice
) -> None:
    practice.email = ""
    (event,) = Calendar.from_ical(calendar_file.render(booked, practice=practice)).walk("VEVENT")
    assert event["ORGANIZER"] == "mailto:clinic@example.org"


def test_the_file_of_a_series_holds_every_visit(smtp: Server, booked: Appointment, practice: Practice) -> None:
    second = factories.AppointmentFactory(
        client=booked.client, therapist=booked.therapist, room=booked.room, service=booked.service,
        starts_at=berlin(10, 10), status="cancelled", version=3,
    )  # fmt: skip
    file = calendar_file.render_all([booked, second], practice=practice)
    events = Calendar.from_ical(file).walk("VEVENT")
    assert [event["UID"].split("@")[0] for event in events] == [str(booked.pk), str(second.pk)]
    assert [(event["STATUS"], event["SEQUENCE"]) for event in events] == [("CONFIRMED", 0), ("CANCELLED", 2)]
    assert "METHOD:PUBLISH" in file
    assert "ATTENDEE" not in file
    OutboundMessage.objects.filter(purpose="booking").update(calendar_file=file)
    (attachment,) = received(smtp, "booking").iter_attachments()
    assert (attachment.get_content_type(), attachment.get_filename()) == ("text/calendar", "appointment.ics")
    assert len(Calendar.from_ical(attachment.get_payload(decode=True)).walk("VEVENT")) == 2


def test_the_file_behind_the_link_is_one_to_open_and_not_an_invitation(client: Browser, booked: Appointment) -> None:
    address = f"{links.path_of(mails.link_to(booked))}calendar.ics"
    for status in ("CONFIRMED", "CANCELLED"):
        found = Calendar.from_ical(client.get(address).content)
        (event,) = found.walk("VEVENT")
        assert (found["METHOD"], event["STATUS"], event["UID"]) == ("PUBLISH", status, calendar_file.uid_of(booked))
        Appointment.objects.update(status="cancelled")


def test_neither_service_nor_therapist_nor_client_is_named(booked: Appointment, practice: Practice) -> None:
    file = calendar_file.render(booked, practice=practice) + calendar_file.render_all([booked], practice=practice)
    for said in (booked.service.name, booked.therapist.name, "Marcus", "Bell"):
        assert said not in file
