# ruff: noqa: DTZ001 wall times are naive on purpose
"""Times that do not exist, times that come twice, weeks that go on across both."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import pytest

from clinic.core.errors import Refused
from scheduling.rules.walltime import instant_of, merge, subtract, weekly_spans, working_span

CLOCKS_SKIP = [
    ("Europe/Berlin", dt.datetime(2026, 3, 29, 2, 30), dt.datetime(2026, 3, 29, 1, 0, tzinfo=dt.UTC)),
    ("America/New_York", dt.datetime(2026, 3, 8, 2, 30), dt.datetime(2026, 3, 8, 7, 0, tzinfo=dt.UTC)),
    ("Australia/Lord_Howe", dt.datetime(2026, 10, 4, 2, 15), dt.datetime(2026, 10, 3, 15, 30, tzinfo=dt.UTC)),
]
CLOCKS_REPEAT = [
    ("Europe/Berlin", dt.datetime(2026, 10, 25, 2, 30), 60),
    ("America/New_York", dt.datetime(2026, 11, 1, 1, 30), 60),
    ("Australia/Lord_Howe", dt.datetime(2026, 4, 5, 1, 45), 30),
]


@dataclass
class Pattern:
    weekday: int
    starts_at: dt.time
    ends_at: dt.time
    valid_from: dt.date = dt.date(2026, 1, 1)
    valid_until: dt.date | None = None
    every_n_weeks: int = 1


@pytest.mark.parametrize(("zone", "local", "after"), CLOCKS_SKIP)
def test_a_time_the_clocks_skip_is_refused(zone: str, local: dt.datetime, after: dt.datetime) -> None:
    with pytest.raises(Refused) as refusal:
        instant_of(local, ZoneInfo(zone))
    assert refusal.value.code == "time-does-not-exist"


@pytest.mark.parametrize(("zone", "local", "minutes"), CLOCKS_REPEAT)
def test_a_time_that_comes_twice_is_asked_about(zone: str, local: dt.datetime, minutes: int) -> None:
    with pytest.raises(Refused) as refusal:
        instant_of(local, ZoneInfo(zone))
    assert refusal.value.code == "time-is-ambiguous"
    first, second = (dt.datetime.fromisoformat(each) for each in refusal.value.details["choices"])
    assert second - first == dt.timedelta(minutes=minutes)
    assert instant_of(local, ZoneInfo(zone), fold=0) == first
    assert instant_of(local, ZoneInfo(zone), fold=1) == second


def test_an_ordinary_time_is_what_the_wall_says() -> None:
    instant = instant_of(dt.datetime(2026, 7, 1, 9, 0), ZoneInfo("Europe/Berlin"))
    assert instant == dt.datetime(2026, 7, 1, 7, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(("zone", "local", "after"), CLOCKS_SKIP)
def test_working_hours_that_begin_in_the_gap_begin_when_it_ends(
    zone: str, local: dt.datetime, after: dt.datetime
) -> None:
    span = working_span(local.date(), local.time(), dt.time(9), ZoneInfo(zone))
    assert span is not None
    assert span[0] == after


@pytest.mark.parametrize(("zone", "local", "after"), CLOCKS_SKIP)
def test_working_hours_wholly_in_the_gap_do_not_happen(zone: str, local: dt.datetime, after: dt.datetime) -> None:
    end = (local + dt.timedelta(minutes=10)).time()
    assert working_span(local.date(), local.time(), end, ZoneInfo(zone)) is None


def test_the_wall_time_of_a_week_stays_across_the_clock_change() -> None:
    pattern = Pattern(weekday=0, starts_at=dt.time(9), ends_at=dt.time(12))
    spans = list(weekly_spans(pattern, ZoneInfo("Europe/Berlin"), dt.date(2026, 3, 20), dt.date(2026, 4, 1)))
    assert [span[0].hour for span in spans] == [8, 7]
    assert all(span[1] - span[0] == dt.timedelta(hours=3) for span in spans)


def test_a_shift_over_the_night_of_the_change_is_an_hour_shorter_or_longer() -> None:
    zone = ZoneInfo("Europe/Berlin")
    short = working_span(dt.date(2026, 3, 29), dt.time(1), dt.time(5), zone)
    long = working_span(dt.date(2026, 10, 25), dt.time(1), dt.time(5), zone)
    assert short is not None
    assert long is not None
    assert short[1] - short[0] == dt.timedelta(hours=3)
    assert long[1] - long[0] == dt.timedelta(hours=5)


def test_every_second_week_counts_from_the_week_it_begins_in() -> None:
    pattern = Pattern(4, dt.time(9), dt.time(10), valid_from=dt.date(2026, 6, 2), every_n_weeks=2)
    spans = weekly_spans(pattern, ZoneInfo("Europe/Berlin"), dt.date(2026, 6, 1), dt.date(2026, 7, 1))
    assert [span[0].date().day for span in spans] == [5, 19]


def test_hours_end_with_their_validity() -> None:
    pattern = Pattern(0, dt.time(9), dt.time(10), valid_from=dt.date(2026, 6, 8), valid_until=dt.date(2026, 6, 15))
    spans = weekly_spans(pattern, ZoneInfo("Europe/Berlin"), dt.date(2026, 6, 1), dt.date(2026, 7, 1))
    assert [span[0].date().day for span in spans] == [8, 15]


def test_what_is_left_of_a_day_lies_around_what_is_taken() -> None:
    def hour(value: int) -> dt.datetime:
        return dt.datetime(2026, 6, 1, value, tzinfo=dt.UTC)

    free = subtract([(hour(8), hour(12)), (hour(13), hour(17))], [(hour(9), hour(10)), (hour(11), hour(14))])
    assert free == [(hour(8), hour(9)), (hour(10), hour(11)), (hour(14), hour(17))]
    assert merge([(hour(9), hour(10)), (hour(8), hour(9)), (hour(12), hour(13))]) == [
        (hour(8), hour(10)),
        (hour(12), hour(13)),
    ]
