"""What availability offers, booking takes; what it does not, booking refuses and says why."""

import datetime as dt
import random
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinic.core.errors import Conflict, DomainError, Refused
from clinic.people.models import Client, Location, Room, User
from scheduling import availability
from scheduling.availability import Search
from scheduling.models import (
    BookingRules,
    DailyLimit,
    DateHours,
    Holiday,
    OutsideBusy,
    OutsideCalendar,
    RoomClosure,
    Service,
    SlotHold,
    TimeOff,
    WeeklyBreak,
)
from scheduling.services import book_appointment, booking, move_appointment
from tests import factories
from tests.scheduling.conftest import berlin

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


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


def refusal_of(wish: dict[str, Any]) -> DomainError:
    """Why it is not booked; availability agrees that it cannot be."""
    search = Search(service=wish["service"], since=berlin(1, 8), client=wish["client"], user=wish["by"])
    if wish["room"]:
        assert not availability.is_free(search, wish["starts_at"], wish["therapist"], wish["room"])
    with pytest.raises((Refused, Conflict)) as refusal, transaction.atomic():
        book_appointment(**wish)
    return refusal.value


def hold(wish: dict[str, Any], **changes: Any) -> SlotHold:
    during = (wish["starts_at"], wish["starts_at"] + dt.timedelta(minutes=45))
    about = {"service": wish["service"], "therapist": wish["therapist"], "room": wish["room"], "cause": "online"}
    place = {"location": wish["room"].location, "during": during, "occupies": during, "expires_at": berlin(1, 9)}
    return SlotHold.objects.create(**about | place | changes)


def test_a_closed_room_is_refused_and_another_taken(wish: dict[str, Any], second_room: Room) -> None:
    RoomClosure.objects.create(room=wish["room"], during=(berlin(2, 9), berlin(2, 12)), reason="Painting")
    refusal = refusal_of(wish)
    assert refusal.code == "room-closed"
    assert "Painting" in refusal.message
    assert refusal.details["alternatives"]
    assert book_appointment(**{**wish, "room": None}).room == second_room


def test_a_visit_is_not_moved_into_a_closed_room(wish: dict[str, Any]) -> None:
    appointment = book_appointment(**wish)
    RoomClosure.objects.create(room=wish["room"], during=(berlin(3, 9), berlin(3, 12)))
    with pytest.raises(Refused) as refusal:
        move_appointment(appointment=appointment, starts_at=berlin(3, 10), by=wish["by"], room=wish["room"])
    assert refusal.value.code == "room-closed"


def test_a_daily_limit_counts_the_visits_of_its_day(wish: dict[str, Any], therapist: User, location: Location) -> None:
    limit = DailyLimit.objects.create(therapist=therapist, visits=1)
    appointment = book_appointment(**wish)
    other = {**wish, "client": factories.ClientFactory(locations=[location]), "starts_at": berlin(2, 15)}
    refusal = refusal_of(other)
    assert refusal.code == "daily-limit"
    assert refusal.details["alternatives"][0]["starts_at"] != berlin(2, 15)
    assert book_appointment(**{**other, "starts_at": berlin(3, 15)})
    moved = move_appointment(appointment=appointment, starts_at=berlin(2, 13), by=wish["by"])
    assert moved.starts_at == berlin(2, 13)
    limit.visits = 2
    limit.save()
    assert book_appointment(**other)


def test_a_limit_of_one_service_leaves_the_others_alone(wish: dict[str, Any], therapist: User) -> None:
    longer = factories.ServiceFactory(name="Longer", duration_minutes=60, therapists=[therapist])
    DailyLimit.objects.create(therapist=therapist, service=longer, visits=1)
    book_appointment(**{**wish, "service": longer, "starts_at": berlin(2, 13)})
    assert book_appointment(**wish)
    another = factories.ClientFactory(locations=[wish["room"].location])
    again = {**wish, "service": longer, "client": another, "starts_at": berlin(2, 15)}
    assert refusal_of(again).code == "daily-limit"


def test_a_service_for_new_clients_is_not_for_those_who_were_here(wish: dict[str, Any], service: Service) -> None:
    Service.objects.filter(pk=service.pk).update(is_first_visit=True, is_for_new_clients_only=True)
    service.refresh_from_db()
    search = Search(service=service, since=berlin(1, 8), client=wish["client"])
    assert availability.find(search)
    factories.AppointmentFactory(
        client=wish["client"], therapist=wish["therapist"], room=wish["room"], starts_at=berlin(1, 7)
    )
    assert availability.find(search) == []
    assert refusal_of(wish).code == "new-clients-only"


def test_a_time_held_for_somebody_else_is_refused_until_it_runs_out(wish: dict[str, Any], at: Any) -> None:
    own = hold(wish)
    assert refusal_of(wish).code == "held"
    search = Search(service=wish["service"], since=berlin(1, 8), hold=own)
    assert availability.is_free(search, wish["starts_at"], wish["therapist"], wish["room"])
    at(berlin(1, 9, 1))
    assert book_appointment(**wish)


def test_what_is_let_overlap_takes_its_time_all_the_same(wish: dict[str, Any], location: Location) -> None:
    factories.AppointmentFactory(
        client=factories.ClientFactory(),
        therapist=wish["therapist"],
        room=wish["room"],
        starts_at=berlin(2, 10),
        is_overlap_allowed=True,
        overlap_reason="Two at once",
    )
    assert refusal_of(wish).code == "clash"


def test_times_begin_on_the_step_of_the_practice(wish: dict[str, Any]) -> None:
    BookingRules.objects.create(slot_step_minutes=20)
    slots = availability.soonest(Search(service=wish["service"], since=berlin(2, 8)), limit=3)
    assert [slot.starts_at for slot in slots] == [berlin(2, 8, minute) for minute in (0, 20, 40)]


def test_notice_and_horizon_bind_what_is_booked_online_only(wish: dict[str, Any], service: Service) -> None:
    BookingRules.objects.create(online_notice_hours=3, online_horizon_days=1)
    search = Search(service=service, since=berlin(1, 8))
    online = Search(service=service, since=berlin(1, 8), is_online=True)
    assert availability.soonest(search, limit=1)[0].starts_at == berlin(1, 8)
    assert availability.soonest(online, limit=1)[0].starts_at == berlin(1, 11)
    assert [day.date.day for day in availability.find(online)] == [1, 2]
    assert availability.find(online, per_day=99)[-1].slots[-1].starts_at == berlin(2, 8)
    service.is_bookable_online = False
    assert availability.find(online) == []


def test_it_is_said_what_speaks_for_a_time(wish: dict[str, Any], therapist: User) -> None:
    for hour, minute in ((9, 0), (10, 30)):
        factories.AppointmentFactory(
            therapist=therapist, room=wish["room"], starts_at=berlin(2, hour, minute), minutes=45, client=wish["client"]
        )
    search = Search(service=wish["service"], since=berlin(2, 8), therapist=therapist)
    reasons = {slot.starts_at: slot.reason for slot in availability.find(search, days=1, per_day=99)[0].slots}
    assert reasons[berlin(2, 9, 45)] == "fills a gap"
    assert reasons[berlin(2, 11, 15)] == "next to another visit"
    assert reasons[berlin(2, 13)] == ""


def test_of_many_times_those_go_first_that_leave_no_dead_rest(wish: dict[str, Any], therapist: User) -> None:
    search = Search(service=wish["service"], since=berlin(2, 8), therapist=therapist)
    shown = [slot.starts_at for slot in availability.find(search, days=1, per_day=3)[0].slots]
    assert shown == [berlin(2, 8), berlin(2, 8, 30), berlin(2, 8, 45)]  # a quarter past would waste a quarter


def test_several_therapists_and_places_can_be_asked_for(
    wish: dict[str, Any], other_therapist: User, location: Location, other_location: Location
) -> None:
    search = Search(service=wish["service"], since=berlin(2, 8), therapists=(other_therapist,), locations=(location,))
    assert {slot.therapist for slot in availability.soonest(search)} == {other_therapist}
    nowhere = Search(service=wish["service"], since=berlin(2, 8), locations=(other_location,))
    assert availability.soonest(nowhere) == []


def test_a_month_counts_the_free_times_of_each_date(wish: dict[str, Any], therapist: User) -> None:
    TimeOff.objects.create(therapist=therapist, during=(berlin(3, 0), berlin(4, 0)))
    search = Search(service=wish["service"], since=berlin(2, 16), therapist=therapist)
    counted = availability.month(search, first_day=dt.date(2026, 6, 1))
    assert counted[dt.date(2026, 6, 2)] == 2
    assert dt.date(2026, 6, 3) not in counted
    assert counted[dt.date(2026, 6, 4)] == 34
    assert max(counted) == dt.date(2026, 6, 30)


def test_where_the_usual_room_is_taken_another_is_found_weeks_ahead(
    wish: dict[str, Any], second_room: Room, other_therapist: User
) -> None:
    book_appointment(**wish)
    stranger = factories.ClientFactory()
    factories.AppointmentFactory(
        therapist=other_therapist, room=wish["room"], client=stranger, starts_at=berlin(16, 10), minutes=45
    )
    search = Search(service=wish["service"], since=berlin(1, 8), until=berlin(30, 8), therapist=wish["therapist"])
    slots = {slot.starts_at: slot for day in availability.find(search, days=30, per_day=99) for slot in day.slots}
    assert slots[berlin(16, 9)].room == wish["room"]
    assert slots[berlin(16, 10)].room == second_room
    assert slots[berlin(16, 10)].room.location == second_room.location


class World:
    """A practice of two therapists and two rooms in a random week."""

    def __init__(self, seed: int, people: list[User], rooms: list[Room], client: Client) -> None:
        self.chance = random.Random(seed)  # noqa: S311 no secret
        self.people, self.rooms, self.client = people, rooms, client
        self.location = rooms[0].location
        buffer, length = self.chance.choice((0, 10)), self.chance.choice((20, 45, 60))
        self.service = factories.ServiceFactory(duration_minutes=length, buffer_minutes=buffer, therapists=people)
        BookingRules.objects.update_or_create(
            only=True, defaults={"slot_step_minutes": self.chance.choice((5, 15, 30))}
        )
        for _ in range(self.chance.randrange(3, 9)):
            self.chance.choice((self.book, self.book, self.take_off, self.pause, self.change, self.shut, self.keep))()

    def span(self) -> tuple[dt.datetime, dt.datetime]:
        start = berlin(self.chance.randrange(1, 4), self.chance.randrange(8, 16), self.chance.choice((0, 10, 30)))
        return start, start + dt.timedelta(minutes=self.chance.choice((20, 60, 150)))

    def book(self) -> None:
        start, end = self.span()
        client = self.chance.choice((self.client, factories.ClientFactory()))
        factories.AppointmentFactory(
            client=client, therapist=self.chance.choice(self.people), room=self.chance.choice(self.rooms),
            service=self.service, during=(start, end), occupies=(start, end + 10 * MINUTE),
            is_overlap_allowed=True, overlap_reason="Chance",
        )  # fmt: skip

    def take_off(self) -> None:
        therapist = self.chance.choice(self.people)
        TimeOff.objects.create(therapist=therapist, during=self.span())
        calendar = OutsideCalendar.objects.create(therapist=therapist, label="Own", address="x")
        OutsideBusy.objects.create(calendar=calendar, therapist=therapist, during=self.span())

    def pause(self) -> None:
        hour = self.chance.randrange(9, 14)
        WeeklyBreak.objects.create(
            therapist=self.chance.choice(self.people), location=self.location, weekday=self.chance.randrange(3),
            starts_at=dt.time(hour), ends_at=dt.time(hour + 1), valid_from=dt.date(2026, 1, 1),
        )  # fmt: skip
        DailyLimit.objects.get_or_create(therapist=self.chance.choice(self.people), defaults={"visits": 2})

    def change(self) -> None:
        times = self.chance.choice(({}, {"starts_at": dt.time(10), "ends_at": dt.time(15, 30)}))
        on = dt.date(2026, 6, self.chance.randrange(1, 4))
        DateHours.objects.create(therapist=self.chance.choice(self.people), location=self.location, on=on, **times)
        day = dt.date(2026, 6, self.chance.randrange(1, 12))
        Holiday.objects.get_or_create(location=self.location, on=day, defaults={"name": "Chance"})

    def shut(self) -> None:
        RoomClosure.objects.create(room=self.chance.choice(self.rooms), during=self.span())

    def keep(self) -> None:
        during = self.span()
        SlotHold.objects.all().delete()
        SlotHold.objects.create(
            service=self.service, therapist=self.chance.choice(self.people), room=self.chance.choice(self.rooms),
            location=self.location, during=during, occupies=during, cause="online", expires_at=berlin(2, 8),
        )  # fmt: skip

    def some_times(self, search: Search) -> list[tuple[dt.datetime, User, Room]]:
        """Some that are offered, some at random."""
        offered = [slot for day in availability.find(search, days=3, per_day=99) for slot in day.slots]
        picked = self.chance.sample(offered, min(4, len(offered)))
        random_ones = [
            (self.span()[0], self.chance.choice(self.people), self.chance.choice(self.rooms)) for _ in range(3)
        ]
        return [(slot.starts_at, slot.therapist, slot.room) for slot in picked] + random_ones


@settings(max_examples=6, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_booking_takes_what_is_free_and_nothing_else(
    seed: int, therapist: User, other_therapist: User, working: None, room: Room, second_room: Room,
    client_record: Client, front_desk: User,
) -> None:  # fmt: skip
    with transaction.atomic():
        world = World(seed, [therapist, other_therapist], [room, second_room], client_record)
        search = Search(service=world.service, since=berlin(1, 8), client=client_record, user=front_desk)
        for starts_at, who, where in world.some_times(search):
            is_free = availability.is_free(search, starts_at, who, where)
            assert is_booked(world, starts_at, who, where, front_desk) == is_free
        transaction.set_rollback(True)


def is_booked(world: World, starts_at: dt.datetime, who: User, where: Room, by: User) -> bool:
    try:
        with transaction.atomic():
            booking.book(
                client=world.client, service=world.service, therapist=who, room=where, starts_at=starts_at, actor=by,
                is_told=False,
            )  # fmt: skip
            transaction.set_rollback(True)
    except (Refused, Conflict):
        return False
    return True
