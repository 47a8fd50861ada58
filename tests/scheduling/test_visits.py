"""Moving, cancelling, checking in, and taking back."""

from collections.abc import Callable

import pytest
from icalendar import Calendar

from clinic.core.errors import Conflict, Missing, Refused, StaleVersion
from clinic.messaging.models import OutboundMessage
from clinic.people.models import Client, Location, Practice, Room, User
from scheduling.models import Appointment, Service
from scheduling.rules.status import TRANSITIONS
from scheduling.services import book_appointment, cancel_appointment, move_appointment, set_status, undo
from tests import factories
from tests.scheduling.conftest import berlin

pytestmark = pytest.mark.django_db


@pytest.fixture
def booked(
    client_record: Client, service: Service, therapist: User, room: Room, front_desk: User, practice: Practice
) -> Appointment:
    practice.reminder_hours = [24]
    practice.save()
    return book_appointment(
        client=client_record, service=service, therapist=therapist, room=room, starts_at=berlin(3, 10), by=front_desk
    )


def waiting(purpose: str) -> int:
    return OutboundMessage.objects.filter(purpose=purpose, state="pending").count()


def test_moving_keeps_the_length_and_tells_the_client(booked: Appointment, front_desk: User) -> None:
    moved = move_appointment(appointment=booked, starts_at=berlin(4, 14), by=front_desk, version=1)
    assert (moved.starts_at, moved.ends_at, moved.version) == (berlin(4, 14), berlin(4, 14, 45), 2)
    mail = OutboundMessage.objects.get(purpose="moved", state="pending")
    event = Calendar.from_ical(mail.calendar_file).walk("VEVENT")[0]
    assert event["SEQUENCE"] == 1
    assert event.decoded("DTSTART") == berlin(4, 14)
    reminder = OutboundMessage.objects.get(purpose="reminder", state="pending")
    assert reminder.due_at == berlin(3, 14)


def test_nobody_is_told_before_the_desk_could_take_it_back(booked: Appointment, front_desk: User) -> None:
    moved = move_appointment(appointment=booked, starts_at=berlin(4, 14), by=front_desk)
    assert OutboundMessage.objects.get(purpose="moved").due_at > berlin(1, 8)
    back = undo(appointment=moved, by=front_desk, version=moved.version)
    assert back.starts_at == berlin(3, 10)
    assert waiting("moved") == 0
    assert OutboundMessage.objects.get(purpose="reminder", state="pending").due_at == berlin(2, 10)


def test_moving_into_a_taken_time_names_the_clash(booked: Appointment, front_desk: User, service: Service) -> None:
    other = factories.ClientFactory(given_name="Ewa", family_name="Lindgren", locations=[booked.location])
    book_appointment(
        client=other, service=service, therapist=booked.therapist, room=booked.room,
        starts_at=berlin(4, 14), by=front_desk,
    )  # fmt: skip
    with pytest.raises(Conflict) as clash:
        move_appointment(appointment=booked, starts_at=berlin(4, 14, 15), by=front_desk)
    assert "Ewa Lindgren" in clash.value.message
    booked.refresh_from_db()
    assert booked.starts_at == berlin(3, 10)


def test_a_move_by_a_quarter_does_not_clash_with_itself(booked: Appointment, front_desk: User) -> None:
    assert move_appointment(appointment=booked, starts_at=berlin(3, 10, 15), by=front_desk).room == booked.room


def test_a_confirmed_visit_that_moves_must_be_confirmed_again(booked: Appointment, front_desk: User) -> None:
    set_status(appointment=booked, status="confirmed", by=front_desk)
    assert move_appointment(appointment=booked, starts_at=berlin(4, 14), by=front_desk).status == "booked"


def test_whoever_saw_an_older_version_is_told(booked: Appointment, front_desk: User) -> None:
    set_status(appointment=booked, status="confirmed", by=front_desk, version=1)
    with pytest.raises(StaleVersion):
        cancel_appointment(appointment=booked, by=front_desk, version=1)
    with pytest.raises(StaleVersion):
        undo(appointment=booked, by=front_desk, version=1)


def test_cancelling_in_time_frees_the_slot_and_sends_a_cancel(booked: Appointment, front_desk: User) -> None:
    cancelled = cancel_appointment(appointment=booked, by=front_desk, reason="Travelling")
    assert cancelled.status == "cancelled"
    assert waiting("reminder") == waiting("booking") == 0
    mail = OutboundMessage.objects.get(purpose="cancelled", state="pending")
    assert "METHOD:CANCEL" in mail.calendar_file
    assert "Travelling" not in mail.calendar_file + mail.body
    factories.AppointmentFactory(therapist=booked.therapist, room=booked.room, during=booked.during)


def test_cancelling_within_the_notice_is_late(booked: Appointment, front_desk: User, at: Callable[..., None]) -> None:
    at(berlin(2, 12))
    assert cancel_appointment(appointment=booked, by=front_desk).status == "late-cancelled"


def test_what_the_clinic_cancels_is_never_late_and_is_told_apart(
    booked: Appointment, front_desk: User, at: Callable[..., None]
) -> None:
    at(berlin(2, 12))
    cancelled = cancel_appointment(appointment=booked, by=front_desk, cancelled_by="clinic")
    assert (cancelled.status, cancelled.cancelled_by) == ("cancelled", "clinic")
    assert undo(appointment=cancelled, by=front_desk, version=cancelled.version).cancelled_by == ""


def test_a_cancellation_can_be_taken_back_while_the_slot_is_free(booked: Appointment, front_desk: User) -> None:
    cancelled = cancel_appointment(appointment=booked, by=front_desk)
    back = undo(appointment=cancelled, by=front_desk, version=cancelled.version)
    assert (back.status, back.cancelled_at) == ("booked", None)
    assert waiting("cancelled") == 0
    assert waiting("reminder") == 1


def test_a_cancellation_cannot_be_taken_back_once_the_slot_is_gone(booked: Appointment, front_desk: User) -> None:
    cancelled = cancel_appointment(appointment=booked, by=front_desk)
    factories.AppointmentFactory(therapist=booked.therapist, room=booked.room, during=booked.during)
    with pytest.raises(Conflict):
        undo(appointment=cancelled, by=front_desk, version=cancelled.version)
    booked.refresh_from_db()
    assert booked.status == "cancelled"


def test_a_visit_goes_from_check_in_to_the_end(booked: Appointment, front_desk: User, at: Callable[..., None]) -> None:
    for minute, status in ((50, "arrived"), (58, "in-session")):
        at(berlin(3, 9, minute))
        booked = set_status(appointment=booked, status=status, by=front_desk)
    at(berlin(3, 10, 44))
    booked = set_status(appointment=booked, status="completed", by=front_desk)
    assert (booked.arrived_at, booked.started_at) == (berlin(3, 9, 50), berlin(3, 9, 58))
    assert booked.ended_at == berlin(3, 10, 44)
    assert waiting("reminder") == 0


def test_a_check_in_can_be_taken_back(booked: Appointment, front_desk: User, at: Callable[..., None]) -> None:
    at(berlin(3, 9, 50))
    arrived = set_status(appointment=booked, status="arrived", by=front_desk)
    back = undo(appointment=arrived, by=front_desk, version=arrived.version)
    assert (back.status, back.arrived_at) == ("booked", None)
    with pytest.raises(Refused):
        undo(appointment=back, by=front_desk, version=back.version)


@pytest.mark.parametrize("status", sorted(TRANSITIONS))
def test_a_step_that_is_not_in_the_table_is_refused(
    booked: Appointment, front_desk: User, at: Callable[..., None], status: str
) -> None:
    at(berlin(3, 10, 5))
    tried = {"held", "booked", "confirmed", "arrived", "in-session", "completed", "no-show"} - TRANSITIONS[status]
    Appointment.objects.filter(pk=booked.pk).update(status=status)
    for wanted in tried:
        with pytest.raises(Refused):
            set_status(appointment=booked, status=wanted, by=front_desk)
    booked.refresh_from_db()
    assert booked.status == status


def test_nobody_arrives_before_the_day_or_is_missed_before_the_hour(booked: Appointment, front_desk: User) -> None:
    for wanted in ("arrived", "in-session", "no-show"):
        with pytest.raises(Refused):
            set_status(appointment=booked, status=wanted, by=front_desk)


def test_a_no_show_who_comes_late_takes_the_slot_back_unless_it_is_gone(
    booked: Appointment, front_desk: User, at: Callable[..., None]
) -> None:
    at(berlin(3, 10, 10))
    missed = set_status(appointment=booked, status="no-show", by=front_desk)
    assert set_status(appointment=missed, status="arrived", by=front_desk).is_active
    Appointment.objects.filter(pk=booked.pk).update(status="no-show")
    factories.AppointmentFactory(therapist=booked.therapist, room=booked.room, during=booked.during)
    with pytest.raises(Conflict):
        set_status(appointment=booked, status="arrived", by=front_desk)


def test_a_foreign_appointment_cannot_be_touched(booked: Appointment, stranger: User, other_location: Location) -> None:
    with pytest.raises(Missing):
        set_status(appointment=booked, status="confirmed", by=stranger)
    with pytest.raises(Missing):
        cancel_appointment(appointment=booked, by=stranger)
    with pytest.raises(Missing):
        move_appointment(appointment=booked, starts_at=berlin(4, 10), by=stranger)


def test_messages_never_say_what_the_visit_is_for(booked: Appointment) -> None:
    for message in OutboundMessage.objects.all():
        assert booked.service.name not in message.subject + message.body + message.calendar_file
