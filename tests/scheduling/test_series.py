"""Visits that come back: looked at before they are saved, booked all or none."""

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import translation
from icalendar import Calendar

from clinic.audit.models import Event
from clinic.core.errors import Conflict, Missing, NotAllowed, Refused
from clinic.messaging.models import OutboundMessage
from clinic.people.models import Client, Location, Practice, Room, User
from scheduling.models import (
    Appointment,
    DailyLimit,
    Holiday,
    OutsideBusy,
    OutsideCalendar,
    RoomClosure,
    Series,
    Service,
    SlotHold,
    TimeOff,
    WeeklyBreak,
)
from scheduling.services import series as services
from scheduling.services.series import Choice, Plan, Preview
from tests import factories
from tests.scheduling.conftest import berlin

pytestmark = pytest.mark.django_db

SKIP = Choice(is_skipped=True)


def on(day: int) -> dt.date:
    return dt.date(2026, 6, day)


@pytest.fixture
def plan(client_record: Client, service: Service, therapist: User, room: Room) -> Plan:
    """Four Tuesdays at ten, from 2 June."""
    return Plan(
        client=client_record,
        service=service,
        therapist=therapist,
        location=room.location,
        rule="FREQ=WEEKLY;BYDAY=TU;COUNT=4",
        first_on=on(2),
        begins_at=dt.time(10),
    )


@pytest.fixture
def preview(plan: Plan, front_desk: User) -> Callable[..., Preview]:
    def made(choices: Any = None, **changes: Any) -> Preview:
        return services.preview_series(plan=replace(plan, **changes), by=front_desk, choices=choices)

    return made


@pytest.fixture
def book(plan: Plan, front_desk: User) -> Callable[..., Series]:
    def made(choices: Any = None, request_key: uuid.UUID | None = None, **changes: Any) -> Series:
        return services.book_series(
            plan=replace(plan, **changes), by=front_desk, choices=choices, request_key=request_key
        )

    return made


def states(preview: Preview) -> list[str]:
    return [each.state for each in preview.visits]


def test_a_series_books_each_of_its_dates(book: Callable[..., Series], plan: Plan) -> None:
    series = book()
    visits = list(series.appointments.order_by("during"))
    assert [each.starts_at for each in visits] == [berlin(2, 10), berlin(9, 10), berlin(16, 10), berlin(23, 10)]
    assert [each.series_on for each in visits] == [on(2), on(9), on(16), on(23)]
    assert {each.origin for each in visits} == {"series"}
    assert (series.rule, series.first_on, series.begins_at) == ("FREQ=WEEKLY;BYDAY=TU;COUNT=4", on(2), dt.time(10))
    assert Event.objects.filter(action="series.booked", object_id=str(series.pk)).count() == 1


def test_one_mail_tells_of_all_visits_and_a_reminder_goes_before_each(
    book: Callable[..., Series], practice: Practice
) -> None:
    practice.reminder_hours = [24]
    practice.save()
    series = book()
    told = OutboundMessage.objects.exclude(purpose__in=["reminder", "intake"])
    assert [each.purpose for each in told] == ["series"]
    assert len(Calendar.from_ical(told[0].calendar_file).walk("VEVENT")) == 4
    assert told[0].link is not None
    assert told[0].link.object_id == series.appointments.earliest("during").pk
    due = OutboundMessage.objects.filter(purpose="reminder").order_by("due_at").values_list("due_at", flat=True)
    assert list(due) == [berlin(1, 10), berlin(8, 10), berlin(15, 10), berlin(22, 10)]


def test_the_same_press_of_the_button_books_once(book: Callable[..., Series]) -> None:
    key = uuid.uuid4()
    assert book(request_key=key) == book(request_key=key)
    assert Appointment.objects.count() == 4
    with pytest.raises(Refused) as refusal:
        book(request_key=key, begins_at=dt.time(11))
    assert refusal.value.code == "key-reused"


def test_a_clash_is_named_with_the_nearest_free_times(
    preview: Callable[..., Preview], service: Service, therapist: User, room: Room
) -> None:
    ewa = factories.ClientFactory(given_name="Ewa", family_name="Lindgren", locations=[room.location])
    other = factories.AppointmentFactory(
        client=ewa, service=service, therapist=therapist, room=room, starts_at=berlin(9, 10, 15)
    )
    found = preview()
    assert states(found) == ["free", "clash", "free", "free"]
    (clash,) = found.in_question
    assert clash.message == "Amina Osei is taken from 10:15 to 11:00: Ewa Lindgren, Follow-up."
    assert clash.against == [other.pk]
    assert clash.alternatives == [berlin(9, 9, 15), berlin(9, 9, 30), berlin(9, 11)]


def test_a_full_day_offers_the_days_around_it(preview: Callable[..., Preview], therapist: User) -> None:
    TimeOff.objects.create(therapist=therapist, during=DateTimeTZRange(berlin(9, 0), berlin(10, 0)))
    found = preview()
    assert states(found) == ["free", "time-off", "free", "free"]
    assert found.visits[1].alternatives == [berlin(8, 10), berlin(10, 10), berlin(11, 10)]


@pytest.fixture
def in_the_way(
    request: pytest.FixtureRequest, therapist: User, room: Room, location: Location, service: Service, plan: Plan
) -> str:
    """Something that takes 9 June at ten; gives the state it leads to."""
    during = DateTimeTZRange(berlin(9, 10), berlin(9, 11))
    if request.param == "holiday":
        Holiday.objects.create(location=location, on=on(9), name="Harbour festival")
    elif request.param == "busy-elsewhere":
        calendar = OutsideCalendar.objects.create(therapist=therapist, label="Own", address="x")
        OutsideBusy.objects.create(calendar=calendar, therapist=therapist, during=during)
    elif request.param == "room-closed":
        RoomClosure.objects.create(room=room, during=during)
    elif request.param == "break":
        WeeklyBreak.objects.create(
            therapist=therapist, location=location, weekday=1, starts_at=dt.time(10), ends_at=dt.time(11),
            valid_from=on(9), valid_until=on(9),
        )  # fmt: skip
    elif request.param == "held":
        SlotHold.objects.create(
            service=service, therapist=therapist, room=room, location=location, during=during, occupies=during,
            cause="online", expires_at=berlin(1, 9),
        )  # fmt: skip
    elif request.param == "daily-limit":
        DailyLimit.objects.create(therapist=therapist, visits=1)
        factories.AppointmentFactory(service=service, therapist=therapist, room=room, starts_at=berlin(9, 15))
    elif request.param == "clash":
        elsewhere = factories.RoomFactory(location=location)
        factories.AppointmentFactory(
            client=plan.client, service=service, room=elsewhere, starts_at=berlin(9, 10),
            therapist=factories.UserFactory(),
        )  # fmt: skip
    return str(request.param)


@pytest.mark.parametrize(
    "in_the_way",
    ["holiday", "busy-elsewhere", "room-closed", "break", "held", "daily-limit", "clash"],
    indirect=True,
)
def test_each_reason_is_said_before_saving_and_keeps_the_whole_series_back(
    preview: Callable[..., Preview], book: Callable[..., Series], in_the_way: str
) -> None:
    found = preview()
    assert states(found) == ["free", in_the_way, "free", "free"]
    assert found.visits[1].message
    with pytest.raises(Conflict) as conflict:
        book()
    assert conflict.value.code == "series-clash"
    assert [each["on"] for each in conflict.value.details["visits"]] == ["2026-06-09"]
    assert not Series.objects.exists()


def test_a_date_in_question_is_left_out_or_shifted(
    book: Callable[..., Series], service: Service, therapist: User, room: Room
) -> None:
    for day in (9, 16):
        factories.AppointmentFactory(service=service, therapist=therapist, room=room, starts_at=berlin(day, 10))
    series = book({on(9): SKIP, on(16): Choice(starts_at=berlin(17, 11))})
    visits = series.appointments.order_by("during")
    assert [each.starts_at for each in visits] == [berlin(2, 10), berlin(17, 11), berlin(23, 10)]
    assert [each.series_on for each in visits] == [on(2), on(16), on(23)]


def test_a_date_that_was_taken_meanwhile_refuses_everything_with_the_dates_again(
    plan: Plan, book: Callable[..., Series], preview: Callable[..., Preview], service: Service, therapist: User,
    room: Room,
) -> None:  # fmt: skip
    assert not preview().in_question
    factories.AppointmentFactory(service=service, therapist=therapist, room=room, starts_at=berlin(23, 10))
    with pytest.raises(Conflict) as conflict:
        book()
    (visit,) = conflict.value.details["visits"]
    assert (visit["on"], visit["state"]) == ("2026-06-23", "clash")
    assert visit["alternatives"]
    assert not Appointment.objects.filter(client=plan.client).exists()
    assert not OutboundMessage.objects.exists()


def test_two_dates_of_a_series_cannot_be_shifted_onto_each_other(book: Callable[..., Series]) -> None:
    with pytest.raises(Conflict) as conflict:
        book({on(9): Choice(starts_at=berlin(10, 10)), on(16): Choice(starts_at=berlin(10, 10, 15))})
    assert conflict.value.code == "series-clash"
    assert not Appointment.objects.exists()


def test_alternatives_leave_out_what_the_series_takes_itself(
    preview: Callable[..., Preview], service: Service, therapist: User, room: Room
) -> None:
    factories.AppointmentFactory(service=service, therapist=therapist, room=room, starts_at=berlin(3, 8), minutes=540)
    found = preview(rule="FREQ=DAILY;COUNT=3")
    assert states(found) == ["free", "clash", "free"]
    assert found.visits[1].alternatives == [berlin(1, 10), berlin(2, 10, 45), berlin(5, 10)]


def test_another_room_is_taken_where_the_usual_one_is_not_free(
    book: Callable[..., Series], room: Room, second_room: Room, service: Service, other_therapist: User
) -> None:
    factories.AppointmentFactory(service=service, therapist=other_therapist, room=room, starts_at=berlin(9, 10))
    series = book(usual_room=room)
    rooms = series.appointments.order_by("during").values_list("room__name", flat=True)
    assert list(rooms) == ["Room 1", "Room 2", "Room 1", "Room 1"]
    assert series.room is None


def test_a_time_that_the_clocks_skip_or_show_twice_is_asked_about(
    preview: Callable[..., Preview], book: Callable[..., Series], therapist: User, location: Location
) -> None:
    for weekday in (5, 6):
        factories.WorkingHoursFactory(
            therapist=therapist, location=location, weekday=weekday, starts_at=dt.time(0), ends_at=dt.time(8)
        )
    night = {"rule": "FREQ=WEEKLY;BYDAY=SU;COUNT=2", "begins_at": dt.time(2, 30)}
    twice = preview(first_on=dt.date(2026, 10, 18), **night)
    assert states(twice) == ["free", "twice"]
    first, second = twice.visits[1].alternatives[:2]
    assert (first.hour, second - first) == (0, dt.timedelta(hours=1))
    book({dt.date(2026, 10, 25): Choice(starts_at=second)}, first_on=dt.date(2026, 10, 18), **night)
    assert Appointment.objects.latest("during").starts_at == second
    never = preview(first_on=dt.date(2027, 3, 21), **night)
    assert states(never) == ["free", "no-such-time"]
    assert never.visits[1].starts_at is None
    with pytest.raises(Conflict):
        book(first_on=dt.date(2027, 3, 21), **night)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"rule": "FREQ=WEEKLY"}, "no-end"),
        ({"rule": "FREQ=SECONDLY;COUNT=5"}, "frequency"),
        ({"rule": "FREQ=DAILY;COUNT=10000"}, "bad-number"),
        ({"rule": "FREQ=WEEKLY;UNTIL=20260101"}, "ends-before-start"),
        ({"timezone": "Mars/Olympus"}, "other-zone"),
        ({"timezone": "America/New_York"}, "other-zone"),
        ({"begins_at": dt.time(10, 0, 30)}, "not-on-the-minute"),
        ({"begins_at": dt.time(10, tzinfo=dt.UTC)}, "not-on-the-minute"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(book: Callable[..., Series], changes: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refusal:
        book(**changes)
    assert refusal.value.code == code


def test_dates_gone_by_are_in_question(preview: Callable[..., Preview]) -> None:
    assert states(preview(first_on=dt.date(2026, 5, 26), rule="FREQ=WEEKLY;COUNT=2")) == ["in-the-past", "free"]


@pytest.mark.parametrize(
    ("choices", "code"),
    [
        ({on(3): SKIP}, "no-such-date"),
        ({on(9): Choice(starts_at=berlin(29, 10))}, "shifted-too-far"),
        ({on(9): Choice(starts_at=dt.datetime(2026, 6, 9, 10))}, "naive-time"),  # noqa: DTZ001 - that is the point
        ({on(2): SKIP, on(9): SKIP, on(16): SKIP, on(23): SKIP}, "nothing-left"),
    ],
)
def test_a_choice_that_cannot_be_is_refused(book: Callable[..., Series], choices: Any, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        book(choices)
    assert refusal.value.code == code


def test_nobody_books_a_series_outside_their_scope(
    plan: Plan, stranger: User, other_location: Location, front_desk: User
) -> None:
    with pytest.raises(Missing):
        services.book_series(plan=plan, by=stranger)
    with pytest.raises(Missing):
        services.book_series(plan=replace(plan, location=other_location), by=front_desk)
    with pytest.raises(Refused) as refusal:
        services.book_series(plan=replace(plan, therapist=stranger), by=front_desk)
    assert refusal.value.code == "not-offered"
    left = factories.UserFactory(is_active=False)
    with pytest.raises(NotAllowed):
        services.preview_series(plan=plan, by=left)
    elsewhere = factories.RoomFactory(location=other_location)
    with pytest.raises(Refused) as refusal:
        services.book_series(plan=replace(plan, room=elsewhere), by=front_desk)
    assert refusal.value.code == "room-elsewhere"


def test_a_longer_series_asks_no_more_questions_of_the_database(
    preview: Callable[..., Preview], django_assert_max_num_queries: Any, service: Service, therapist: User, room: Room
) -> None:
    for day in (2, 9, 16):
        factories.AppointmentFactory(service=service, therapist=therapist, room=room, starts_at=berlin(day, 10))
    with django_assert_max_num_queries(26):
        found = preview(rule="FREQ=WEEKLY;BYDAY=TU,TH;COUNT=52")
    assert states(found).count("clash") == 3
    with translation.override("en"):
        assert len(found.visits) == 52
