"""Visits that last longer or shorter, and overlaps that are meant."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from clinic.audit.models import Event
from clinic.core.errors import Conflict, Missing, NotAllowed, Refused, StaleVersion
from clinic.messaging.models import OutboundMessage
from clinic.people.models import Client, Location, Room, User
from scheduling import services
from scheduling.models import Appointment, Service, TimeOff
from scheduling.services.holds import hold_slot
from tests import factories
from tests.scheduling.conftest import berlin

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(client_record: Client, service: Service, therapist: User, room: Room) -> Appointment:
    """Ten to a quarter to eleven, with five minutes after it."""
    service.buffer_minutes = 5
    service.save()
    appointment: Appointment = factories.AppointmentFactory(
        client=client_record, service=service, therapist=therapist, room=room, starts_at=berlin(1, 10), minutes=45
    )
    return appointment


@pytest.fixture
def next_one(therapist: User, room: Room, service: Service) -> Appointment:
    """Half past eleven, with somebody else."""
    appointment: Appointment = factories.AppointmentFactory(
        client=factories.ClientFactory(given_name="Ewa", family_name="Lindgren"),
        service=service, therapist=therapist, room=room, starts_at=berlin(1, 11, 30), minutes=45,
    )  # fmt: skip
    return appointment


def stretch(visit: Appointment, by: User, hour: int, minute: int = 0, **more: Any) -> Appointment:
    return services.stretch_appointment(appointment=visit, ends_at=berlin(1, hour, minute), by=by, **more)


def test_a_visit_becomes_longer_and_keeps_its_buffer(visit: Appointment, front_desk: User) -> None:
    buffer = visit.buffer
    longer = stretch(visit, front_desk, 11, 10, version=1)
    assert (longer.ends_at, longer.buffer, longer.version) == (berlin(1, 11, 10), buffer, 2)
    assert Event.objects.filter(action="appointment.stretched", object_id=str(visit.pk)).exists()


def test_undoing_gives_the_length_back_before_anybody_is_told(visit: Appointment, front_desk: User) -> None:
    longer = stretch(visit, front_desk, 11, 15)
    back = services.undo(appointment=longer, by=front_desk, version=longer.version)
    assert (back.ends_at, back.buffer) == (berlin(1, 10, 45), visit.buffer)
    assert not OutboundMessage.objects.filter(purpose="moved", state="queued").exists()


def test_a_confirmed_visit_stays_confirmed_when_it_is_stretched_and_when_a_move_is_taken_back(
    visit: Appointment, front_desk: User
) -> None:
    Appointment.objects.filter(pk=visit.pk).update(status="confirmed")
    assert stretch(visit, front_desk, 11).status == "confirmed"
    moved = services.move_appointment(appointment=visit, starts_at=berlin(1, 13), by=front_desk)
    assert moved.status == "booked"
    assert services.undo(appointment=moved, by=front_desk, version=moved.version).status == "confirmed"


@pytest.mark.parametrize(
    ("ends_at", "code"),
    [
        (berlin(1, 10, 4), "too-short"),
        (berlin(1, 9), "too-short"),
        (berlin(1, 18, 1), "too-long"),
        (berlin(2, 10), "too-long"),
        (berlin(1, 11) + dt.timedelta(seconds=30), "not-on-the-minute"),
        (berlin(1, 11).replace(tzinfo=None), "naive-time"),
        (berlin(1, 17, 15), "not-working"),
    ],
)
def test_an_end_that_cannot_be_is_refused(
    visit: Appointment, front_desk: User, ends_at: dt.datetime, code: str
) -> None:
    with pytest.raises(Refused) as refusal:
        services.stretch_appointment(appointment=visit, ends_at=ends_at, by=front_desk)
    assert refusal.value.code == code


def test_time_off_is_not_stretched_over(visit: Appointment, front_desk: User, therapist: User) -> None:
    TimeOff.objects.create(therapist=therapist, during=(berlin(1, 11), berlin(1, 12)))
    with pytest.raises(Refused, match="off then"):
        stretch(visit, front_desk, 11, 15)


def test_a_clash_names_whom_and_until_when_it_could_last(
    visit: Appointment, next_one: Appointment, front_desk: User
) -> None:
    with pytest.raises(Conflict, match="Amina Osei is taken from 11:30 to 12:15: Ewa Lindgren") as clash:
        stretch(visit, front_desk, 11, 45)
    assert clash.value.details["free_until"] == berlin(1, 11, 30) - visit.buffer
    assert clash.value.details["alternatives"]


def test_a_time_held_for_somebody_else_is_not_stretched_over(
    visit: Appointment, front_desk: User, service: Service, therapist: User, room: Room
) -> None:
    later = berlin(1, 12)
    hold_slot(
        service=service, therapist=therapist, room=room, starts_at=berlin(1, 11), cause="online", expires_at=later
    )
    with pytest.raises(Conflict) as refusal:
        stretch(visit, front_desk, 11, 30)
    assert refusal.value.code == "held"


def test_a_deliberate_overlap_takes_a_permission_and_a_reason_and_ends_when_they_come_apart(
    visit: Appointment, next_one: Appointment, front_desk: User, therapist: User
) -> None:
    with pytest.raises(NotAllowed):
        stretch(visit, therapist, 11, 45, overlap_reason="Two at once")
    both = stretch(visit, front_desk, 11, 45, overlap_reason="Two at once")
    assert (both.is_overlap_allowed, both.overlap_reason) == (True, "Two at once")
    apart = stretch(both, front_desk, 11)
    assert (apart.is_overlap_allowed, apart.overlap_reason) == (False, "")
    again = services.undo(appointment=apart, by=front_desk, version=apart.version)
    assert again.is_overlap_allowed


def test_what_overlaps_on_purpose_already_does_not_keep_a_visit_from_getting_shorter(
    visit: Appointment, next_one: Appointment, front_desk: User
) -> None:
    services.move_appointment(appointment=next_one, starts_at=berlin(1, 10, 15), by=front_desk, overlap_reason="Twins")
    assert stretch(visit, front_desk, 10, 30).ends_at == berlin(1, 10, 30)


def test_a_visit_is_moved_beside_another_on_purpose_into_a_free_room(
    visit: Appointment, next_one: Appointment, front_desk: User, therapist: User, second_room: Room
) -> None:
    with pytest.raises(Conflict):
        services.move_appointment(appointment=visit, starts_at=berlin(1, 11, 30), by=front_desk)
    moved = services.move_appointment(
        appointment=visit, starts_at=berlin(1, 11, 30), by=front_desk, overlap_reason="Exercise, two at once"
    )
    assert (moved.room, moved.overlap_reason) == (second_room, "Exercise, two at once")
    back = services.undo(appointment=moved, by=front_desk, version=moved.version)
    assert (back.starts_at, back.is_overlap_allowed) == (berlin(1, 10), False)


def test_a_reason_where_nothing_overlaps_is_not_kept(visit: Appointment, front_desk: User) -> None:
    moved = services.move_appointment(
        appointment=visit, starts_at=berlin(1, 13), by=front_desk, overlap_reason="Just in case"
    )
    assert not moved.is_overlap_allowed


def test_somebody_elses_change_and_somebody_elses_visit_are_left_alone(
    visit: Appointment, front_desk: User, stranger: User
) -> None:
    stretch(visit, front_desk, 11)
    with pytest.raises(StaleVersion):
        stretch(visit, front_desk, 11, 15, version=1)
    with pytest.raises(Missing):
        stretch(visit, stranger, 11, 15)


@pytest.mark.parametrize("status", ["completed", "no-show", "cancelled"])
def test_what_is_over_keeps_its_length(visit: Appointment, front_desk: User, status: str) -> None:
    Appointment.objects.filter(pk=visit.pk).update(status=status)
    with pytest.raises(Refused) as refusal:
        stretch(visit, front_desk, 11)
    assert refusal.value.code == "not-stretchable"


def test_a_session_that_runs_longer_is_stretched_while_it_runs(
    visit: Appointment, front_desk: User, at: Callable[[dt.datetime], None]
) -> None:
    Appointment.objects.filter(pk=visit.pk).update(status="in-session")
    at(berlin(1, 10, 40))
    assert stretch(visit, front_desk, 11).status == "in-session"
    assert not OutboundMessage.objects.filter(purpose="moved").exists()


def test_yesterdays_visits_keep_their_length(
    visit: Appointment, front_desk: User, at: Callable[[dt.datetime], None], location: Location
) -> None:
    at(berlin(2, 8))
    with pytest.raises(Refused) as refusal:
        stretch(visit, front_desk, 11)
    assert refusal.value.code == "in-the-past"
