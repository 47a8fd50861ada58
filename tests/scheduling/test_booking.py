"""Booking: what it writes, and what it refuses."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from icalendar import Calendar

from clinic.audit.models import Event
from clinic.core.errors import Conflict, Missing, NotAllowed, Refused
from clinic.messaging.models import ClientLink, OutboundMessage
from clinic.people.models import Client, Location, Practice, Room, User
from scheduling import availability
from scheduling.availability import Search
from scheduling.models import Appointment, Service, TimeOff
from scheduling.services import book_appointment
from tests import factories
from tests.scheduling.conftest import berlin, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def wish(client_record: Client, service: Service, therapist: User, room: Room, front_desk: User) -> dict[str, Any]:
    return {
        "client": client_record,
        "service": service,
        "therapist": therapist,
        "room": room,
        "starts_at": berlin(2, 10),
        "by": front_desk,
    }


def test_a_booking_takes_the_length_of_its_service(wish: dict[str, Any]) -> None:
    appointment = book_appointment(**wish)
    appointment.refresh_from_db()
    assert (appointment.starts_at, appointment.ends_at) == (berlin(2, 10), berlin(2, 10, 45))
    assert appointment.status == "booked"
    assert appointment.is_first_visit
    assert Event.objects.filter(action="appointment.booked", object_id=str(appointment.pk)).count() == 1


def test_the_buffer_is_kept_free_behind_the_visit(wish: dict[str, Any], service: Service) -> None:
    service.buffer_minutes = 15
    service.save()
    appointment = book_appointment(**wish)
    assert appointment.occupies.upper == berlin(2, 11)
    other = factories.ClientFactory(locations=[wish["room"].location])
    with pytest.raises(Conflict):
        book_appointment(**{**wish, "client": other, "starts_at": berlin(2, 10, 50)})


def test_without_a_room_the_first_free_one_is_taken(
    wish: dict[str, Any], second_room: Room, other_therapist: User
) -> None:
    book_appointment(**wish)
    other = factories.ClientFactory(locations=[second_room.location])
    appointment = book_appointment(**{**wish, "client": other, "therapist": other_therapist, "room": None})
    assert appointment.room == second_room


def test_a_booking_writes_mail_calendar_file_and_reminders(wish: dict[str, Any], practice: Practice) -> None:
    practice.reminder_hours = [24, 2]
    practice.save()
    appointment = book_appointment(**wish)
    booked = OutboundMessage.objects.get(purpose="booking")
    assert booked.about_id == appointment.pk
    assert booked.link is not None
    assert booked.link.purpose == "appointment"
    event = Calendar.from_ical(booked.calendar_file).walk("VEVENT")[0]
    assert event["SEQUENCE"] == 0
    assert event.decoded("DTSTART") == appointment.starts_at
    assert str(appointment.service) not in booked.calendar_file
    due = OutboundMessage.objects.filter(purpose="reminder").order_by("due_at").values_list("due_at", flat=True)
    assert list(due) == [berlin(1, 10), berlin(2, 8)]


def test_reminders_whose_time_has_passed_are_not_written(wish: dict[str, Any], practice: Practice) -> None:
    practice.reminder_hours = [48]
    practice.save()
    book_appointment(**wish)
    assert not OutboundMessage.objects.filter(purpose="reminder").exists()


def test_a_clash_names_who_when_and_what_is_free_nearby(wish: dict[str, Any]) -> None:
    book_appointment(**wish)
    other = factories.ClientFactory(given_name="Ewa", family_name="Lindgren", locations=[wish["room"].location])
    with pytest.raises(Conflict) as clash:
        book_appointment(**{**wish, "client": other, "starts_at": berlin(2, 10, 15)})
    assert "Amina Osei is taken from 10:00 to 10:45: Marcus Bell" in clash.value.message
    alternatives = clash.value.details["alternatives"]
    assert [each["starts_at"] for each in alternatives] == [berlin(2, 9, 15), berlin(2, 10, 45), berlin(2, 11)]


def test_a_client_cannot_be_with_two_therapists_at_once(
    wish: dict[str, Any], other_therapist: User, second_room: Room
) -> None:
    book_appointment(**wish)
    with pytest.raises(Conflict):
        book_appointment(**{**wish, "therapist": other_therapist, "room": second_room})


def test_a_clash_elsewhere_does_not_name_a_foreign_client(
    wish: dict[str, Any], therapist: User, other_location: Location
) -> None:
    elsewhere = factories.RoomFactory(location=other_location)
    hidden = factories.ClientFactory(given_name="Hidden", family_name="Person", locations=[other_location])
    factories.AppointmentFactory(client=hidden, therapist=therapist, room=elsewhere, starts_at=berlin(2, 10))
    with pytest.raises(Conflict) as clash:
        book_appointment(**wish)
    assert "Hidden" not in clash.value.message


def test_the_database_itself_refuses_a_second_booking(wish: dict[str, Any]) -> None:
    first = book_appointment(**wish)
    other = factories.ClientFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.AppointmentFactory(client=other, therapist=first.therapist, room=first.room, during=first.during)


def test_an_overlap_needs_a_permission_and_a_reason(wish: dict[str, Any], therapist: User) -> None:
    book_appointment(**wish)
    other = factories.ClientFactory(locations=[wish["room"].location])
    together = {**wish, "client": other, "overlap_reason": "Exercise, two at once"}
    with pytest.raises(NotAllowed):
        book_appointment(**{**together, "by": therapist})
    assert book_appointment(**together).is_overlap_allowed


def test_pressing_book_twice_books_once(wish: dict[str, Any]) -> None:
    key = uuid.uuid4()
    first = book_appointment(**wish, request_key=key)
    assert book_appointment(**wish, request_key=key) == first
    assert OutboundMessage.objects.filter(purpose="booking").count() == 1
    with pytest.raises(Refused) as refusal:
        book_appointment(**{**wish, "starts_at": berlin(2, 12)}, request_key=key)
    assert refusal.value.code == "key-reused"


@pytest.mark.parametrize(
    ("starts_at", "code"),
    [
        (dt.datetime(2026, 5, 29, 8, 0, tzinfo=dt.UTC), "in-the-past"),
        (dt.datetime(2030, 6, 3, 8, 0, tzinfo=dt.UTC), "too-far-ahead"),
        (dt.datetime(2026, 6, 2, 8, 0, 7, tzinfo=dt.UTC), "not-on-the-minute"),
        (dt.datetime(2026, 6, 2, 20, 0, tzinfo=dt.UTC), "not-working"),
        (dt.datetime(2026, 6, 6, 8, 0, tzinfo=dt.UTC), "not-working"),
        (dt.datetime(2026, 6, 2, 10, 0), "naive-time"),  # noqa: DTZ001 that is the point
    ],
)
def test_a_time_that_cannot_be_is_refused(wish: dict[str, Any], starts_at: dt.datetime, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        book_appointment(**{**wish, "starts_at": starts_at})
    assert refusal.value.code == code


def test_the_desk_may_write_down_a_walk_in_of_this_morning(wish: dict[str, Any], at: Any) -> None:
    at(berlin(1, 9, 20))
    appointment = book_appointment(**{**wish, "starts_at": berlin(1, 9)})
    assert not OutboundMessage.objects.filter(about_id=appointment.pk).exists()


def test_a_visit_booked_for_the_next_minute_is_still_written_about(wish: dict[str, Any], at: Any) -> None:
    at(berlin(1, 9) - dt.timedelta(seconds=5))
    appointment = book_appointment(**{**wish, "starts_at": berlin(1, 9)})
    mail = OutboundMessage.objects.get(about_id=appointment.pk, purpose="booking")
    assert mail.due_at > appointment.starts_at, "nobody is told before the desk could take it back"
    assert mail.expires_at == appointment.ends_at


def test_time_off_is_no_time_to_book(wish: dict[str, Any], therapist: User) -> None:
    TimeOff.objects.create(therapist=therapist, during=(berlin(2, 9), berlin(2, 11)), reason="Training")
    with pytest.raises(Refused) as refusal:
        book_appointment(**wish)
    assert refusal.value.code == "time-off"


def test_a_service_is_booked_only_with_those_who_offer_it(wish: dict[str, Any], service: Service) -> None:
    service.therapists.clear()
    with pytest.raises(Refused) as refusal:
        book_appointment(**wish)
    assert refusal.value.code == "not-offered"


def test_a_room_must_have_what_the_service_needs(wish: dict[str, Any], service: Service) -> None:
    service.room_equipment = ["table"]
    service.save()
    with pytest.raises(Refused) as refusal:
        book_appointment(**wish)
    assert refusal.value.code == "room-lacks-equipment"
    with pytest.raises(Refused) as refusal:
        book_appointment(**{**wish, "room": None})
    assert refusal.value.code == "no-room"


def test_a_foreign_client_or_place_does_not_exist(
    wish: dict[str, Any], stranger: User, other_location: Location, therapist: User
) -> None:
    with pytest.raises(Missing):
        book_appointment(**{**wish, "by": stranger})
    work(therapist, other_location)
    with pytest.raises(Missing):
        book_appointment(**{**wish, "room": factories.RoomFactory(location=other_location)})


def test_booking_at_a_new_place_makes_the_client_known_there(
    wish: dict[str, Any], owner: User, other_location: Location, therapist: User
) -> None:
    work(therapist, other_location)
    room = factories.RoomFactory(location=other_location)
    appointment = book_appointment(**{**wish, "room": room, "by": owner, "starts_at": berlin(2, 16)})
    assert appointment.location == other_location
    assert set(wish["client"].locations.all()) == {wish["room"].location, other_location}


def test_one_link_serves_all_mails_of_an_appointment(wish: dict[str, Any], practice: Practice) -> None:
    practice.reminder_hours = [2]
    practice.save()
    appointment = book_appointment(**wish)
    assert ClientLink.objects.filter(object_id=appointment.pk).count() == 1


def test_what_is_offered_can_be_booked(wish: dict[str, Any], second_room: Room, front_desk: User) -> None:
    book_appointment(**wish)
    other = factories.ClientFactory(locations=[second_room.location])
    days = availability.find(Search(service=wish["service"], since=berlin(1, 8), user=front_desk, client=other), days=2)
    assert [str(day.date) for day in days] == ["2026-06-01", "2026-06-02"]
    for slot in days[1].slots[:6]:
        with transaction.atomic():
            sid = transaction.savepoint()
            book_appointment(
                client=other,
                service=wish["service"],
                therapist=slot.therapist,
                room=slot.room,
                starts_at=slot.starts_at,
                by=front_desk,
            )
            transaction.savepoint_rollback(sid)


def test_free_times_keep_clear_of_bookings_time_off_and_the_past(
    wish: dict[str, Any], therapist: User, front_desk: User
) -> None:
    book_appointment(**wish)
    TimeOff.objects.create(therapist=therapist, during=(berlin(2, 12), berlin(2, 17)))
    search = Search(service=wish["service"], since=berlin(2, 9, 20), user=front_desk, therapist=therapist)
    day = availability.find(search, days=1, per_day=99)[0]
    assert [slot.starts_at for slot in day.slots] == [berlin(2, 10, 45), berlin(2, 11), berlin(2, 11, 15)]


def test_a_day_with_hours_left_but_no_free_time_is_passed_over(service: Service, room: Room, front_desk: User) -> None:
    late = Search(service=service, since=berlin(1, 16, 30), user=front_desk)
    assert [day.date.day for day in availability.find(late, days=3)] == [2, 3, 4]


def test_free_times_take_few_queries_however_many_therapists(
    service: Service, room: Room, location: Location, owner: User, django_assert_max_num_queries: Any
) -> None:
    assert owner.is_owner  # read once, as in a request
    search = Search(service=service, since=berlin(1, 8), user=owner)
    with django_assert_max_num_queries(4):
        availability.find(search)
    for _ in range(20):
        more = factories.UserFactory(roles=["therapist"], locations=[location])
        work(more, location)
        service.therapists.add(more)
    with django_assert_max_num_queries(4):
        assert availability.find(search)


def test_nothing_is_offered_where_one_may_not_look(service: Service, room: Room, stranger: User) -> None:
    assert availability.find(Search(service=service, since=berlin(1, 8), user=stranger)) == []


def test_booking_takes_a_constant_number_of_queries(wish: dict[str, Any], django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(60):
        book_appointment(**wish)
    assert Appointment.objects.count() == 1
    assert connection.in_atomic_block
