"""Who waits, whom a free time fits, and who is asked first."""

import datetime as dt
import uuid
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from clinic.audit.models import Event
from clinic.core.errors import Missing, Refused
from clinic.people.models import Client, Location, User
from scheduling import waiting
from scheduling.models import Service, WaitlistEntry
from scheduling.rules.waitlist import Gap, Wanted, Window, answer_until, fits, turn
from scheduling.services.waitlist import add_to_waitlist, change_entry, take_off
from tests import factories
from tests.scheduling.conftest import BERLIN, berlin

AMINA, TOMAS, HARBOUR, MILL = (uuid.UUID(int=number) for number in range(1, 5))
NOW = berlin(1, 8)


def gap(start: dt.datetime, minutes: int = 45, zone: ZoneInfo = BERLIN) -> Gap:
    return Gap(start, start + dt.timedelta(minutes=minutes), AMINA, HARBOUR, zone)


def wanted(minutes: int = 45, **more: Any) -> Wanted:
    length = dt.timedelta(minutes=minutes)
    plain = {"occupied": length, "earliest_on": dt.date(2026, 6, 1), "latest_on": None, "priority": 0, "since": NOW}
    return Wanted(**({"length": length, "notice": dt.timedelta(hours=1)} | plain | more))


@pytest.mark.parametrize(
    ("wish", "is_fit"),
    [
        (wanted(), True),
        (wanted(30), True),
        (wanted(60), False),
        (wanted(45, occupied=dt.timedelta(minutes=50)), False),
        (wanted(therapists={AMINA, TOMAS}), True),
        (wanted(therapists={TOMAS}), False),
        (wanted(locations={HARBOUR}), True),
        (wanted(locations={MILL}), False),
        (wanted(earliest_on=dt.date(2026, 6, 3)), False),
        (wanted(latest_on=dt.date(2026, 6, 1)), False),
        (wanted(latest_on=dt.date(2026, 6, 2)), True),
        (wanted(before=berlin(2, 9)), False),
        (wanted(before=berlin(2, 10)), True),
        (wanted(notice=dt.timedelta(hours=25)), False),
        (wanted(notice=dt.timedelta(hours=24, minutes=55)), True),
        (wanted(windows=[Window(1, dt.time(8), dt.time(12))]), True),
        (wanted(windows=[Window(0, dt.time(8), dt.time(12))]), False),
        (wanted(windows=[Window(1, dt.time(9, 15), dt.time(12))]), False),
        (wanted(windows=[Window(1, dt.time(8), dt.time(9, 30))]), False),
        (wanted(windows=[Window(0, dt.time(8), dt.time(9)), Window(1, dt.time(9), dt.time(9, 45))]), True),
    ],
)
def test_a_gap_on_tuesday_at_nine_fits_or_not(wish: Wanted, is_fit: bool) -> None:
    assert fits(gap(berlin(2, 9)), wish, NOW) is is_fit


def test_windows_are_read_off_the_wall_clock_on_either_side_of_the_change() -> None:
    wish = wanted(windows=[Window(0, dt.time(9), dt.time(9, 45))], earliest_on=dt.date(2026, 10, 1))
    for day in (19, 26):  # before and after the clocks go back on the 25th
        nine = dt.datetime(2026, 10, day, 9, tzinfo=BERLIN).astimezone(dt.UTC)
        assert fits(gap(nine), wish, NOW)
        assert not fits(gap(nine + dt.timedelta(hours=1)), wish, NOW)


def test_the_urgent_come_first_then_whoever_waited_longest() -> None:
    late = NOW + dt.timedelta(days=1)
    soon, first, second = wanted(priority=1, since=late), wanted(since=NOW), wanted(since=late)
    assert sorted([second, first, soon], key=turn) == [soon, first, second]


@pytest.mark.parametrize(
    ("hours_ahead", "notice", "is_shared", "minutes"),
    [
        (48, 60, False, 60),  # as the practice says
        (2, 60, False, 30),  # half of what is left, so that somebody else may have it too
        (2, 60, True, 60),  # all have the same time
        (1.2, 60, False, 6),
        (1.1, 60, False, 5),  # never past the start less the notice
        (1.05, 60, True, 3),
    ],
)
def test_an_offer_stands_shorter_when_its_slot_is_near(
    hours_ahead: float, notice: int, is_shared: bool, minutes: int
) -> None:
    starts_at, hour = NOW + dt.timedelta(hours=hours_ahead), dt.timedelta(hours=1)
    until = answer_until(
        now=NOW, starts_at=starts_at, notice=dt.timedelta(minutes=notice), hold=hour, is_shared=is_shared
    )
    assert until == NOW + dt.timedelta(minutes=minutes)
    assert until <= starts_at - dt.timedelta(minutes=notice)


@pytest.fixture
def entry(client_record: Client, service: Service, front_desk: User) -> WaitlistEntry:
    return add_to_waitlist(client=client_record, service=service, by=front_desk)


def test_somebody_waits_from_today_on(entry: WaitlistEntry, front_desk: User) -> None:
    assert (entry.state, entry.earliest_on, entry.added_by) == ("waiting", dt.date(2026, 6, 1), front_desk)
    assert Event.objects.filter(client_id=entry.client_id).values_list("action", flat=True)[0] == "waitlist.added"


def test_nobody_waits_twice_for_one_service(entry: WaitlistEntry, front_desk: User) -> None:
    with pytest.raises(Refused, match="already") as refusal:
        add_to_waitlist(client=entry.client, service=entry.service, by=front_desk)
    assert refusal.value.code == "waits-already"
    take_off(entry=entry, by=front_desk)
    add_to_waitlist(client=entry.client, service=entry.service, by=front_desk)


def test_a_stranger_puts_nobody_on_the_list(client_record: Client, service: Service, stranger: User) -> None:
    with pytest.raises(Missing):
        add_to_waitlist(client=client_record, service=service, by=stranger)


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"latest_on": dt.date(2026, 5, 1)}, "ends-before-it-starts"),
        ({"earliest_on": dt.date(2026, 5, 1), "latest_on": dt.date(2026, 5, 2)}, "in-the-past"),
        ({"earliest_on": dt.date(2100, 1, 1)}, "too-far-ahead"),
        ({"notice_minutes": 999_999}, "bad-notice"),
        ({"windows": [Window(0, dt.time(12), dt.time(8))]}, "ends-before-it-starts"),
        ({"windows": [Window(7, dt.time(8), dt.time(12))]}, "bad-weekday"),
        ({"windows": [Window(0, dt.time(8), dt.time(12, minute)) for minute in range(41)]}, "too-many-windows"),
    ],
)
def test_what_nobody_could_be_offered_is_refused(
    client_record: Client, service: Service, front_desk: User, wish: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refused) as refusal:
        add_to_waitlist(client=client_record, service=service, by=front_desk, **wish)
    assert refusal.value.code == code
    assert not WaitlistEntry.objects.exists()


def test_only_an_own_visit_that_is_ahead_can_be_given_up(entry: WaitlistEntry, front_desk: User, room: Any) -> None:
    somebody_elses = factories.AppointmentFactory(room=room, therapist=front_desk, starts_at=berlin(9, 9))
    with pytest.raises(Refused) as refusal:
        change_entry(entry=entry, by=front_desk, replaces=somebody_elses)
    assert refusal.value.code == "not-replaceable"


def test_therapists_who_do_not_offer_the_service_are_not_waited_for(
    client_record: Client, service: Service, front_desk: User
) -> None:
    with pytest.raises(Refused) as refusal:
        add_to_waitlist(client=client_record, service=service, by=front_desk, therapists=[front_desk])
    assert refusal.value.code == "not-offered"


def test_an_entry_is_changed_in_all_its_parts(entry: WaitlistEntry, therapist: User, front_desk: User) -> None:
    windows = [Window(2, dt.time(8), dt.time(12)), Window(0, dt.time(8), dt.time(12))]
    changed = change_entry(
        entry=entry, by=front_desk, therapists=[therapist], windows=windows, priority=2, note="Rings"
    )
    assert [str(each) for each in changed.windows.all()] == ["Monday 08:00–12:00", "Wednesday 08:00–12:00"]
    assert (changed.priority, changed.note, list(changed.therapists.all())) == (2, "Rings", [therapist])
    change_entry(entry=entry, by=front_desk, note="")
    assert changed.windows.count() == 2, "what is not named stays"


def test_whoever_is_elsewhere_then_does_not_fit(
    entry: WaitlistEntry, therapist: User, other_therapist: User, location: Location, second_room: Any
) -> None:
    nine = Gap(berlin(2, 9), berlin(2, 10), therapist.pk, location.pk, BERLIN)
    assert waiting.fitting(nine, among=WaitlistEntry.objects, now=NOW) == [entry]
    factories.AppointmentFactory(
        client=entry.client, therapist=other_therapist, room=second_room, starts_at=berlin(2, 9, 30)
    )
    assert waiting.fitting(nine, among=WaitlistEntry.objects, now=NOW) == []


def test_finding_whom_a_gap_fits_takes_as_many_queries_for_thirty_as_for_three(
    therapist: User, location: Location, service: Service, front_desk: User, django_assert_num_queries: Any
) -> None:
    nine = Gap(berlin(2, 9), berlin(2, 10), therapist.pk, location.pk, BERLIN)
    for expected in (3, 30):
        while WaitlistEntry.objects.count() < expected:
            client = factories.ClientFactory(locations=[location])
            add_to_waitlist(client=client, service=service, by=front_desk, therapists=[therapist])
        with django_assert_num_queries(6):
            assert len(waiting.fitting(nine, among=WaitlistEntry.objects, now=NOW)) == expected
