"""When and where therapists work: weekly hours, breaks, dates that differ, holidays."""

import datetime as dt
from typing import Any

import pytest

from clinic.core.errors import Refused
from clinic.people.models import Location, User
from scheduling.availability.openings import openings
from scheduling.models import DateHours, Holiday, OutsideBusy, OutsideCalendar, WeeklyBreak
from scheduling.services import checks
from tests import factories
from tests.scheduling.conftest import berlin, work

pytestmark = pytest.mark.django_db
TUESDAY = dt.date(2026, 6, 2)


@pytest.fixture(autouse=True)
def hours(working: None) -> None:
    """Weekdays from eight to five."""


def spans(therapist: User, on: dt.date = TUESDAY, **more: Any) -> list[tuple[dt.datetime, dt.datetime]]:
    return [each.span for each in openings(therapists=[therapist], first_day=on, last_day=on, **more)]


def lunch(therapist: User, location: Location, **changes: Any) -> WeeklyBreak:
    about = {"weekday": 1, "starts_at": dt.time(12), "ends_at": dt.time(13), "valid_from": dt.date(2026, 1, 1)}
    return WeeklyBreak.objects.create(therapist=therapist, location=location, **about | changes)


def on_date(therapist: User, location: Location, start: int | None, end: int | None) -> DateHours:
    times = {"starts_at": None if start is None else dt.time(start), "ends_at": None if end is None else dt.time(end)}
    return DateHours.objects.create(therapist=therapist, location=location, on=TUESDAY, **times)


def code_of(therapist: User, location: Location, start: int, end: int) -> str:
    with pytest.raises(Refused) as refusal:
        checks.check_working(therapist, location, (berlin(2, start), berlin(2, end)))
    return refusal.value.code


def test_a_break_is_no_working_time(therapist: User, location: Location) -> None:
    lunch(therapist, location)
    assert spans(therapist) == [(berlin(2, 8), berlin(2, 12)), (berlin(2, 13), berlin(2, 17))]
    assert spans(therapist, dt.date(2026, 6, 3)) == [(berlin(3, 8), berlin(3, 17))]
    assert code_of(therapist, location, 11, 13) == "break"
    assert code_of(therapist, location, 16, 18) == "not-working"


def test_a_break_every_second_week_leaves_the_other_week_alone(therapist: User, location: Location) -> None:
    lunch(therapist, location, valid_from=dt.date(2026, 5, 25), every_n_weeks=2)
    assert len(spans(therapist)) == 1
    assert len(spans(therapist, dt.date(2026, 6, 9))) == 2


def test_a_break_elsewhere_does_not_pause_here(therapist: User, location: Location, other_location: Location) -> None:
    lunch(therapist, other_location)
    assert spans(therapist) == [(berlin(2, 8), berlin(2, 17))]


def test_hours_of_a_date_hold_instead_of_the_week_and_its_breaks(therapist: User, location: Location) -> None:
    lunch(therapist, location)
    on_date(therapist, location, 6, 10)
    on_date(therapist, location, 11, 14)
    assert spans(therapist) == [(berlin(2, 6), berlin(2, 10)), (berlin(2, 11), berlin(2, 14))]
    checks.check_working(therapist, location, (berlin(2, 12), berlin(2, 13)))
    assert code_of(therapist, location, 9, 12) == "not-working"


def test_a_date_without_times_is_no_work(therapist: User, other_therapist: User, location: Location) -> None:
    on_date(therapist, location, None, None)
    assert spans(therapist) == []
    assert spans(other_therapist) == [(berlin(2, 8), berlin(2, 17))]
    assert code_of(therapist, location, 9, 10) == "not-working"


def test_who_works_elsewhere_on_a_date_does_not_work_here(
    therapist: User, location: Location, other_location: Location
) -> None:
    on_date(therapist, other_location, 9, 15)
    assert spans(therapist, location=location) == []
    assert [each.location for each in openings(therapists=[therapist], first_day=TUESDAY, last_day=TUESDAY)] == [
        other_location
    ]
    assert code_of(therapist, location, 9, 10) == "not-working"


def test_a_holiday_closes_its_location_unless_somebody_opened_it(
    therapist: User, location: Location, other_location: Location
) -> None:
    work(therapist, other_location, start=18, end=20)
    holiday = Holiday.objects.create(location=location, on=TUESDAY, name="Founders' Day")
    on_date(therapist, location, 8, 12)
    on_date(therapist, other_location, 18, 20)
    assert [each.location for each in openings(therapists=[therapist], first_day=TUESDAY, last_day=TUESDAY)] == [
        other_location
    ]
    assert code_of(therapist, location, 9, 10) == "holiday"
    holiday.is_closed = False
    holiday.save()
    assert spans(therapist, location=location) == [(berlin(2, 8), berlin(2, 12))]


def test_busy_elsewhere_is_said_as_such(therapist: User, location: Location) -> None:
    calendar = OutsideCalendar.objects.create(therapist=therapist, label="Mine", address="x")
    OutsideBusy.objects.create(calendar=calendar, therapist=therapist, during=(berlin(2, 9), berlin(2, 10)))
    assert code_of(therapist, location, 9, 11) == "busy-elsewhere"
    checks.check_working(therapist, location, (berlin(2, 10), berlin(2, 11)))


def test_openings_show_only_where_one_may_look(therapist: User, stranger: User, front_desk: User) -> None:
    assert spans(therapist, user=front_desk)
    assert spans(therapist, user=stranger) == []


def test_openings_take_one_query_for_any_number_of_people(
    location: Location, service: Any, django_assert_num_queries: Any
) -> None:
    for _ in range(5):
        work(factories.UserFactory(roles=["therapist"], locations=[location]), location)
    with django_assert_num_queries(1):
        found = openings(first_day=TUESDAY, last_day=TUESDAY + dt.timedelta(days=60))
    assert len({each.therapist for each in found}) == 7
