"""A series changes: one visit, this and those that follow, or all; and it ends."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from clinic.core.errors import Conflict, Missing, Refused, StaleVersion
from clinic.messaging.models import OutboundMessage
from clinic.people.models import Client, Practice, Room, User
from scheduling.models import Appointment, Series, Service
from scheduling.services import cancel_appointment, move_appointment
from scheduling.services.series import Choice, Plan, book_series
from scheduling.services.series_changes import Change, change_series, preview_change
from scheduling.services.series_ending import cancel_series
from tests import factories
from tests.scheduling.conftest import berlin

pytestmark = pytest.mark.django_db

ELEVEN = Change(begins_at=dt.time(11))


def on(day: int) -> dt.date:
    return dt.date(2026, 6, day)


@pytest.fixture
def series(client_record: Client, service: Service, therapist: User, room: Room, front_desk: User) -> Series:
    """Four Tuesdays at ten, from 2 June; the client was told."""
    plan = Plan(
        client=client_record, service=service, therapist=therapist, location=room.location,
        rule="FREQ=WEEKLY;BYDAY=TU;COUNT=4", first_on=on(2), begins_at=dt.time(10),
    )  # fmt: skip
    made = book_series(plan=plan, by=front_desk)
    OutboundMessage.objects.update(state="sent")
    return made


@pytest.fixture
def visits(series: Series) -> list[Appointment]:
    return list(series.appointments.order_by("during"))


@pytest.fixture
def change(front_desk: User) -> Callable[..., Series]:
    def made(appointment: Appointment, scope: str, change: Change, **more: Any) -> Series:
        appointment = Appointment.objects.with_people().get(pk=appointment.pk)
        return change_series(appointment=appointment, scope=scope, change=change, by=front_desk, **more)

    return made


def starts(*series: Series) -> list[dt.datetime]:
    rows = Appointment.objects.active().filter(series__in=series).order_by("during")
    return [row.starts_at for row in rows]


def purposes() -> list[str]:
    waiting = OutboundMessage.objects.filter(state="pending").exclude(purpose__in=["reminder", "intake"])
    return list(waiting.order_by("purpose").values_list("purpose", flat=True))


def test_one_visit_moves_alone(visits: list[Appointment], change: Callable[..., Series], series: Series) -> None:
    change(visits[1], "one", ELEVEN)
    assert starts(series) == [berlin(2, 10), berlin(9, 11), berlin(16, 10), berlin(23, 10)]
    series.refresh_from_db()
    assert (series.rule, series.begins_at) == ("FREQ=WEEKLY;BYDAY=TU;COUNT=4", dt.time(10))
    assert purposes() == ["moved"]


def test_this_and_following_becomes_a_series_of_its_own(
    visits: list[Appointment], change: Callable[..., Series], series: Series
) -> None:
    split = change(visits[2], "following", ELEVEN)
    series.refresh_from_db()
    assert split.split_from == series
    assert (series.rule, starts(series)) == ("FREQ=WEEKLY;BYDAY=TU;COUNT=2", [berlin(2, 10), berlin(9, 10)])
    assert (split.rule, starts(split)) == ("FREQ=WEEKLY;BYDAY=TU;COUNT=2", [berlin(16, 11), berlin(23, 11)])
    assert (split.first_on, split.begins_at) == (on(16), dt.time(11))
    assert purposes() == ["series_moved"]


def test_all_visits_change_in_place(visits: list[Appointment], change: Callable[..., Series], series: Series) -> None:
    assert change(visits[3], "all", ELEVEN) == series
    assert starts(series) == [berlin(2, 11), berlin(9, 11), berlin(16, 11), berlin(23, 11)]
    series.refresh_from_db()
    assert (series.begins_at, series.version) == (dt.time(11), 2)


def test_past_and_settled_visits_are_never_touched(
    visits: list[Appointment], change: Callable[..., Series], series: Series, at: Any, front_desk: User
) -> None:
    cancel_appointment(appointment=visits[2], by=front_desk)
    at(berlin(3, 8))
    split = change(visits[3], "all", ELEVEN)
    assert (starts(series), starts(split)) == ([berlin(2, 10)], [berlin(9, 11), berlin(23, 11)])
    assert Appointment.objects.get(pk=visits[2].pk).starts_at == berlin(16, 10)


def test_the_weekday_changes_within_the_week(
    visits: list[Appointment], change: Callable[..., Series], series: Series
) -> None:
    change(visits[0], "all", Change(weekday=3))
    assert starts(series) == [berlin(4, 10), berlin(11, 10), berlin(18, 10), berlin(25, 10)]
    series.refresh_from_db()
    assert (series.rule, series.first_on) == ("FREQ=WEEKLY;BYDAY=TH;COUNT=4", on(4))
    assert series.appointments.earliest("during").series_on == on(4)


def test_therapist_room_and_length_change(
    visits: list[Appointment], change: Callable[..., Series], series: Series, other_therapist: User, second_room: Room
) -> None:
    change(visits[0], "all", Change(therapist=other_therapist, room=second_room, duration_minutes=60))
    rows = Appointment.objects.filter(series=series)
    assert {(row.therapist, row.room, row.duration_minutes) for row in rows} == {(other_therapist, second_room, 60)}
    series.refresh_from_db()
    assert (series.therapist, series.room, series.duration_minutes) == (other_therapist, second_room, 60)


def test_a_fixed_room_becomes_any_that_fits_and_who_stays_in_it_is_not_told(
    visits: list[Appointment], change: Callable[..., Series], series: Series, other_therapist: User,
    room: Room, second_room: Room,
) -> None:  # fmt: skip
    change(visits[0], "all", Change(room=second_room))
    OutboundMessage.objects.update(state="sent")
    told = len(purposes())
    change(visits[0], "all", Change(any_room=True))
    series.refresh_from_db()
    assert series.room is None
    assert {each.room for each in series.appointments.all()} == {second_room}
    assert len(purposes()) == told
    factories.AppointmentFactory(therapist=other_therapist, room=second_room, starts_at=berlin(9, 11))
    change(visits[0], "all", ELEVEN)
    rooms = [each.room for each in series.appointments.order_by("during")]
    assert rooms == [second_room, room, second_room, second_room]
    with pytest.raises(Refused, match="not both"):
        change(visits[0], "all", Change(room=room, any_room=True))


def test_a_visit_that_was_moved_by_itself_keeps_its_time_unless_said_otherwise(
    visits: list[Appointment], change: Callable[..., Series], series: Series, front_desk: User
) -> None:
    move_appointment(appointment=visits[1], starts_at=berlin(10, 14), by=front_desk)
    change(visits[0], "all", ELEVEN)
    assert starts(series) == [berlin(2, 11), berlin(10, 14), berlin(16, 11), berlin(23, 11)]
    change(visits[0], "all", Change(begins_at=dt.time(12), moves_moved=True))
    assert starts(series) == [berlin(2, 12), berlin(9, 12), berlin(16, 12), berlin(23, 12)]


def test_clashes_are_shown_before_saving_and_skipped_or_shifted_each(
    visits: list[Appointment], change: Callable[..., Series], series: Series, front_desk: User, therapist: User,
    service: Service, room: Room,
) -> None:  # fmt: skip
    for day in (9, 16):
        factories.AppointmentFactory(service=service, therapist=therapist, room=room, starts_at=berlin(day, 11))
    first = Appointment.objects.with_people().get(pk=visits[0].pk)
    preview = preview_change(appointment=first, scope="all", change=ELEVEN, by=front_desk)
    assert [each.state for each in preview.visits] == ["free", "clash", "clash", "free"]
    with pytest.raises(Conflict) as conflict:
        change(first, "all", ELEVEN)
    assert conflict.value.code == "series-clash"
    assert starts(series)[0] == berlin(2, 10)
    change(first, "all", ELEVEN, choices={on(9): Choice(is_skipped=True), on(16): Choice(starts_at=berlin(16, 12))})
    assert starts(series) == [berlin(2, 11), berlin(9, 10), berlin(16, 12), berlin(23, 11)]


def test_a_small_move_does_not_clash_with_the_visit_itself(
    visits: list[Appointment], change: Callable[..., Series], series: Series
) -> None:
    change(visits[0], "all", Change(begins_at=dt.time(10, 15)))
    assert starts(series)[0] == berlin(2, 10, 15)


def test_a_change_that_was_made_meanwhile_is_not_overwritten(
    visits: list[Appointment], change: Callable[..., Series]
) -> None:
    change(visits[0], "all", ELEVEN)
    with pytest.raises(StaleVersion):
        change(visits[0], "all", ELEVEN, version=1)


def test_a_change_before_the_client_was_told_writes_one_mail(
    visits: list[Appointment], change: Callable[..., Series], series: Series
) -> None:
    OutboundMessage.objects.filter(purpose="series").update(state="pending")
    change(visits[2], "following", ELEVEN)
    assert purposes() == ["series"]
    assert OutboundMessage.objects.get(purpose="series", state="pending").calendar_file.count("BEGIN:VEVENT") == 4


@pytest.mark.parametrize(
    ("scope", "what", "code"),
    [
        ("none", ELEVEN, "bad-scope"),
        ("all", Change(), "no-change"),
        ("all", Change(weekday=9), "bad-weekday"),
        ("all", Change(weekday=1, begins_at=dt.time(10, 0, 1)), "not-on-the-minute"),
        ("all", Change(duration_minutes=525600), "bad-duration"),
    ],
)
def test_a_change_that_cannot_be_is_refused(
    visits: list[Appointment], change: Callable[..., Series], scope: str, what: Change, code: str
) -> None:
    with pytest.raises(Refused) as refusal:
        change(visits[0], scope, what)
    assert refusal.value.code == code


def test_a_foreign_series_is_not_here(visits: list[Appointment], stranger: User) -> None:
    with pytest.raises(Missing):
        change_series(appointment=visits[0], scope="all", change=ELEVEN, by=stranger)
    with pytest.raises(Missing):
        cancel_series(appointment=visits[0], scope="all", by=stranger)


@pytest.mark.parametrize(("scope", "left"), [("one", [2, 16, 23]), ("following", [2]), ("all", [])])
def test_a_series_is_cancelled_in_part_or_whole(
    visits: list[Appointment], series: Series, front_desk: User, scope: str, left: list[int]
) -> None:
    cancel_series(appointment=visits[1], scope=scope, by=front_desk, reason="Moves away")
    assert starts(series) == [berlin(day, 10) for day in left]
    series.refresh_from_db()
    assert (series.ended_at is not None) == (scope == "all")
    assert purposes() == ["cancelled" if scope == "one" else "series_cancelled"]
    assert not OutboundMessage.objects.filter(
        purpose="reminder", state="pending", about_id__in=Appointment.objects.filter(status="cancelled")
    ).exists()


def test_each_visit_is_cancelled_late_by_its_own_notice(
    visits: list[Appointment], series: Series, front_desk: User, practice: Practice
) -> None:
    practice.cancellation_notice_hours = 48
    practice.save()
    cancel_series(appointment=visits[0], scope="all", by=front_desk)
    assert list(series.appointments.order_by("during").values_list("status", flat=True)) == [
        "late-cancelled", "cancelled", "cancelled", "cancelled",
    ]  # fmt: skip


def test_cancelling_what_the_client_never_heard_of_tells_nobody(visits: list[Appointment], front_desk: User) -> None:
    OutboundMessage.objects.filter(purpose="series").update(state="pending")
    cancel_series(appointment=visits[0], scope="all", by=front_desk)
    assert purposes() == []


def test_a_series_that_is_over_cannot_be_cancelled(visits: list[Appointment], front_desk: User, at: Any) -> None:
    at(berlin(30, 8))
    with pytest.raises(Refused):
        cancel_series(appointment=visits[0], scope="all", by=front_desk)
