"""Cards that are dropped: where they go, what is said when they cannot, and whether others see it."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clinic.people.models import Client, Location, Room, User
from scheduling import services
from scheduling.models import Appointment, Service, TimeOff
from scheduling.services.holds import hold_slot, release_hold
from tests import factories
from tests.scheduling.conftest import berlin, work

pytestmark = pytest.mark.django_db
SCRIPT = {"X-Requested-With": "XMLHttpRequest"}


@pytest.fixture
def desk(client: Browser, front_desk: User, service: Service, room: Room) -> Browser:
    client.force_login(front_desk)
    return client


@pytest.fixture
def visit(desk: Browser, client_record: Client, service: Service, therapist: User, room: Room) -> Appointment:
    appointment: Appointment = factories.AppointmentFactory(
        client=client_record, service=service, therapist=therapist, room=room, starts_at=berlin(1, 10), minutes=45
    )
    return appointment


@pytest.fixture
def other(visit: Appointment, service: Service, therapist: User, room: Room) -> Appointment:
    appointment: Appointment = factories.AppointmentFactory(
        client=factories.ClientFactory(given_name="Ewa", family_name="Lindgren"),
        service=service, therapist=therapist, room=room, starts_at=berlin(1, 13), minutes=45,
    )  # fmt: skip
    return appointment


def drop(desk: Browser, visit: Appointment, **body: Any) -> Any:
    url = reverse("scheduling:appointment-place", args=[visit.pk])
    return desk.post(url, {"version": visit.version, **body}, headers=SCRIPT)


def test_a_dropped_card_says_where_it_is_and_how_to_take_it_back(
    desk: Browser, visit: Appointment, other_therapist: User, location: Location
) -> None:
    answer = drop(desk, visit, at="2026-06-01T11:30", therapist=other_therapist.pk, location=location.pk)
    assert answer.status_code == 200
    assert "Marcus Bell moved to Mon 1 Jun, 11:30 with Tomás Herrera" in answer.json()["text"]
    visit.refresh_from_db()
    assert (visit.starts_at, visit.therapist) == (berlin(1, 11, 30), other_therapist)
    assert desk.post(answer.json()["undo"], headers=SCRIPT).json()["text"].startswith("Taken back")
    visit.refresh_from_db()
    assert visit.starts_at == berlin(1, 10)


def test_without_a_script_the_day_comes_back_where_it_was(desk: Browser, visit: Appointment) -> None:
    body = {"until": "2026-06-01T11:00", "version": 1, "next": "/calendar/?location=all"}
    answer = desk.post(reverse("scheduling:appointment-place", args=[visit.pk]), body)
    assert (answer.status_code, answer["Location"]) == (302, "/calendar/?location=all")


def test_a_clash_names_who_and_offers_free_times_and_an_overlap_to_whom_may(
    desk: Browser, visit: Appointment, other: Appointment, therapist: User
) -> None:
    answer = drop(desk, visit, at="2026-06-01T13:15")
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Amina Osei is taken from 13:00 to 13:45: Ewa Lindgren" in html
    assert html.count('name="at" value="2026-06-01T') >= 3
    assert "Two at once, on purpose" in html
    desk.force_login(therapist)
    assert "Two at once, on purpose" not in drop(desk, visit, at="2026-06-01T13:15").content.decode()
    assert drop(desk, visit, at="2026-06-01T13:15", overlap="1", overlap_reason="Twins").status_code == 403


def test_an_overlap_needs_a_reason_and_then_stands_on_the_card(
    desk: Browser, visit: Appointment, other: Appointment
) -> None:
    refused = drop(desk, visit, at="2026-06-01T13:15", overlap="1", overlap_reason=" ")
    assert (refused.status_code, "Say why" in refused.content.decode()) == (422, True)
    assert drop(desk, visit, at="2026-06-01T13:15", overlap="1", overlap_reason="Twins").status_code == 200
    assert "Two at once: Twins" in desk.get(reverse("scheduling:day"), {"date": "2026-06-01"}).content.decode()


def test_time_off_is_explained_with_what_is_free_nearby(desk: Browser, visit: Appointment, therapist: User) -> None:
    TimeOff.objects.create(therapist=therapist, during=(berlin(1, 14), berlin(1, 16)))
    html = drop(desk, visit, at="2026-06-01T14:30").content.decode()
    assert "Amina Osei is off then." in html
    assert 'name="at" value="2026-06-01T' in html
    assert "Two at once" not in html


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"at": "soon"}, 422),
        ({"at": "1999-01-01T10:00"}, 422),
        ({"at": "2026-06-01T25:00"}, 422),
        ({"until": "2026-06-01T09:00"}, 422),
        ({"until": "2027-06-01T09:00"}, 422),
        ({"at": "2026-06-02T10:00", "version": "7"}, 412),
        ({"at": "2026-06-02T10:00", "therapist": "x"}, 404),
        ({}, 422),
    ],
)
def test_what_no_card_would_send_is_refused_and_nothing_moves(
    desk: Browser, visit: Appointment, body: dict[str, str], status: int
) -> None:
    assert drop(desk, visit, **body).status_code == status
    visit.refresh_from_db()
    assert (visit.starts_at, visit.version) == (berlin(1, 10), 1)


def test_a_time_the_clocks_skip_is_refused_and_one_they_show_twice_is_asked_about(
    desk: Browser, visit: Appointment, therapist: User, location: Location
) -> None:
    factories.WorkingHoursFactory(
        therapist=therapist, location=location, weekday=6, starts_at=dt.time(0), ends_at=dt.time(8)
    )
    assert "does not exist" in drop(desk, visit, at="2027-03-28T02:30").content.decode()
    html = drop(desk, visit, at="2026-10-25T02:30").content.decode()
    assert 'value="2026-10-25T00:30:00+00:00"' in html
    assert 'value="2026-10-25T01:30:00+00:00"' in html
    assert drop(desk, visit, at="2026-10-25T01:30:00+00:00").status_code == 200


def test_the_length_is_changed_by_a_form_too(desk: Browser, visit: Appointment, other: Appointment) -> None:
    url = reverse("scheduling:appointment-stretch", args=[visit.pk])
    assert 'value="45"' in desk.get(url).content.decode()
    assert desk.post(url, {"minutes": "90", "version": 1}).status_code == 302
    visit.refresh_from_db()
    assert visit.duration_minutes == 90
    for minutes in ("", "0", "many", "100000"):
        assert desk.post(url, {"minutes": minutes, "version": 2}).status_code == 422
    html = desk.post(url, {"minutes": "240", "version": 2})
    assert (html.status_code, "It could last until" in html.content.decode()) == (409, True)


def changed(desk: Browser, stamp: str, **params: Any) -> str:
    answer = desk.get(reverse("scheduling:calendar-changes"), {"date": "2026-06-01", "stamp": stamp, **params})
    return answer.content.decode() if answer.status_code == 200 else ""


def test_an_open_calendar_hears_of_changes_on_its_day_and_of_no_other(
    desk: Browser, visit: Appointment, front_desk: User, service: Service, therapist: User, room: Room
) -> None:
    html = desk.get(reverse("scheduling:day"), {"date": "2026-06-01"}).content.decode()
    stamp = html.split('data-stamp="')[1].split('"')[0]
    assert changed(desk, stamp) == ""
    factories.AppointmentFactory(therapist=therapist, room=room, starts_at=berlin(2, 10))
    assert changed(desk, stamp) == ""
    services.stretch_appointment(appointment=visit, ends_at=berlin(1, 11), by=front_desk)
    longer = changed(desk, stamp)
    assert longer
    hold = hold_slot(
        service=service, therapist=therapist, room=room, starts_at=berlin(1, 15), cause="online",
        expires_at=berlin(1, 8, 10),
    )  # fmt: skip
    held = changed(desk, longer)
    assert held
    assert "Held until 08:10" in desk.get(reverse("scheduling:day"), {"date": "2026-06-01"}).content.decode()
    release_hold(hold=hold)
    assert changed(desk, held) == longer


FRAME = ("django_session", "people_user", "people_staffrole", "people_practice")


def own(queries: CaptureQueriesContext) -> list[str]:
    """What a page asks beyond who is signed in."""
    return [each["sql"] for each in queries if not any(f'FROM "{table}"' in each["sql"] for table in FRAME)]


def test_asking_for_changes_costs_one_query_and_leaves_the_session_as_it_is(
    desk: Browser, visit: Appointment, location: Location
) -> None:
    url = reverse("scheduling:calendar-changes")
    desk.get(url, headers={"X-Background": "1"})
    before = dict(desk.session)
    with CaptureQueriesContext(connection) as queries:
        desk.get(url, {"location": str(location.pk)}, headers={"X-Background": "1"})
    assert len(own(queries)) == 2, "the locations, and the stamp"
    assert dict(desk.session) == before


@pytest.mark.parametrize(
    ("params", "most"),
    [({}, 5), ({"columns": "rooms"}, 6), ({"columns": "week"}, 6), ({"location": "all"}, 5)],
)
def test_a_calendar_takes_five_or_six_queries_of_its_own_however_full(
    desk: Browser, visit: Appointment, other: Appointment, params: dict[str, str], most: int
) -> None:
    url = reverse("scheduling:day")
    desk.get(url, params)
    with CaptureQueriesContext(connection) as queries:
        desk.get(url, params)
    assert len(own(queries)) <= most, "\n".join(each[:150] for each in own(queries))


def test_several_locations_stand_side_by_side_each_by_its_own_clock(
    client: Browser, owner: User, visit: Appointment, stranger: User, other_location: Location
) -> None:
    work(stranger, other_location)
    client.force_login(owner)
    html = client.get(reverse("scheduling:day"), {"date": "2026-06-01", "location": "all"}).content.decode()
    assert "CEST, time of Europe/Berlin" in html
    assert "EDT, time of America/New_York" in html
    assert html.index("Amina Osei") < html.index("Stella Stranger")
    again = client.get(reverse("scheduling:day"), {"date": "2026-06-01"}).content.decode()
    assert "Stella Stranger" in again, "all locations stay chosen"


def test_the_week_of_a_room_has_its_visits_and_its_closed_times(desk: Browser, visit: Appointment, room: Room) -> None:
    room.closures.create(during=(berlin(2, 9), berlin(2, 12)), reason="Painting")
    html = desk.get(
        reverse("scheduling:day"), {"date": "2026-06-01", "columns": "week", "of": room.pk}
    ).content.decode()
    assert "Marcus Bell" in html
    assert "Painting" in html


def test_what_is_filtered_out_stays_as_a_quiet_block(
    desk: Browser, visit: Appointment, other_therapist: User, therapist: User
) -> None:
    url = reverse("scheduling:day")
    html = desk.get(url, {"date": "2026-06-01", "status": "arrived"}).content.decode()
    assert "data-out" in html
    html = desk.get(url, {"date": "2026-06-01", "therapist": [str(therapist.pk)]}).content.decode()
    assert f'data-therapist="{therapist.pk}"' in html
    assert f'data-therapist="{other_therapist.pk}"' not in html


def test_a_card_is_checked_in_by_one_tap(desk: Browser, visit: Appointment) -> None:
    html = desk.get(reverse("scheduling:day"), {"date": "2026-06-01"}).content.decode()
    url = f"{reverse('scheduling:appointment-status', args=[visit.pk])}?version=1"
    assert f'formaction="{url}" name="status" value="arrived"' in html
    answer = desk.post(url, {"status": "arrived"}, headers=SCRIPT)
    assert "checked in" in answer.json()["text"]
