"""The day calendar: what stands where, and what it costs to draw."""

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clinic.audit.models import Event
from clinic.people.models import Client, Location, Room, User
from intake.models import Invitation
from scheduling.calendar.parts import Column, Group
from scheduling.models import Appointment, Service, TimeOff, WorkingHours
from scheduling.rules import grid
from scheduling.services.holds import hold_slot
from tests import factories
from tests.scheduling.conftest import berlin

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Browser, front_desk: User, service: Service, room: Room) -> Browser:
    client.force_login(front_desk)
    return client


def page(browser: Browser, **params: Any) -> str:
    response = browser.get(reverse("scheduling:day"), params)
    assert response.status_code == 200
    return str(response.content.decode())


def book(client: Client, therapist: User, room: Room, hour: int, minute: int = 0, **more: Any) -> Appointment:
    starts_at = berlin(1, hour, minute)
    appointment: Appointment = factories.AppointmentFactory(
        client=client, therapist=therapist, room=room, starts_at=starts_at, **more
    )
    return appointment


def test_a_card_stands_at_its_minute(desk: Browser, client_record: Client, therapist: User, room: Room) -> None:
    book(client_record, therapist, room, 10, 5, minutes=50)
    html = page(desk)
    assert 'data-status="booked" data-at="10:05" data-until="10:55"' in html
    assert "Marcus Bell" in html


def test_every_state_has_an_icon_and_a_word(desk: Browser, therapist: User, room: Room) -> None:
    for hour, status in enumerate(Appointment.Status.values, start=8):
        book(factories.ClientFactory(), therapist, room, hour, status=status)
    html = page(desk)
    for label in ("Held", "Booked", "Confirmed", "Arrived", "In session", "Completed", "No-show", "Cancelled late"):
        assert f'<span class="visually-hidden">{label}: </span>' in html
    assert "icon-late-cancelled" not in html


def test_a_card_shows_alerts_new_clients_red_flags_and_intake(
    desk: Browser, client_record: Client, therapist: User, room: Room, location: Location
) -> None:
    factories.AlertFactory(client=client_record, label="Latex allergy")
    invitation = Invitation.objects.create(client=client_record, location=location, state="started")
    book(client_record, therapist, room, 10, is_first_visit=True, invitation=invitation)
    html = page(desk)
    assert "Alert: Latex allergy" in html
    assert '<span class="new">New</span>' in html
    assert 'class="form-started" title="In progress"' in html


def test_what_others_wrote_is_text_on_a_card_and_never_markup(
    desk: Browser, therapist: User, room: Room, service: Service, at: Any
) -> None:
    typed = '<b title="x">&'
    Service.objects.update(name=typed)
    therapist.name, room.name = typed, typed
    therapist.save()
    room.save()
    someone = factories.ClientFactory(given_name=typed, family_name=typed)
    factories.AlertFactory(client=someone, label=typed)
    book(someone, therapist, room, 9, status="arrived", arrived_at=berlin(1, 8, 55), note=typed)
    book(someone, therapist, room, 12, status="cancelled", cancel_reason=typed)
    other = factories.ClientFactory()
    book(other, therapist, room, 9, is_overlap_allowed=True, overlap_reason=typed)
    TimeOff.objects.create(therapist=therapist, during=(berlin(1, 14), berlin(1, 15)), reason=typed)
    at(berlin(1, 9))
    for columns in ("therapists", "rooms", "week"):
        html = page(desk, columns=columns)
        assert "<b title=" not in html
        assert html.count("&lt;b title=&quot;x&quot;&gt;&amp;") > 10


def test_lunch_and_time_off_are_said_in_words(desk: Browser, therapist: User, location: Location) -> None:
    WorkingHours.objects.filter(therapist=therapist).delete()
    for start, end in ((8, 12), (13, 16)):
        factories.WorkingHoursFactory(
            therapist=therapist, location=location, starts_at=dt.time(start), ends_at=dt.time(end)
        )
    TimeOff.objects.create(therapist=therapist, during=(berlin(1, 9), berlin(1, 10)), reason="Training")
    html = page(desk)
    assert 'data-kind="lunch" data-at="12:00" data-until="13:00">Lunch<' in html
    assert 'data-kind="off" data-at="09:00" data-until="10:00">Training<' in html
    assert "Until 16:00" in html


def test_a_held_time_stands_beside_the_cancelled_card_it_came_from(
    desk: Browser, client_record: Client, therapist: User, room: Room, service: Service
) -> None:
    book(client_record, therapist, room, 10, minutes=45, status="cancelled")
    book(factories.ClientFactory(), therapist, room, 13, minutes=45)
    wish = {"service": service, "therapist": therapist, "room": room, "starts_at": berlin(1, 10)}
    hold_slot(**wish, cause="waitlist", expires_at=berlin(1, 9))
    for html in (page(desk), page(desk, columns="rooms")):
        assert 'data-status="cancelled" data-at="10:00" data-until="10:45" data-lane="0" data-lanes="2"' in html
        assert 'data-kind="held" data-at="10:00" data-until="10:45" data-lane="1" data-lanes="2"' in html
        assert 'data-status="booked" data-at="13:00" data-until="13:45" data-visit' in html


def test_a_gap_leads_to_booking_at_its_time(
    desk: Browser, client_record: Client, therapist: User, room: Room, location: Location
) -> None:
    book(client_record, therapist, room, 9)
    html = page(desk)
    assert f"therapist={therapist.pk}&amp;at=2026-06-01T09:45" in html
    assert "data-next" in html


def test_the_past_offers_no_gaps(desk: Browser) -> None:
    assert 'class="gap"' not in page(desk, date="2026-05-29")


def test_the_calendar_of_another_location_is_not_there(desk: Browser, other_location: Location) -> None:
    assert desk.get(reverse("scheduling:day"), {"location": other_location.pk}).status_code == 404


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({"date": "yesterday"}, 422),
        ({"date": "2026-02-31"}, 422),
        ({"date": "0001-01-01"}, 422),
        ({"location": "nowhere"}, 404),
        ({"location": str(uuid.UUID(int=7))}, 404),
        ({"columns": "week", "therapist": "x"}, 404),
        ({"columns": "sideways"}, 200),
    ],
)
def test_nonsense_in_the_address_is_refused(desk: Browser, params: dict[str, str], status: int) -> None:
    assert desk.get(reverse("scheduling:day"), params).status_code == status


def test_rooms_and_weeks_are_drawn_too(desk: Browser, client_record: Client, therapist: User, room: Room) -> None:
    book(client_record, therapist, room, 10)
    assert "Room 1" in page(desk, columns="rooms")
    week = page(desk, columns="week", therapist=therapist.pk)
    assert "Mon 1 Jun" in week
    assert "Marcus Bell" in week


def test_htmx_gets_grid_and_side_only(desk: Browser) -> None:
    response = desk.get(reverse("scheduling:day"), headers={"HX-Request": "true", "X-Background": "1"})
    html = response.content.decode()
    assert "<html" not in html
    assert 'id="day"' in html
    assert 'hx-swap-oob="true"' in html


def test_looking_is_on_record_and_refreshing_is_not(
    desk: Browser, client_record: Client, therapist: User, room: Room
) -> None:
    appointment = book(client_record, therapist, room, 10)
    page(desk)
    desk.get(reverse("scheduling:day"), headers={"HX-Request": "true", "X-Background": "1"})
    desk.get(reverse("scheduling:appointment-detail", args=[appointment.pk]))
    assert Event.objects.filter(action="calendar.read").count() == 1
    assert Event.objects.filter(action="appointment.read", client_id=client_record.pk).count() == 1


def test_who_waits_longest_comes_first(desk: Browser, therapist: User, room: Room, at: Any) -> None:
    late = factories.ClientFactory(given_name="Late", family_name="Comer")
    early = factories.ClientFactory(given_name="Early", family_name="Bird")
    book(late, therapist, room, 9, status="arrived", arrived_at=berlin(1, 8, 55))
    book(early, therapist, room, 10, status="arrived", arrived_at=berlin(1, 8, 40))
    at(berlin(1, 9))
    side = page(desk).split('id="side"')[1]
    assert side.index("Early Bird") < side.index("Late Comer")
    assert "20 min" in side


def test_after_hours_of_waiting_it_says_since_when(
    desk: Browser, client_record: Client, therapist: User, room: Room, at: Any
) -> None:
    book(client_record, therapist, room, 9, status="arrived", arrived_at=berlin(1, 8, 55))
    at(berlin(1, 16))
    shown = page(desk)
    assert "since 08:55" in shown
    assert "425 min" not in shown


def test_the_day_takes_as_many_queries_for_thirty_cards_as_for_three(
    desk: Browser, therapist: User, room: Room, location: Location
) -> None:
    def queries(**params: Any) -> int:
        with CaptureQueriesContext(connection) as captured:
            page(desk, **params)
        return len([each for each in captured.captured_queries if "django_session" not in each["sql"]])

    for hour in (8, 9, 10):
        book(factories.ClientFactory(), therapist, room, hour)
    queries()  # the first request of a session also writes it
    few = queries()
    for index in range(27):
        starts_at = berlin(1, 8) + dt.timedelta(minutes=20 * index)
        other = factories.UserFactory(roles=["therapist"], locations=[location])
        client = factories.ClientFactory()
        factories.AlertFactory(client=client)
        factories.AppointmentFactory(
            client=client,
            therapist=other,
            room=factories.RoomFactory(location=location, name=f"Side {index}"),
            starts_at=starts_at,
            minutes=15,
        )
    assert queries() == few
    assert few == 7  # the session's not counted
    assert queries(columns="week", therapist=therapist.pk) == 8  # one more for whose week could be shown


def test_overlapping_cards_stand_side_by_side() -> None:
    assert grid.lanes([(0, 60), (30, 90), (60, 120), (200, 260)]) == [(0, 2), (1, 2), (0, 2), (0, 1)]
    assert grid.lanes([]) == []


def test_a_sheet_holds_ten_columns_and_further_ones_are_dealt_out_evenly(location: Location) -> None:
    def columns_a_sheet(number: int) -> int:
        column = Column("", "", "", dt.date(2026, 6, 1), location)
        return Group(location, [column] * number, None).columns_a_sheet

    assert [columns_a_sheet(number) for number in (0, 1, 10, 11, 14, 20, 21, 41)] == [1, 1, 10, 6, 7, 10, 7, 9]


def test_nothing_in_the_page_is_inline(desk: Browser, client_record: Client, therapist: User, room: Room) -> None:
    book(client_record, therapist, room, 10)
    html = page(desk)
    assert " style=" not in html
    assert not re.search(r"\son[a-z]+=", html)
