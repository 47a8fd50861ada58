"""Recurrence rules: what they may say, which dates they give, at which instants."""

import datetime as dt
import time
from zoneinfo import ZoneInfo

import pytest

from clinic.core.errors import Refused
from scheduling.rules import series
from tests.scheduling.conftest import BERLIN

TEN = dt.time(10)
JUNE_2 = dt.date(2026, 6, 2)  # a Tuesday


def read(text: str, zone: ZoneInfo = BERLIN, at: dt.time = TEN) -> series.Recurrence:
    return series.read(text, zone=zone, begins_at=at)


def dates(text: str, first_on: dt.date = JUNE_2) -> list[str]:
    return [day.isoformat() for day in series.dates(read(text), first_on=first_on)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FREQ=WEEKLY;BYDAY=TU;COUNT=3", ["2026-06-02", "2026-06-09", "2026-06-16"]),
        ("rrule:freq=weekly;count=2", ["2026-06-02", "2026-06-09"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;COUNT=3", ["2026-06-04", "2026-06-15", "2026-06-18"]),
        ("FREQ=DAILY;BYDAY=MO,TU,FR;COUNT=3", ["2026-06-02", "2026-06-05", "2026-06-08"]),
        ("FREQ=MONTHLY;BYDAY=2TU;COUNT=2", ["2026-06-09", "2026-07-14"]),
        ("FREQ=MONTHLY;BYMONTHDAY=31;COUNT=2", ["2026-07-31", "2026-08-31"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-1;UNTIL=20260801", ["2026-06-30", "2026-07-31"]),
        ("FREQ=WEEKLY;UNTIL=20260616", ["2026-06-02", "2026-06-09", "2026-06-16"]),
        ("FREQ=WEEKLY;UNTIL=20260616T075959Z", ["2026-06-02", "2026-06-09"]),  # 09:59:59 in Berlin
        ("FREQ=WEEKLY;UNTIL=20260616T080000Z", ["2026-06-02", "2026-06-09", "2026-06-16"]),
    ],
)  # fmt: skip
def test_a_rule_gives_its_dates(text: str, expected: list[str]) -> None:
    assert dates(text) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("FREQ=WEEKLY;BYDAY=TU", "no-end"),
        ("FREQ=WEEKLY;COUNT=3;UNTIL=20260801", "no-end"),
        ("FREQ=SECONDLY;COUNT=5", "frequency"),
        ("FREQ=MINUTELY;COUNT=5", "frequency"),
        ("FREQ=HOURLY;COUNT=5", "frequency"),
        ("FREQ=YEARLY;COUNT=2", "frequency"),
        ("COUNT=5", "frequency"),
        ("FREQ=DAILY;COUNT=10000", "bad-number"),
        ("FREQ=DAILY;COUNT=99999999999999999999", "bad-number"),
        ("FREQ=DAILY;COUNT=0", "bad-number"),
        ("FREQ=DAILY;COUNT=-1", "bad-number"),
        ("FREQ=DAILY;COUNT=٣", "bad-number"),
        ("FREQ=WEEKLY;INTERVAL=0;COUNT=2", "bad-number"),
        ("FREQ=WEEKLY;INTERVAL=5000;COUNT=2", "bad-number"),
        ("FREQ=DAILY;UNTIL=20270601", "too-many"),
        ("FREQ=MONTHLY;INTERVAL=12;COUNT=4", "too-far-ahead"),
        ("FREQ=MONTHLY;UNTIL=20300101", "too-far-ahead"),
        ("FREQ=WEEKLY;UNTIL=20260601", "ends-before-start"),
        ("FREQ=WEEKLY;BYDAY=MO;UNTIL=20260603", "no-dates"),
        ("FREQ=WEEKLY;UNTIL=20261340", "bad-until"),
        ("FREQ=WEEKLY;UNTIL=00010101T000000Z", "bad-until"),
        ("FREQ=WEEKLY;UNTIL=tomorrow", "bad-until"),
        ("FREQ=WEEKLY;BYDAY=XX;COUNT=2", "bad-day"),
        ("FREQ=WEEKLY;BYDAY=2TU;COUNT=2", "bad-day"),
        ("FREQ=MONTHLY;BYDAY=9TU;COUNT=2", "bad-day"),
        ("FREQ=MONTHLY;BYMONTHDAY=0;COUNT=2", "bad-day"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,1;COUNT=2", "bad-day"),
        ("FREQ=WEEKLY;BYMONTHDAY=3;COUNT=2", "bad-day"),
        ("FREQ=DAILY;INTERVAL=7;BYDAY=MO;COUNT=2", "never"),
        ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13;COUNT=2", "bad-rule"),
        ("FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1;COUNT=2", "bad-rule"),
        ("FREQ=DAILY;BYHOUR=1,2,3;COUNT=2", "bad-rule"),
        ("FREQ=DAILY;BYSECOND=1;COUNT=2", "bad-rule"),
        ("FREQ=WEEKLY;WKST=SU;COUNT=2", "bad-rule"),
        ("FREQ=WEEKLY;FREQ=DAILY;COUNT=2", "bad-rule"),
        ("DTSTART:20260602T100000\nRRULE:FREQ=WEEKLY;COUNT=2", "bad-rule"),
        ("", "bad-rule"),
        ("every week", "bad-rule"),
        ("FREQ=WEEKLY;" * 100, "bad-rule"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_by_name(text: str, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        dates(text)
    assert refusal.value.code == code
    assert refusal.value.message


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=31;COUNT=52",  # from February: a 31st never comes
        "FREQ=MONTHLY;INTERVAL=12;BYDAY=5MO;COUNT=52",
        "FREQ=MONTHLY;BYMONTHDAY=-31;COUNT=52",
        "FREQ=DAILY;INTERVAL=366;COUNT=52",
    ],
)
def test_a_hostile_rule_does_not_keep_anybody_waiting(text: str) -> None:
    since = time.perf_counter()
    with pytest.raises(Refused):
        dates(text, dt.date(2027, 2, 1))
    assert time.perf_counter() - since < 1


def test_the_wall_time_stays_when_the_clocks_change() -> None:
    days = [dt.date(2026, 10, 20), dt.date(2026, 10, 27)]
    before, after = series.moments(days, TEN, BERLIN)
    assert before.starts_at == dt.datetime(2026, 10, 20, 8, tzinfo=dt.UTC)
    assert after.starts_at == dt.datetime(2026, 10, 27, 9, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("zone", "day", "begins_at", "choices"),
    [
        ("Europe/Berlin", dt.date(2026, 3, 29), dt.time(2, 30), 0),
        ("Europe/Berlin", dt.date(2026, 10, 25), dt.time(2, 30), 2),
        ("America/New_York", dt.date(2026, 3, 8), dt.time(2, 30), 0),
        ("America/New_York", dt.date(2026, 11, 1), dt.time(1, 30), 2),
        ("Australia/Lord_Howe", dt.date(2026, 10, 4), dt.time(2, 15), 0),
        ("Australia/Lord_Howe", dt.date(2026, 4, 5), dt.time(1, 45), 2),
        ("Asia/Kathmandu", dt.date(2026, 3, 29), dt.time(2, 30), 1),
    ],
)
def test_a_time_that_is_not_or_comes_twice_is_asked_about(
    zone: str, day: dt.date, begins_at: dt.time, choices: int
) -> None:
    (moment,) = series.moments([day], begins_at, ZoneInfo(zone))
    assert len(moment.choices) == choices
    assert (moment.starts_at is None) == (choices != 1)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("FREQ=WEEKLY;BYDAY=TU;COUNT=8", "every week on TU at 10:00, 8 times"),
        ("FREQ=WEEKLY;COUNT=1", "every week on TU at 10:00, once"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH;COUNT=8", "every 2 weeks on TU and TH at 10:00, 8 times"),
        ("FREQ=DAILY;COUNT=8", "every day at 10:00, 8 times"),
        ("FREQ=DAILY;INTERVAL=3;COUNT=8", "every 3 days at 10:00, 8 times"),
        ("FREQ=MONTHLY;UNTIL=20261224", "every month on day 2 at 10:00, until 2026-12-24"),
        ("FREQ=MONTHLY;BYDAY=2TU,-1FR;COUNT=4", "every month on the last FR and the second TU at 10:00, 4 times"),
        ("FREQ=MONTHLY;BYDAY=-2FR;COUNT=4", "every month on the -2. FR at 10:00, 4 times"),
    ],
)
def test_a_rule_is_said_in_words(text: str, said: str) -> None:
    assert series.described(read(text), TEN, first_on=JUNE_2, words=series.Words()) == said


def test_a_rule_reads_what_it_writes() -> None:
    for text in ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;COUNT=3", "FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20261224"):
        assert read(text).text == text


def test_a_weekday_is_put_in_place_of_another() -> None:
    rule = series.on_other_weekday(read("FREQ=WEEKLY;BYDAY=TU,TH;COUNT=4"), old=1, new=0)
    assert rule.text == "FREQ=WEEKLY;BYDAY=MO,TH;COUNT=4"
    with pytest.raises(Refused, match="already"):
        series.on_other_weekday(rule, old=0, new=3)
    with pytest.raises(Refused, match="weekly"):
        series.on_other_weekday(read("FREQ=MONTHLY;COUNT=4"), old=1, new=3)
