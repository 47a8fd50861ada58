"""A time that is kept for a while: it keeps others out, and lets them in again."""

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections

from clinic.core.errors import Conflict, Refused
from clinic.people.models import Client, Room, User
from scheduling.models import Appointment, Service, SlotHold
from scheduling.services import book_appointment, move_appointment
from scheduling.services.holds import hold_slot, release_hold, release_run_out
from scheduling.tasks import release_holds
from tests import factories
from tests.scheduling.conftest import berlin

pytestmark = pytest.mark.django_db


@pytest.fixture
def wish(service: Service, therapist: User, room: Room) -> dict[str, Any]:
    return {"service": service, "therapist": therapist, "room": room, "starts_at": berlin(2, 10)}


@pytest.fixture
def hold(wish: dict[str, Any]) -> SlotHold:
    return hold_slot(**wish, cause="online", expires_at=berlin(1, 8, 10))


def test_a_held_time_refuses_others(
    wish: dict[str, Any], hold: SlotHold, client_record: Client, front_desk: User, other_therapist: User
) -> None:
    with pytest.raises(Conflict) as refused:
        book_appointment(**wish, client=client_record, by=front_desk)
    assert refused.value.code == "held"
    with pytest.raises(Conflict, match="kept for somebody else"):  # the room is held, too
        book_appointment(**{**wish, "therapist": other_therapist}, client=client_record, by=front_desk)
    assert not Appointment.objects.exists()


def test_another_room_is_taken_when_one_is_held(
    wish: dict[str, Any],
    hold: SlotHold,
    client_record: Client,
    front_desk: User,
    other_therapist: User,
    second_room: Room,
) -> None:
    booked = book_appointment(
        **{**wish, "therapist": other_therapist, "room": None}, client=client_record, by=front_desk
    )
    assert booked.room == second_room


def test_a_visit_is_not_moved_onto_a_held_time(
    wish: dict[str, Any], hold: SlotHold, client_record: Client, front_desk: User
) -> None:
    visit = book_appointment(**{**wish, "starts_at": berlin(3, 10)}, client=client_record, by=front_desk)
    with pytest.raises(Conflict) as refused:
        move_appointment(appointment=visit, starts_at=berlin(2, 10, 15), by=front_desk)
    assert refused.value.code == "held"


def test_ones_own_hold_becomes_the_appointment(
    wish: dict[str, Any], hold: SlotHold, client_record: Client, front_desk: User
) -> None:
    booked = book_appointment(**wish, client=client_record, by=front_desk, hold=hold, origin="online")
    hold.refresh_from_db()
    assert (hold.appointment, bool(hold.released_at), booked.origin) == (booked, True, "online")
    with pytest.raises((Refused, Conflict)):
        book_appointment(
            **{**wish, "starts_at": berlin(3, 10)}, client=factories.ClientFactory(locations=[wish["room"].location]),
            by=front_desk, hold=hold,
        )  # fmt: skip


def test_a_hold_that_ran_out_keeps_nobody_out(
    wish: dict[str, Any], hold: SlotHold, client_record: Client, front_desk: User, at: Callable[[dt.datetime], None]
) -> None:
    at(berlin(1, 8, 10))
    book_appointment(**wish, client=client_record, by=front_desk)
    assert release_holds() == 1
    hold.refresh_from_db()
    assert hold.released_at == berlin(1, 8, 10)


def test_whoever_comes_next_lets_go_of_a_hold_that_ran_out(
    wish: dict[str, Any], hold: SlotHold, at: Callable[[dt.datetime], None]
) -> None:
    at(berlin(1, 8, 10))
    again = hold_slot(**wish, cause="online", expires_at=berlin(1, 8, 20))
    hold.refresh_from_db()
    assert hold.released_at is not None
    assert release_run_out() == 0
    assert release_hold(hold=again)
    assert not release_hold(hold=again)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"starts_at": berlin(2, 10, 30)}, "held"),
        ({"starts_at": berlin(2, 7)}, "not-working"),
        ({"starts_at": berlin(2, 10) - dt.timedelta(days=30)}, "in-the-past"),
        ({"starts_at": dt.datetime(2026, 6, 2, 10)}, "naive-time"),  # noqa: DTZ001
    ],
)
def test_nothing_is_held_that_could_not_be_booked(
    wish: dict[str, Any], hold: SlotHold, change: dict[str, Any], code: str
) -> None:
    with pytest.raises((Conflict, Refused)) as refused:
        hold_slot(**{**wish, **change}, cause="online", expires_at=berlin(1, 8, 10))
    assert refused.value.code == code


def test_a_booked_time_is_not_held(wish: dict[str, Any], client_record: Client, front_desk: User) -> None:
    book_appointment(**wish, client=client_record, by=front_desk)
    with pytest.raises(Conflict) as refused:
        hold_slot(**wish, cause="waitlist", expires_at=berlin(1, 9))
    assert refused.value.code == "clash"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_hold_a_time_at_once_one_has_it(wish: dict[str, Any], at: Callable[[dt.datetime], None]) -> None:
    together = threading.Barrier(6)
    results: list[str] = []

    def take() -> None:
        together.wait()
        try:
            hold_slot(**wish, cause="online", expires_at=berlin(1, 9))
            results.append("held by us")
        except Conflict as refused:
            results.append(refused.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=take) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["held"] * 5 + ["held by us"]
    assert SlotHold.objects.filter(released_at=None).count() == 1
