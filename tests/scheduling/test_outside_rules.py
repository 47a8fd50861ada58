"""Busy times of calendars kept elsewhere: what counts, at which instants, and what is refused before it takes long."""

import contextlib
import datetime as dt
import itertools
import time
from zoneinfo import ZoneInfo

import pytest

from scheduling.rules.ics_lines import MOST_EVENTS, NoCalendar, reduced
from scheduling.rules.outside import busy_times

BERLIN = ZoneInfo("Europe/Berlin")
FIRST, LAST = dt.datetime(2026, 6, 1, tzinfo=dt.UTC), dt.datetime(2027, 6, 1, tzinfo=dt.UTC)


def calendar(*bodies: str, head: str = "") -> bytes:
    events = "".join(f"BEGIN:VEVENT\nUID:{n}\n{body}\nEND:VEVENT\n" for n, body in enumerate(bodies))
    return f"BEGIN:VCALENDAR\nVERSION:2.0\n{head}{events}END:VCALENDAR\n".encode()


def read(file: bytes, *, zone: ZoneInfo = BERLIN) -> list[str]:
    """As “06-03 08:00–09:00” in UTC; the end's date is told when it is another."""
    return [told(start, end) for start, end in busy_times(file, zone=zone, first=FIRST, last=LAST)]


def told(start: dt.datetime, end: dt.datetime) -> str:
    until = f"{end:%H:%M}" if start.date() == end.date() else f"{end:%m-%d %H:%M}"
    return f"{start:%m-%d %H:%M}–{until}"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("DTSTART:20260603T080000Z\nDTEND:20260603T090000Z", ["06-03 08:00–09:00"]),
        ("DTSTART:20260603T080000Z\nDURATION:PT90M", ["06-03 08:00–09:30"]),
        ("DTSTART;TZID=America/New_York:20260603T080000\nDTEND;TZID=America/New_York:20260603T090000",
         ["06-03 12:00–13:00"]),
        ("DTSTART;TZID=W. Europe Standard Time:20260603T080000\nDURATION:PT1H", ["06-03 06:00–07:00"]),
        ("DTSTART;TZID=/citadel.org/20210210_1/Europe/Berlin:20260603T080000\nDURATION:PT1H", ["06-03 06:00–07:00"]),
        ("DTSTART:20260603T080000\nDTEND:20260603T090000", ["06-03 06:00–07:00"]),
        ("DTSTART;TZID=Nowhere at all:20260603T080000\nDURATION:PT1H", ["06-03 06:00–07:00"]),
        ("DTSTART;VALUE=DATE:20260603\nDTEND;VALUE=DATE:20260605", ["06-02 22:00–06-04 22:00"]),
        ("DTSTART;VALUE=DATE:20261025", ["10-24 22:00–10-25 23:00"]),
        ("DTSTART:20260603T080000Z\nDTEND:20260603T090000Z\nTRANSP:TRANSPARENT", []),
        ("DTSTART:20260603T080000Z\nDTEND:20260603T090000Z\nSTATUS:CANCELLED", []),
        ("DTSTART:20260603T080000Z\nDTEND:20260603T090000Z\nSTATUS:TENTATIVE", ["06-03 08:00–09:00"]),
        ("DTSTART:20260603T080000Z", []),
        ("DTSTART:20260603T080000Z\nDTEND:20260603T070000Z", []),
        ("DTSTART:20200101T000000Z\nDTEND:20300101T000000Z", ["06-01 00:00–06-01 00:00"]),
        ("DTEND:20260603T080000Z", []),
        ("DTSTART:nonsense\nDTEND:20260603T080000Z", []),
    ],
)  # fmt: skip
def test_one_event(body: str, expected: list[str]) -> None:
    assert read(calendar(body)) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("RRULE:FREQ=WEEKLY;COUNT=3", ["06-03 06:00–07:00", "06-10 06:00–07:00", "06-17 06:00–07:00"]),
        ("RRULE:FREQ=WEEKLY;UNTIL=20260610T060000Z", ["06-03 06:00–07:00", "06-10 06:00–07:00"]),
        ("RRULE:FREQ=WEEKLY;UNTIL=20260610", ["06-03 06:00–07:00", "06-10 06:00–07:00"]),
        ("RRULE:FREQ=WEEKLY;UNTIL=20260610T055959Z", ["06-03 06:00–07:00"]),
        ("RRULE:FREQ=DAILY;COUNT=3\nEXDATE;TZID=Europe/Berlin:20260604T080000",
         ["06-03 06:00–07:00", "06-05 06:00–07:00"]),
        ("RRULE:FREQ=DAILY;COUNT=3\nEXDATE;VALUE=DATE:20260604,20260605", ["06-03 06:00–07:00"]),
        ("RDATE:20260604T060000Z,20260603T060000Z\nRDATE;VALUE=PERIOD:20260605T060000Z/PT2H",
         ["06-03 06:00–07:00", "06-04 06:00–07:00", "06-05 06:00–08:00"]),
        ("RRULE:FREQ=MONTHLY;INTERVAL=6;BYDAY=1MO", ["06-03 06:00–07:00", "12-07 07:00–08:00"]),
        ("RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", ["06-03 06:00–07:00"]),
        ("RRULE:FREQ=WEEKLY;INTERVAL=0;COUNT=2", ["06-03 06:00–07:00", "06-10 06:00–07:00"]),
    ],
)  # fmt: skip
def test_an_event_that_repeats(body: str, expected: list[str]) -> None:
    start = "DTSTART;TZID=Europe/Berlin:20260603T080000\nDTEND;TZID=Europe/Berlin:20260603T090000\n"
    assert read(calendar(start + body)) == expected


def test_the_wall_time_stays_when_the_clocks_change() -> None:
    weekly = "DTSTART;TZID=Europe/Berlin:20261019T080000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=2"
    assert read(calendar(weekly)) == ["10-19 06:00–07:00", "10-26 07:00–08:00"]
    all_day = "DTSTART;VALUE=DATE:20261024\nRRULE:FREQ=DAILY;COUNT=2"
    assert read(calendar(all_day)) == ["10-23 22:00–10-25 23:00"]


def test_what_began_long_ago_is_found_where_it_is_now() -> None:
    body = "DTSTART;TZID=Europe/Berlin:19700105T080000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;INTERVAL=4"
    assert read(calendar(body))[:2] == ["06-08 06:00–07:00", "07-06 06:00–07:00"]
    counted = "DTSTART:20200101T080000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=2346"
    assert read(calendar(counted)) == ["06-01 08:00–09:00", "06-02 08:00–09:00", "06-03 08:00–09:00"]


def test_one_of_a_series_may_be_moved_or_cancelled() -> None:
    series = "UID:s\nDTSTART:20260603T080000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=3"
    moved = "UID:s\nRECURRENCE-ID:20260604T080000Z\nDTSTART:20260604T150000Z\nDURATION:PT1H"
    off = "UID:s\nRECURRENCE-ID:20260605T080000Z\nDTSTART:20260605T080000Z\nDURATION:PT1H\nSTATUS:CANCELLED"
    file = "".join(f"BEGIN:VEVENT\n{body}\nEND:VEVENT\n" for body in (moved, series, off))
    assert read(f"BEGIN:VCALENDAR\n{file}END:VCALENDAR".encode()) == ["06-03 08:00–09:00", "06-04 15:00–16:00"]


ZONE = """BEGIN:VTIMEZONE
TZID:Customized Time Zone
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:{summer}
TZOFFSETTO:+0500
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0500
TZOFFSETTO:{summer}
RRULE:{rule}
END:DAYLIGHT
END:VTIMEZONE
"""
YEARLY = "FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3"
CUSTOM = "DTSTART;TZID=Customized Time Zone:20260603T080000\nDURATION:PT1H"


def test_a_zone_that_the_file_describes_counts_for_this_file_alone() -> None:
    for summer, expected in (("+0600", "06-03 02:00–03:00"), ("+0700", "06-03 01:00–02:00")):
        zone = ZONE.format(summer=summer, rule=YEARLY)
        assert read(calendar(CUSTOM, head=zone)) == [expected]
        assert read(calendar(CUSTOM).replace(b"END:VCALENDAR", f"{zone}END:VCALENDAR".encode())) == [expected]
    assert read(calendar(CUSTOM)) == ["06-03 06:00–07:00"]


def test_whole_days_and_times_without_a_zone_are_the_therapists() -> None:
    body = "DTSTART;VALUE=DATE:20260603"
    assert read(calendar(body), zone=ZoneInfo("America/New_York")) == ["06-03 04:00–06-04 04:00"]


def test_busy_times_of_a_calendar_that_tells_no_more_than_that() -> None:
    busy = "BEGIN:VFREEBUSY\nFREEBUSY:20260603T080000Z/PT1H,20260603T100000Z/20260603T110000Z\n"
    free = "FREEBUSY;FBTYPE=FREE:20260604T080000Z/PT1H\nFREEBUSY;FBTYPE=BUSY-TENTATIVE:20260605T080000Z/PT1H\n"
    assert read(calendar(head=f"{busy}{free}END:VFREEBUSY\n")) == [
        "06-03 08:00–09:00", "06-03 10:00–11:00", "06-05 08:00–09:00",
    ]  # fmt: skip


def test_times_that_touch_are_one_and_nothing_else_is_kept() -> None:
    at_eight, at_nine = "DTSTART:20260603T080000Z\nDURATION:PT1H", "DTSTART:20260603T090000Z\nDURATION:PT1H"
    file = calendar(at_nine, f'{at_eight}\nSUMMARY:Therapy of my own\nDESCRIPTION:S\n ecret\nX-A;B="c:d":e', at_eight)
    assert read(file) == ["06-03 08:00–10:00"]
    assert "Therapy" not in reduced(file)
    assert "ecret" not in reduced(file)


def test_alarms_and_parts_of_other_kinds_are_left_out() -> None:
    alarm = "BEGIN:VALARM\nTRIGGER:-PT15M\nDURATION:PT5H\nEND:VALARM"
    other = "BEGIN:VTODO\nDTSTART:20260701T080000Z\nDURATION:PT1H\nEND:VTODO\nBEGIN:X-ODD\nBEGIN:VEVENT\nEND:X-ODD\n"
    file = calendar(f"DTSTART:20260603T080000Z\nDURATION:PT1H\n{alarm}", head=other.replace("BEGIN:VEVENT\n", ""))
    assert read(file) == ["06-03 08:00–09:00"]


ONE = "DTSTART:20260603T080000Z\nDURATION:PT1S\n"
EVERY_SECOND = ",".join(map(str, range(60)))
FEBRUARY = "DTSTART:20260101T080000Z\nDURATION:PT1H\nRRULE:FREQ=MONTHLY;COUNT=1;BYMONTH=2;BYMONTHDAY=30"


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (b"", "not-a-calendar"),
        (b"<!doctype html><title>Sign in</title>", "not-a-calendar"),
        (b"\xff\xfe\x00\x01" * 1000, "not-a-calendar"),
        (calendar(ONE)[:-20], "broken-off"),
        (calendar(f"{ONE}RRULE:FREQ=SECONDLY"), "repeats-too-often"),
        (calendar(f"{ONE}RRULE:FREQ=MINUTELY;INTERVAL=600"), "repeats-too-often"),
        (calendar(f"{ONE}RRULE:FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30"), "repeats-too-often"),
        (calendar(f"{ONE}RRULE:FREQ=DAILY;BYHOUR=1,2,3;BYMINUTE={EVERY_SECOND};BYSECOND={EVERY_SECOND}"),
         "repeats-too-often"),
        (calendar(*[f"{ONE}RRULE:FREQ=DAILY"] * 60), "too-many-events"),
        (calendar(f"{ONE}RDATE:{','.join(['20260604T060000Z'] * 3)}\nRRULE:FREQ=DAILY;BYHOUR=99"), "not-a-calendar"),
        (calendar(*[""] * (MOST_EVENTS + 1)), "too-many-events"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_diary_is_refused(file: bytes, reason: str) -> None:
    began = time.monotonic()
    with pytest.raises(NoCalendar) as refused:
        read(file)
    assert refused.value.reason == reason
    assert time.monotonic() - began < 5


def test_a_rule_that_fits_no_day_is_given_up_soon() -> None:
    began = time.monotonic()
    assert read(calendar(f"{ONE}RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30")) == ["06-03 08:00–08:00"]
    assert time.monotonic() - began < 5


def test_a_hundred_rules_that_fit_no_day_are_given_up() -> None:
    ticks = itertools.count()
    with pytest.raises(NoCalendar) as refused:
        busy_times(
            calendar(*[FEBRUARY] * 100), zone=BERLIN, first=FIRST, last=LAST, clock=lambda: float(next(ticks))
        )  # fmt: skip
    assert refused.value.reason == "too-complicated"


def test_a_zone_whose_clocks_change_every_second_takes_no_time() -> None:
    for rule in (
        "FREQ=SECONDLY",
        f"FREQ=YEARLY;BYHOUR=1;BYMINUTE=1;BYSECOND={EVERY_SECOND};BYYEARDAY=1",
        "FREQ=YEARLY\\;",
    ):
        began = time.monotonic()
        assert len(read(calendar(CUSTOM, head=ZONE.format(summer="+0600", rule=rule)))) == 1
        assert time.monotonic() - began < 5


def test_nonsense_of_every_kind_is_refused_or_left_out_but_never_breaks() -> None:
    whole = calendar(f"{ONE}RRULE:FREQ=WEEKLY;COUNT=2", CUSTOM, head=ZONE.format(summer="+0600", rule=YEARLY)).decode()
    odd = (
        *("", "BEGIN:VEVENT", "END:VEVENT", "RRULE:FREQ=DAILY;COUNT=-1"),
        *("DTSTART;TZID=:20260603T080000", "RDATE;VALUE=PERIOD:x/y"),
    )
    lines = whole.replace("16010101", "20200101").splitlines()  # four centuries of clock changes take a while
    for number, text in itertools.product(range(1, len(lines) - 1), odd):
        file = "\n".join([*lines[:number], text, *lines[number + 1 :]])
        with contextlib.suppress(NoCalendar):
            read(file.encode())
