"""Calendar feeds: what calendar programs see of a therapist's or a room's visits, and who sees nothing."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from clinic.audit.models import Event
from clinic.core.errors import Missing, NotAllowed, Refused
from clinic.people.models import Client, Location, Role, Room, StaffRole, User
from clinic.people.services import staff
from scheduling import calendar_file, feeds
from scheduling.models import Appointment, CalendarFeed, Service
from scheduling.services import book_appointment, cancel_appointment, move_appointment
from scheduling.services.feeds import MOST_FEEDS, open_own_feed, open_room_feed, revoke_feed
from tests import factories
from tests.scheduling.conftest import berlin
from tests.scheduling.programs import Khal, Seen, by_ical_js, by_icalendar

pytestmark = pytest.mark.django_db


@pytest.fixture
def booked(client_record: Client, therapist: User, room: Room, service: Service, front_desk: User) -> Appointment:
    return book_appointment(
        client=client_record, service=service, therapist=therapist, room=room, starts_at=berlin(3, 10), by=front_desk
    )


@pytest.fixture
def address(therapist: User) -> str:
    _feed, token = open_own_feed(label="My phone", by=therapist)
    return f"/feeds/{token}.ics"


@pytest.fixture
def room_address(room: Room, owner: User) -> str:
    _feed, token = open_room_feed(room=room, label="Door", by=owner)
    return f"/feeds/{token}.ics"


def test_three_programs_see_a_visit_move_and_be_cancelled(
    client: Browser, address: str, booked: Appointment, location: Location, front_desk: User, tmp_path: Path
) -> None:
    location.address = "1, Harbour; Street\nBerlin \\ 🦵 " + "long " * 20
    location.save()
    uid = calendar_file.uid_of(booked)
    place = "Room 1, Harbour Street, 1, Harbour; Street, Berlin \\ 🦵 " + ("long " * 20).strip()
    programs: list[Callable[[str], dict[str, Seen]]] = [by_icalendar, by_ical_js, Khal(tmp_path)]

    def seen() -> list[dict[str, Seen]]:
        return [read(client.get(address).content.decode()) for read in programs]

    at_first = Seen("2026-06-03T08:00", "2026-06-03T08:45", "Appointment", place, is_off=False)
    assert seen() == [{uid: at_first}] * 3
    moved = move_appointment(appointment=booked, starts_at=berlin(4, 14), by=front_desk)
    later = at_first._replace(start="2026-06-04T12:00", end="2026-06-04T12:45")
    assert seen() == [{uid: later}] * 3
    cancel_appointment(appointment=moved, by=front_desk)
    assert seen() == [{uid: later._replace(is_off=True)}] * 3


def test_a_feed_says_when_and_where_but_neither_who_nor_what_for(
    client: Browser, address: str, room_address: str, booked: Appointment
) -> None:
    Appointment.objects.update(note="Bring the MRI", cancel_reason="Sciatica")
    for path in (address, room_address):
        file = client.get(path).content.decode()
        for said in (booked.service.name, "Marcus", "Bell", "MRI", "Sciatica", str(booked.client_id)):
            assert said not in file
        (event,) = Calendar.from_ical(file).walk("VEVENT")
        assert event["CLASS"] == "PRIVATE"
        assert event["URL"].endswith(f"/appointments/{booked.pk}/")
    assert Calendar.from_ical(file)["NAME"] == "Room 1, Harbour Street"
    assert event["SUMMARY"] == "Amina Osei"


def test_the_sequence_rises_and_times_are_in_utc(client: Browser, address: str, booked: Appointment) -> None:
    file = client.get(address).content
    (event,) = Calendar.from_ical(file).walk("VEVENT")
    assert (event["SEQUENCE"], event.decoded("LAST-MODIFIED")) == (0, booked.updated_at.replace(microsecond=0))
    assert b"DTSTART:20260603T080000Z" in file
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT15M" in file
    assert all(len(line) <= 75 for line in file.split(b"\r\n"))
    Appointment.objects.update(version=5)
    (event,) = Calendar.from_ical(client.get(address).content).walk("VEVENT")
    assert event["SEQUENCE"] == 4


def test_who_has_it_already_gets_304(client: Browser, address: str, booked: Appointment) -> None:
    response = client.get(address)
    assert response["Cache-Control"] == "private, no-cache"
    assert response["Referrer-Policy"] == "no-referrer"
    again = client.get(address, headers={"If-None-Match": response["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", response["ETag"])
    Appointment.objects.update(version=2)
    assert client.get(address, headers={"If-None-Match": response["ETag"]}).status_code == 200


def test_it_reaches_a_month_back_and_a_year_ahead(
    client: Browser, address: str, booked: Appointment, at: Callable[..., None]
) -> None:
    def is_in(now: dt.datetime) -> bool:
        at(now)
        return str(booked.pk) in client.get(address).content.decode()

    assert is_in(booked.starts_at - dt.timedelta(days=365))
    assert is_in(booked.starts_at + dt.timedelta(days=29))
    assert not is_in(booked.starts_at - dt.timedelta(days=368))
    assert not is_in(booked.starts_at + dt.timedelta(days=32))


def test_a_cancelled_visit_leaves_the_feed_after_a_while(
    client: Browser, address: str, booked: Appointment, front_desk: User, at: Callable[..., None]
) -> None:
    in_autumn = (berlin(3, 10) + dt.timedelta(days=90), berlin(3, 11) + dt.timedelta(days=90))
    Appointment.objects.update(during=in_autumn, occupies=in_autumn)
    cancel_appointment(appointment=Appointment.objects.get(), by=front_desk)
    at(berlin(1, 8) + dt.timedelta(days=39))
    assert b"STATUS:CANCELLED" in client.get(address).content
    at(berlin(1, 8) + dt.timedelta(days=42))
    assert b"VEVENT" not in client.get(address).content


def test_only_ones_own_visits_are_in_it(
    client: Browser, address: str, booked: Appointment, other_therapist: User, second_room: Room, service: Service
) -> None:
    factories.AppointmentFactory(
        therapist=other_therapist, room=second_room, service=service, starts_at=berlin(3, 10),
    )  # fmt: skip
    assert list(by_icalendar(client.get(address).content.decode())) == [calendar_file.uid_of(booked)]


def body(client: Browser, path: str) -> tuple[int, bytes]:
    response = client.get(path)
    return response.status_code, response.content.replace(path.encode(), b"")


def test_wrong_revoked_and_ended_addresses_are_the_same_404(
    client: Browser, address: str, room_address: str, owner: User, therapist: User, room: Room, location: Location
) -> None:
    wrong = body(client, "/feeds/" + "x" * 43 + ".ics")
    assert wrong[0] == 404

    def is_gone(path: str) -> bool:
        code, text = body(client, path)
        return code == 404 and text.decode()[:200] == wrong[1].decode()[:200]

    room.is_active = False
    room.save()
    assert is_gone(room_address)
    room.is_active = True
    room.save()
    assert client.get(room_address).status_code == 200
    Location.objects.filter(pk=location.pk).update(is_active=False)
    assert is_gone(room_address)
    StaffRole.objects.filter(user=therapist).update(role=Role.FRONT_DESK)
    assert is_gone(address)
    StaffRole.objects.filter(user=therapist).update(role=Role.THERAPIST)
    revoke_feed(feed=CalendarFeed.objects.get(therapist=therapist), by=User.objects.get(pk=therapist.pk))
    assert is_gone(address)


def test_leaving_ends_feeds_at_once_and_for_good(
    client: Browser, address: str, owner: User, therapist: User, at: Callable[..., None]
) -> None:
    assert client.get(address).status_code == 200
    staff.deactivate(member=therapist, by=owner)
    assert client.get(address).status_code == 404
    at(berlin(2, 8))
    staff.reactivate(member=therapist, by=owner)
    assert client.get(address).status_code == 404
    back = User.objects.get(pk=therapist.pk)
    _feed, token = open_own_feed(label="New phone", by=back)
    assert client.get(f"/feeds/{token}.ics").status_code == 200


def test_a_room_feed_ends_when_who_made_it_leaves(client: Browser, room_address: str, owner: User) -> None:
    other = factories.UserFactory(roles=[Role.OWNER])
    staff.deactivate(member=owner, by=other)
    assert client.get(room_address).status_code == 404


def test_the_secret_is_kept_nowhere_and_told_once(therapist: User) -> None:
    feed, token = open_own_feed(label="  My \n phone ", by=therapist)
    assert len(token) == 43
    assert feed.label == "My phone"
    assert token not in str(CalendarFeed.objects.values().get()) + str(list(Event.objects.values()))
    assert feeds.find(token) == feed
    assert [event.action for event in Event.objects.all()] == ["feed.opened"]


def test_each_opens_only_their_own(
    owner: User, therapist: User, other_therapist: User, front_desk: User, room: Room, stranger: User
) -> None:
    for nobody in (owner, front_desk):
        with pytest.raises(NotAllowed):
            open_own_feed(label="Phone", by=nobody)
    for nobody in (therapist, front_desk):
        with pytest.raises(NotAllowed):
            open_room_feed(room=room, label="Door", by=nobody)
    feed, _token = open_own_feed(label="Phone", by=therapist)
    with pytest.raises(Missing):
        revoke_feed(feed=feed, by=other_therapist)
    with pytest.raises(NotAllowed):
        revoke_feed(feed=feed, by=front_desk)
    assert revoke_feed(feed=feed, by=owner).revoked_at


def test_a_feed_needs_a_name_an_open_room_and_there_are_at_most_ten(therapist: User, owner: User, room: Room) -> None:
    with pytest.raises(Refused, match="Say where"):
        open_own_feed(label=" ", by=therapist)
    for number in range(MOST_FEEDS):
        open_own_feed(label=f"Phone {number}", by=therapist)
    with pytest.raises(Refused) as full:
        open_own_feed(label="One more", by=therapist)
    assert full.value.code == "too-many-feeds"
    Room.objects.update(is_active=False)
    with pytest.raises(Refused, match="closed"):
        open_room_feed(room=room, label="Door", by=owner)


def test_it_takes_as_many_queries_for_thirty_visits_as_for_three(
    client: Browser, address: str, therapist: User, room: Room, service: Service
) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len([each for each in queries if "scheduling_" in each["sql"]])

    def book(numbers: range) -> None:
        for number in numbers:
            factories.AppointmentFactory(
                therapist=therapist, room=room, service=service, starts_at=berlin(1 + number % 25, 8 + number // 25)
            )

    client.get(address)
    book(range(3))
    few = count()
    book(range(3, 30))
    assert count() == few == 2


def test_reading_is_noted_now_and_then_and_extends_no_session(
    client: Browser, address: str, therapist: User, at: Callable[..., None]
) -> None:
    client.force_login(therapist)
    session = client.session
    session["seen_at"] = int(berlin(1, 8).timestamp()) - 600
    session["began_at"] = int(berlin(1, 8).timestamp()) - 600
    session.save()
    client.get(address)
    assert client.session["seen_at"] == int(berlin(1, 8).timestamp()) - 600
    assert CalendarFeed.objects.get().read_at == berlin(1, 8)
    at(berlin(1, 8, 4))
    client.get(address)
    assert CalendarFeed.objects.get().read_at == berlin(1, 8)
    at(berlin(1, 8, 5))
    assert client.head(address).status_code == 200
    assert CalendarFeed.objects.get().read_at == berlin(1, 8, 5)
    assert client.post(address).status_code == 405


def test_who_asks_too_often_is_told_to_wait(client: Browser, address: str, monkeypatch: Any) -> None:
    monkeypatch.setattr("scheduling.views.feeds._Throttle.rate", "2/min")
    codes = [client.get(path).status_code for path in (address, "/feeds/wrong.ics", address)]
    assert codes == [200, 404, 429]
    assert client.get(address, headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 429
    assert int(client.get(address)["Retry-After"]) > 0
