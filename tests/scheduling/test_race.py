"""Many at once on one slot: one gets it. With the protection off, more than one does."""

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from clinic.core.errors import Conflict
from clinic.people.models import Client, User
from scheduling.models import Appointment, BookingRules, Service, WaitlistEntry, WaitlistOffer
from scheduling.services import book_appointment, offers
from scheduling.services.freed import Freed, slot_came_free
from scheduling.services.offer_rows import with_all
from scheduling.services.waitlist import add_to_waitlist
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 20
CONSTRAINTS = ("therapist", "room", "client")
TAKEN_ONCE = "offered_slot_is_taken_once"


@pytest.fixture(autouse=True)
def monday_morning() -> None:
    """Real threads, the real clock."""


@pytest.fixture
def slot() -> dt.datetime:
    day = timezone.now().date() + dt.timedelta(days=14)
    day -= dt.timedelta(days=day.weekday())
    return dt.datetime.combine(day, dt.time(9), tzinfo=dt.UTC)


def at_once(work: Callable[[int], Any]) -> list[Any]:
    """What each of the threads got; they start together."""
    together = threading.Barrier(THREADS)
    results: list[Any] = [None] * THREADS

    def run(index: int) -> None:
        try:
            together.wait()
            results[index] = work(index)
        except Exception as error:
            results[index] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def clients(location: Any) -> list[Client]:
    return [factories.ClientFactory(locations=[location]) for _ in range(THREADS)]


def test_of_twenty_who_book_one_slot_one_gets_it(
    service: Service, therapist: User, room: Any, owner: User, slot: dt.datetime
) -> None:
    everyone = clients(room.location)

    def book(index: int) -> Appointment:
        return book_appointment(
            client=everyone[index], service=service, therapist=therapist, room=room, starts_at=slot, by=owner
        )

    results = at_once(book)
    assert [type(each) for each in results].count(Appointment) == 1
    assert all(isinstance(each, Appointment | Conflict) for each in results), results
    assert Appointment.objects.active().count() == 1


def test_one_client_cannot_be_booked_with_two_therapists_at_once(
    service: Service, therapist: User, other_therapist: User, room: Any, second_room: Any, client_record: Client,
    owner: User, slot: dt.datetime,
) -> None:  # fmt: skip
    pairs = [(therapist, room), (other_therapist, second_room)]

    def book(index: int) -> Appointment:
        who, where = pairs[index % 2]
        return book_appointment(
            client=client_record, service=service, therapist=who, room=where, starts_at=slot, by=owner
        )

    results = at_once(book)
    assert all(isinstance(each, Appointment | Conflict) for each in results), results
    assert Appointment.objects.active().count() == 1


@pytest.fixture
def unprotected() -> Iterator[None]:
    """The exclusion constraints are gone, and come back."""
    names = [f"{who}_is_in_one_place_at_a_time" for who in CONSTRAINTS]
    kept = [(Appointment, each) for each in Appointment._meta.constraints if each.name in names]
    kept += [(WaitlistOffer, each) for each in WaitlistOffer._meta.constraints if each.name == TAKEN_ONCE]
    with connection.schema_editor() as editor:
        for model, constraint in kept:
            editor.remove_constraint(model, constraint)
    yield
    WaitlistOffer.objects.all().delete()
    WaitlistEntry.objects.update(appointment=None)
    Appointment.objects.all().delete()
    with connection.schema_editor() as editor:
        for model, constraint in kept:
            editor.add_constraint(model, constraint)


@pytest.mark.usefixtures("unprotected")
def test_without_constraints_and_locks_the_same_race_books_twice(
    service: Service, therapist: User, room: Any, owner: User, slot: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scheduling.services.booking.lock", lambda **_: None)
    everyone = clients(room.location)

    def book(index: int) -> Appointment:
        return book_appointment(
            client=everyone[index], service=service, therapist=therapist, room=room, starts_at=slot, by=owner
        )

    at_once(book)
    assert Appointment.objects.active().count() > 1


def test_the_constraint_alone_is_enough_when_the_locks_are_off(
    service: Service, therapist: User, room: Any, owner: User, slot: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scheduling.services.booking.lock", lambda **_: None)
    everyone = clients(room.location)

    def book(index: int) -> Appointment:
        return book_appointment(
            client=everyone[index], service=service, therapist=therapist, room=room, starts_at=slot, by=owner
        )

    at_once(book)
    assert Appointment.objects.active().count() == 1


def test_one_room_is_not_booked_for_two_therapists_at_once(
    service: Service, therapist: User, other_therapist: User, room: Any, owner: User, slot: dt.datetime
) -> None:
    everyone, two = clients(room.location), (therapist, other_therapist)

    def book(index: int) -> Appointment:
        return book_appointment(
            client=everyone[index], service=service, therapist=two[index % 2], room=room, starts_at=slot, by=owner
        )

    results = at_once(book)
    assert all(isinstance(each, Appointment | Conflict) for each in results), results
    assert Appointment.objects.active().count() == 1


@pytest.fixture
def offered(service: Service, therapist: User, room: Any, owner: User, slot: dt.datetime) -> list[WaitlistOffer]:
    """A slot that came free, offered to everybody at once."""
    BookingRules.objects.create(waitlist_mode=BookingRules.WaitlistMode.ALL_AT_ONCE)
    for each in clients(room.location):
        add_to_waitlist(client=each, service=service, by=owner)
    with transaction.atomic():
        slot_came_free(Freed(therapist, room, room.location, slot, slot))
    return list(with_all(WaitlistOffer.objects.all()))


def confirm_all(offered: list[WaitlistOffer]) -> list[Any]:
    assert len(offered) == THREADS
    return at_once(lambda index: offers.accept_by_link(link=offered[index].link, offer=offered[index]))


def test_of_twenty_who_confirm_one_offered_slot_one_has_it(offered: list[WaitlistOffer]) -> None:
    results = confirm_all(offered)
    assert [type(each) for each in results].count(Appointment) == 1, results
    assert {each.code for each in results if isinstance(each, Conflict)} <= {"taken", "busy"}
    assert Appointment.objects.active().count() == 1
    assert sorted(WaitlistOffer.objects.values_list("state", flat=True)) == ["accepted", *["gone"] * (THREADS - 1)]


@pytest.mark.usefixtures("unprotected")
def test_without_constraints_and_locks_an_offered_slot_is_had_twice(
    offered: list[WaitlistOffer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scheduling.services.booking.lock", lambda **_: None)
    monkeypatch.setattr("scheduling.services.offers.lock_offer", lambda offer, **_: offer)
    monkeypatch.setattr("scheduling.services.offers.open_offers", lambda hold: [])
    monkeypatch.setattr("scheduling.services.holds.consume", lambda hold, appointment: None)
    confirm_all(offered)
    assert Appointment.objects.active().count() > 1
