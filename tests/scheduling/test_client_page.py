"""The client's own page: reading changes nothing, and a link opens only what it is for."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from clinic.core import clock
from clinic.messaging import links
from clinic.messaging.models import ClientLink
from clinic.people.models import Client, Room, User
from intake.models import Invitation
from scheduling.models import Appointment, BookingRules, Service
from scheduling.services import mails
from tests import factories
from tests.scheduling.conftest import berlin

pytestmark = pytest.mark.django_db


@pytest.fixture
def appointment(client_record: Client, therapist: User, room: Room, service: Service) -> Appointment:
    made: Appointment = factories.AppointmentFactory(
        client=client_record, therapist=therapist, room=room, service=service, starts_at=berlin(3, 10)
    )
    return made


@pytest.fixture
def address(appointment: Appointment) -> str:
    return links.path_of(mails.link_to(appointment))


def test_it_says_when_where_and_with_whom(client: Browser, address: str) -> None:
    response = client.get(address)
    html = response.content.decode()
    assert "Wednesday 3 June 2026" in html
    assert "10:00" in html
    assert "CEST" in html
    assert "Amina Osei" in html
    assert response["Referrer-Policy"] == "no-referrer"


def test_what_the_visit_is_for_stays_unsaid(client: Browser, address: str, service: Service) -> None:
    assert service.name not in client.get(address).content.decode()


def test_opening_it_twenty_times_changes_nothing(client: Browser, address: str, appointment: Appointment) -> None:
    before = (Appointment.objects.values().get(), ClientLink.objects.values().get())
    for _ in range(20):
        assert client.get(address).status_code == 200
        assert client.get(f"{address}calendar.ics").status_code == 200
        assert client.get(f"{address}cancel/").status_code == 405
        assert client.get(f"{address}confirm/").status_code == 405
    assert (Appointment.objects.values().get(), ClientLink.objects.values().get()) == before


def test_the_client_confirms_and_cancels(client: Browser, address: str, appointment: Appointment) -> None:
    assert client.post(f"{address}confirm/").status_code == 302
    assert client.post(f"{address}confirm/").status_code == 302
    appointment.refresh_from_db()
    assert (appointment.status, appointment.version) == ("confirmed", 2)
    assert client.post(f"{address}cancel/").status_code == 302
    assert client.post(f"{address}cancel/").status_code == 302
    appointment.refresh_from_db()
    assert (appointment.status, appointment.version) == ("cancelled", 3)
    page = client.get(address).content.decode()
    assert "is cancelled" in page
    assert f'href="{reverse("scheduling:book-online")}"' in page
    BookingRules.objects.create(is_online_open=False)
    assert f'href="{reverse("scheduling:book-online")}"' not in client.get(address).content.decode()


def test_cancelling_late_is_said_before_and_recorded_after(
    client: Browser, address: str, appointment: Appointment, at: Callable[[dt.datetime], None]
) -> None:
    at(berlin(3, 8))
    assert "late cancellation" in client.get(address).content.decode()
    client.post(f"{address}cancel/")
    appointment.refresh_from_db()
    assert appointment.status == "late-cancelled"


def test_once_it_has_begun_it_cannot_be_cancelled_here(
    client: Browser, address: str, appointment: Appointment, at: Callable[[dt.datetime], None]
) -> None:
    at(berlin(3, 10, 5))
    assert client.post(f"{address}cancel/").status_code == 422
    assert client.post(f"{address}confirm/").status_code == 422


def test_the_calendar_file_parses_and_is_in_utc(client: Browser, address: str, appointment: Appointment) -> None:
    response = client.get(f"{address}calendar.ics")
    assert response["Content-Type"].startswith("text/calendar")
    event = Calendar.from_ical(response.content).walk("VEVENT")[0]
    assert event.decoded("DTSTART") == appointment.starts_at
    assert b"DTSTART:20260603T080000Z" in response.content
    assert str(appointment.pk) in event["UID"]


def test_a_form_that_is_due_is_one_tap_away(
    client: Browser, address: str, appointment: Appointment, client_record: Client
) -> None:
    link = links.issue(
        client=client_record, purpose="intake", object_id=appointment.pk, expires_at=clock.now() + dt.timedelta(days=9)
    )
    invitation = Invitation.objects.create(client=client_record, location=appointment.location, link=link)
    Appointment.objects.update(invitation=invitation)
    assert f'href="{links.path_of(link)}"' in client.get(address).content.decode()
    Invitation.objects.update(state="done", completed_at=clock.now())
    html = client.get(address).content.decode()
    assert links.path_of(link) not in html
    assert "Your form has arrived" in html


def test_wrong_expired_revoked_and_foreign_links_are_the_same_404(
    client: Browser, address: str, appointment: Appointment, client_record: Client, at: Callable[..., None]
) -> None:
    def body(path: str) -> tuple[int, Any]:
        response = client.get(path)
        return response.status_code, response.content.replace(path.encode(), b"")

    wrong = body("/a/" + "x" * 43 + "/")
    other = links.issue(
        client=client_record, purpose="intake", object_id=appointment.pk, expires_at=clock.now() + dt.timedelta(days=9)
    )
    assert wrong[0] == 404
    assert body(f"/a/{links.token_of(other)}/")[0] == 404
    ClientLink.objects.filter(purpose="appointment").update(revoked_at=timezone.now())
    assert body(address)[0] == 404
    ClientLink.objects.filter(purpose="appointment").update(revoked_at=None)
    at(berlin(30, 10))
    for path in (address, f"{address}calendar.ics"):
        assert client.get(path).status_code == 404
    assert client.post(f"{address}cancel/").status_code == 404
