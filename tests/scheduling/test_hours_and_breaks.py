"""Weekly hours and breaks, dates that differ, time off: what may be said, and what the weeks to come look like then."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clinic.core.errors import Missing, NotAllowed, Refused
from clinic.people.models import Location, Room, User
from scheduling import services
from scheduling.models import DateHours, TimeOff, WeeklyBreak, WorkingHours
from scheduling.stranded import outside_hours
from scheduling.weeks import picture
from tests import factories
from tests.scheduling.conftest import berlin, work

pytestmark = pytest.mark.django_db
MONDAY = dt.date(2026, 6, 1)
NOON, ONE = dt.time(12), dt.time(13)


@pytest.fixture
def boss(client: Browser, owner: User) -> Browser:
    client.force_login(owner)
    return client


@pytest.fixture
def hours(therapist: User, location: Location) -> WorkingHours:
    return factories.WorkingHoursFactory(therapist=therapist, location=location, ends_at=dt.time(16))


def pause(therapist: User, location: Location, by: User, **values: Any) -> list[WeeklyBreak]:
    said = {"weekdays": [0], "starts_at": NOON, "ends_at": ONE, "valid_from": MONDAY, "label": "Lunch", **values}
    return services.add_breaks(therapist=therapist, location=location, by=by, **said)


def test_a_change_of_hours_leaves_on_record_what_was_worked(owner: User, hours: WorkingHours) -> None:
    new = services.change_working_hours(hours=hours, by=owner, since=dt.date(2026, 6, 8), ends_at=NOON)
    hours.refresh_from_db()
    assert (hours.valid_until, hours.ends_at) == (dt.date(2026, 6, 7), dt.time(16))
    assert (new.valid_from, new.valid_until, new.ends_at) == (dt.date(2026, 6, 8), None, NOON)
    again = services.change_working_hours(hours=new, by=owner, ends_at=ONE)
    assert (again.pk, again.valid_from) == (new.pk, dt.date(2026, 6, 8)), "it had not begun"
    with pytest.raises(Refused, match="is over"):
        services.change_working_hours(hours=again, by=owner, since=dt.date(2026, 5, 1), ends_at=NOON)
    with pytest.raises(Refused, match="has ended"):
        services.change_working_hours(hours=hours, by=owner, since=dt.date(2026, 6, 22), ends_at=NOON)


def test_every_second_week_stays_the_same_week_when_its_hours_change(
    owner: User, therapist: User, location: Location
) -> None:
    row = factories.WorkingHoursFactory(
        therapist=therapist, location=location, valid_from=dt.date(2026, 5, 25), every_n_weeks=2
    )
    new = services.change_working_hours(hours=row, by=owner, since=dt.date(2026, 6, 2), ends_at=NOON)
    assert new.valid_from == dt.date(2026, 6, 8)


@pytest.mark.parametrize(
    ("values", "words"),
    [({"starts_at": ONE, "ends_at": NOON}, "end after"), ({"starts_at": NOON, "ends_at": NOON}, "end after"),
     ({"starts_at": dt.time(18), "ends_at": dt.time(19)}, "does not work"), ({"weekdays": [1]}, "does not work"),
     ({"valid_from": dt.date(1, 1, 1)}, "year 1"), ({"valid_until": dt.date(9999, 1, 1)}, "year 9999"),
     ({"valid_until": dt.date(2026, 5, 1)}, "before the first"), ({"every_n_weeks": 0}, "Every week"),
     ({"starts_at": dt.time(12, 0, 30)}, "full minutes"), ({"weekdays": [7]}, "Weekdays go")],
)  # fmt: skip
def test_a_break_that_makes_no_sense_is_refused(
    owner: User, therapist: User, location: Location, hours: WorkingHours, values: dict[str, Any], words: str
) -> None:
    with pytest.raises(Refused, match=words):
        pause(therapist, location, owner, **values)
    assert not WeeklyBreak.objects.exists()


def test_breaks_do_not_overlap_and_belong_to_one_place(
    owner: User, therapist: User, location: Location, other_location: Location, hours: WorkingHours
) -> None:
    pause(therapist, location, owner)
    with pytest.raises(Refused, match="a break already"):
        pause(therapist, location, owner, starts_at=dt.time(12, 30), ends_at=dt.time(13, 30))
    with pytest.raises(Refused, match="does not belong to Mill Lane"):
        pause(therapist, other_location, owner)


def test_only_owners_say_when_people_work(
    owner: User, therapist: User, stranger: User, location: Location, hours: WorkingHours
) -> None:
    with pytest.raises(NotAllowed):
        services.change_working_hours(hours=hours, by=therapist, ends_at=NOON)
    with pytest.raises(NotAllowed):
        pause(therapist, location, therapist)
    with pytest.raises((NotAllowed, Missing)):
        services.set_date_hours(therapist=therapist, location=location, on=MONDAY, by=stranger)


def test_one_person_is_not_in_two_cities_at_one_instant(
    owner: User, therapist: User, location: Location, other_location: Location, hours: WorkingHours
) -> None:
    therapist.locations.add(other_location)  # New York: six hours behind Berlin

    def add(start: int, end: int) -> None:
        services.add_working_hours(
            therapist=therapist, location=other_location, weekdays=[0], starts_at=dt.time(start),
            ends_at=dt.time(end), valid_from=MONDAY, by=owner,
        )  # fmt: skip

    with pytest.raises(Refused, match="08:00–16:00 at Harbour Street"):
        add(9, 12)
    add(11, 13)


def test_a_date_differs_from_its_week(owner: User, therapist: User, location: Location, hours: WorkingHours) -> None:
    def say(on: dt.date = dt.date(2026, 6, 8), **times: Any) -> DateHours:
        return services.set_date_hours(therapist=therapist, location=location, on=on, by=owner, **times)

    row = say(starts_at=dt.time(9), ends_at=NOON)
    say(starts_at=ONE, ends_at=dt.time(15))
    for times, words in (
        ({}, "something on that date"),
        ({"starts_at": dt.time(11), "ends_at": ONE}, "hours on that date already"),
        ({"starts_at": NOON}, "both times, or neither"),
        ({"on": dt.date(2026, 5, 31)}, "is over"),
        ({"on": dt.date(9999, 12, 31)}, "year 9999"),
    ):
        with pytest.raises(Refused, match=words):
            say(**times)
    services.remove_date_hours(date_hours=row, by=owner)
    assert DateHours.objects.count() == 1


def test_the_weeks_to_come_show_what_can_be_booked(
    owner: User, therapist: User, location: Location, hours: WorkingHours
) -> None:
    work(therapist, location, start=17, end=18)  # in the evening, and on other weekdays
    pause(therapist, location, owner)
    services.set_date_hours(therapist=therapist, location=location, on=dt.date(2026, 6, 3), by=owner, reason="School")
    services.add_time_off(
        therapists=[therapist], starts_at=berlin(1, 14), ends_at=berlin(1, 15), by=owner, reason="Dentist"
    )
    services.add_own_day(locations=[location], on=dt.date(2026, 6, 9), name="Fair", by=owner)
    drawn = picture(therapists=[therapist], first_day=MONDAY, weeks=2, user=owner)
    monday, tuesday, wednesday, *_rest = drawn.days[therapist.pk]
    assert monday.hours == [("Harbour Street", ["08:00–12:00", "13:00–14:00", "15:00–16:00", "17:00–18:00"])]
    assert [(bar.kind, bar.start // 60) for bar in monday.bars] == [
        ("work", 8), ("break", 12), ("work", 13), ("off", 14), ("work", 15), ("work", 17)
    ]  # fmt: skip
    assert monday.notes == [("off", "Dentist")]
    assert (tuesday.hours, tuesday.notes) == ([("Harbour Street", ["17:00–18:00"])], [])
    assert (wednesday.hours, wednesday.notes) == ([], [("changed", "School")])
    assert drawn.days[therapist.pk][8].notes == [("closed", "Fair")]


def test_what_was_booked_before_a_change_is_listed_and_not_moved(
    boss: Browser, owner: User, therapist: User, location: Location, room: Room, hours: WorkingHours
) -> None:
    visit = factories.AppointmentFactory(therapist=therapist, room=room, starts_at=berlin(8, 12, 15))
    factories.AppointmentFactory(therapist=therapist, room=room, starts_at=berlin(8, 9))
    assert outside_hours(owner, therapist).count == 0
    pause(therapist, location, owner)
    assert outside_hours(owner, therapist).appointments == [visit]
    page = boss.get(reverse("scheduling:hours-of-therapist", args=[therapist.pk])).content.decode()
    assert reverse("scheduling:appointment-detail", args=[visit.pk]) in page
    assert "1 appointment lies in that time" in page


def test_hours_breaks_and_dates_are_changed_on_their_pages(
    boss: Browser, therapist: User, location: Location, hours: WorkingHours
) -> None:
    weekly = {"starts_at": "12:00", "ends_at": "12:30", "location": location.pk, "every_n_weeks": "1"}
    add = reverse("scheduling:break-create", args=[therapist.pk])
    assert boss.post(add, {**weekly, "weekdays": ["0"], "valid_from": "2026-06-01", "label": "Soup"}).status_code == 302
    assert boss.post(add, {**weekly, "weekdays": ["6"], "valid_from": "2026-06-01"}).status_code == 422
    row = WeeklyBreak.objects.get()
    change = reverse("scheduling:break-edit", args=[row.pk])
    assert 'value="12:30"' in boss.get(change).content.decode()
    said = {**weekly, "weekday": "0", "ends_at": "12:45", "valid_from": "2026-06-08", "label": "Soup"}
    assert boss.post(change, said).status_code == 302
    assert list(WeeklyBreak.objects.order_by("valid_from").values_list("ends_at", "valid_until")) == [
        (dt.time(12, 30), dt.date(2026, 6, 7)), (dt.time(12, 45), None)
    ]  # fmt: skip
    edit = reverse("scheduling:hours-edit", args=[hours.pk])
    answer = boss.post(edit, {**said, "starts_at": "13:00", "ends_at": "12:00"})
    assert (answer.status_code, 'value="13:00"' in answer.content.decode()) == (422, True)
    dates = reverse("scheduling:date-hours-create", args=[therapist.pk])
    date = {"on": "2026-06-15", "location": location.pk, "kind": "works"}
    assert boss.post(dates, date).status_code == 422, "no times"
    assert boss.post(dates, {**date, "kind": "free", "starts_at": "09:00"}).status_code == 302
    assert DateHours.objects.get().starts_at is None
    page = boss.get(reverse("scheduling:hours-of-therapist", args=[therapist.pk])).content.decode()
    assert "Soup" in page
    assert "Mon 15 Jun 2026" in page


def test_several_people_are_off_together_or_none(
    boss: Browser, owner: User, therapist: User, other_therapist: User, location: Location
) -> None:
    said = {"starts_on": "2026-06-02", "ends_on": "2026-06-03", "location": location.pk, "reason": "Course"}
    url = reverse("scheduling:time-off-list")
    assert boss.post(url, {**said, "therapists": [therapist.pk, other_therapist.pk]}).status_code == 302
    first = TimeOff.objects.get(therapist=therapist)
    again = boss.post(url, {**said, "starts_on": "2026-06-03", "therapists": [other_therapist.pk]})
    assert (again.status_code, TimeOff.objects.count()) == (422, 2)
    edit = reverse("scheduling:time-off-edit", args=[first.pk])
    assert 'value="2026-06-03"' in boss.get(edit).content.decode()
    assert boss.post(edit, {**said, "ends_on": "2026-06-02", "ends_at": "14:00"}).status_code == 302
    first.refresh_from_db()
    assert (first.during.lower, first.during.upper) == (berlin(2, 0), berlin(2, 14))
    for wrong in ({"starts_on": "0001-01-01"}, {"ends_on": "9999-12-31"}, {"ends_on": "2027-12-31"}, {"ends_on": "x"}):
        assert boss.post(edit, {**said, **wrong}).status_code == 422
    with pytest.raises(Refused, match="That time is over"):
        services.change_time_off(
            absence=first, starts_at=berlin(1, 0) - dt.timedelta(days=9), ends_at=berlin(1, 0), by=owner
        )


def test_the_pages_of_hours_take_a_constant_number_of_queries(
    boss: Browser, therapist: User, location: Location
) -> None:
    def queries(url: str) -> int:
        boss.get(url)
        with CaptureQueriesContext(connection) as captured:
            assert boss.get(url).status_code == 200
        return len(captured)

    urls = [reverse("scheduling:hours-list"), reverse("scheduling:hours-of-therapist", args=[therapist.pk])]
    work(therapist, location)
    few = [queries(url) for url in urls]
    for number in range(12):
        colleague = factories.UserFactory(roles=["therapist"], locations=[location])
        work(colleague, location)
        DateHours.objects.create(therapist=therapist, location=location, on=MONDAY + dt.timedelta(days=number))
    assert [queries(url) for url in urls] == few
