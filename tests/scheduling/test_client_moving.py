"""The client moves a visit by their own link."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client as Browser

from clinic.audit.models import Event
from clinic.messaging import links
from clinic.messaging.models import OutboundMessage
from clinic.people.models import Client, Practice, Room, User
from scheduling.models import Appointment, BookingRules, Series, Service, SlotHold
from scheduling.services import mails
from tests import factories
from tests.scheduling.conftest import berlin

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(client_record: Client, therapist: User, room: Room, service: Service, practice: Practice) -> Appointment:
    made: Appointment = factories.AppointmentFactory(
        client=client_record, therapist=therapist, room=room, service=service, starts_at=berlin(3, 10)
    )
    return made


@pytest.fixture
def address(visit: Appointment) -> str:
    return f"{links.path_of(mails.link_to(visit))}move/"


def press(client: Browser, address: str, at: dt.datetime, **fields: Any) -> Any:
    return client.post(address, {"at": at.isoformat(), "version": "1"} | fields)


def test_free_times_are_shown_and_looking_changes_nothing(client: Browser, address: str, visit: Appointment) -> None:
    page = client.get(address).content.decode()
    assert "Wed 3 June, 10:00" in page
    assert 'value="2026-06-01T08:00:00+00:00"' in page
    page = client.get(f"{address}?month=2026-06").content.decode()
    assert "June 2026" in page
    visit.refresh_from_db()
    assert (visit.starts_at, visit.version) == (berlin(3, 10), 1)


def test_a_time_that_is_pressed_is_where_the_visit_goes(client: Browser, address: str, visit: Appointment) -> None:
    for _ in range(2):  # a double tap
        assert press(client, address, berlin(4, 14)).status_code == 302
    visit.refresh_from_db()
    assert (visit.starts_at, visit.version) == (berlin(4, 14), 2)
    assert OutboundMessage.objects.filter(purpose="moved", about_id=visit.pk).count() == 1
    assert Event.objects.get(action="appointment.moved").actor_display == "client 1 by link"


@pytest.mark.parametrize(
    ("moment", "status"),
    [
        (berlin(6, 10), 409),  # a Saturday
        (berlin(4, 14, 7), 409),
        (berlin(1, 7), 409),
        (berlin(1, 9), 409),  # too soon to be booked online
        (berlin(3, 10) + dt.timedelta(days=180), 409),
    ],
)
def test_a_time_that_is_not_offered_moves_nothing(
    client: Browser, address: str, visit: Appointment, moment: dt.datetime, status: int
) -> None:
    response = press(client, address, moment)
    assert response.status_code == status
    assert "Choose another one" in response.content.decode()
    visit.refresh_from_db()
    assert visit.starts_at == berlin(3, 10)


def test_a_taken_or_held_time_is_refused_and_others_are_shown(
    client: Browser, address: str, visit: Appointment, service: Service
) -> None:
    SlotHold.objects.create(
        service=service,
        therapist=visit.therapist,
        room=visit.room,
        location=visit.location,
        during=(berlin(4, 14), berlin(4, 14, 45)),
        occupies=(berlin(4, 14), berlin(4, 14, 45)),
        cause="online",
        expires_at=berlin(1, 9),
    )
    response = press(client, address, berlin(4, 14))
    assert response.status_code == 409
    assert re.search(r'name="at" value="', response.content.decode())


def test_nonsense_is_refused_in_words(client: Browser, address: str) -> None:
    response = client.post(address, {"at": "tomorrow", "version": "x"})
    assert response.status_code == 422
    assert "not a time" in response.content.decode()
    assert client.get(f"{address}?month=soon").status_code == 422


def test_what_the_desk_changed_in_between_is_looked_at_first(client: Browser, address: str, visit: Appointment) -> None:
    Appointment.objects.filter(pk=visit.pk).update(version=2)
    assert press(client, address, berlin(4, 14)).status_code == 412
    visit.refresh_from_db()
    assert visit.starts_at == berlin(3, 10)


@pytest.mark.parametrize("why", ["late", "closed", "not online", "therapist not online", "cancelled", "arrived"])
def test_when_it_cannot_be_moved_here_the_page_says_to_call(
    client: Browser, address: str, visit: Appointment, at: Callable[[dt.datetime], None], why: str
) -> None:
    visit.location.phone = "+493055501234"
    visit.location.save()
    if why == "late":
        at(berlin(2, 11))  # 23 hours before
    elif why == "closed":
        BookingRules.objects.create(is_online_open=False)
    elif why == "not online":
        Service.objects.update(is_bookable_online=False)
    elif why == "therapist not online":
        visit.therapist.therapist_profile.is_bookable_online = False
        visit.therapist.therapist_profile.save()
    else:
        Appointment.objects.update(status=why)
    assert "Move it to another time" not in client.get(address.removesuffix("move/")).content.decode()
    page = client.get(address).content.decode()
    assert "Please call us" in page
    assert "tel:+493055501234" in page
    assert press(client, address, berlin(4, 14)).status_code == 422
    visit.refresh_from_db()
    assert visit.starts_at == berlin(3, 10)


def test_the_other_visits_of_a_series_stand_below(client: Browser, address: str, visit: Appointment) -> None:
    series = Series.objects.create(
        client=visit.client,
        service=visit.service,
        therapist=visit.therapist,
        location=visit.location,
        rule="FREQ=WEEKLY;COUNT=2",
        first_on=dt.date(2026, 6, 3),
        begins_at=dt.time(10),
        timezone="Europe/Berlin",
        duration_minutes=45,
    )
    later = factories.AppointmentFactory(
        client=visit.client, therapist=visit.therapist, room=visit.room, service=visit.service, starts_at=berlin(10, 10)
    )
    Appointment.objects.filter(pk__in=[visit.pk, later.pk]).update(series=series)
    page = client.get(address.removesuffix("move/")).content.decode()
    assert "Wednesday 10 June 2026, 10:00" in page
