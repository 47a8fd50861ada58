"""Outside calendars: added by their owner, read by the worker, kept as busy times and nothing more."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from clinic.audit.models import Event
from clinic.core.errors import Missing, NotAllowed, Refused
from clinic.messaging import doorbell
from clinic.people.models import Location, User
from clinic.people.services import staff
from scheduling.models import OutsideBusy, OutsideCalendar
from scheduling.rules.troubles import text_of
from scheduling.services import outside_calendars
from scheduling.services.outside_calendars import add_outside_calendar, read_soon, remove_outside_calendar
from scheduling.tasks import read_outside_calendars
from tests.scheduling.conftest import berlin
from tests.scheduling.internet import Server, internet, moved, ok

__all__ = ["internet"]
pytestmark = pytest.mark.django_db
Clock = Callable[[dt.datetime], None]


def file(*times: str) -> bytes:
    events = "".join(f"BEGIN:VEVENT\nDTSTART:{each}\nDURATION:PT1H\nSUMMARY:Therapy\nEND:VEVENT\n" for each in times)
    return ok(f"BEGIN:VCALENDAR\n{events}END:VCALENDAR\n".encode(), 'ETag: "1"')


EIGHT, NINE = "20260603T080000", "20260604T090000"


@pytest.fixture
def calendar(therapist: User, internet: Server) -> OutsideCalendar:
    internet.answers["/secret.ics"] = file(EIGHT)
    return add_outside_calendar(label="Home", address=internet.address("/secret.ics"), by=therapist)


def sweep(internet: Server, now: dt.datetime) -> list[str]:
    """What the worker would do at that time: which troubles it met."""
    met = []
    while calendar := outside_calendars.claim(now=now):
        met.append(outside_calendars.read(calendar, fetcher=internet.fetcher(seconds=2)))
    return met


def busy() -> list[tuple[dt.datetime, dt.datetime]]:
    return [(each.during.lower, each.during.upper) for each in OutsideBusy.objects.order_by("during")]


def test_busy_times_follow_the_calendar(
    calendar: OutsideCalendar, therapist: User, internet: Server, at: Clock
) -> None:
    assert sweep(internet, berlin(1, 8)) == [""]
    assert busy() == [(berlin(3, 8), berlin(3, 9))]
    assert OutsideBusy.objects.get().therapist == therapist
    assert sweep(internet, berlin(1, 8, 14)) == []
    internet.answers["/secret.ics"] = file(EIGHT, NINE)
    kept = OutsideBusy.objects.get()
    at(berlin(1, 8, 15))
    assert sweep(internet, berlin(1, 8, 15)) == [""]
    assert busy() == [(berlin(3, 8), berlin(3, 9)), (berlin(4, 9), berlin(4, 10))]
    assert OutsideBusy.objects.filter(pk=kept.pk).exists(), "what stays is not written anew"
    internet.answers["/secret.ics"] = file(NINE)
    at(berlin(1, 8, 30))
    sweep(internet, berlin(1, 8, 30))
    assert busy() == [(berlin(4, 9), berlin(4, 10))]


def test_what_is_unchanged_is_not_sent_again_but_once_a_day(
    calendar: OutsideCalendar, internet: Server, at: Clock
) -> None:
    sweep(internet, berlin(1, 8))
    internet.answers["/secret.ics"] = b"HTTP/1.1 304 Not Modified\r\n\r\n"
    at(berlin(1, 9))
    assert sweep(internet, berlin(1, 9)) == [""]
    assert 'If-None-Match: "1"' in internet.asked[-1]
    assert len(busy()) == 1
    at(berlin(2, 9))
    internet.answers["/secret.ics"] = file(EIGHT)
    assert sweep(internet, berlin(2, 9)) == [""]
    assert "If-None-Match" not in internet.asked[-1]


def test_in_trouble_what_was_known_stays_and_it_is_tried_less_often(
    calendar: OutsideCalendar, internet: Server
) -> None:
    sweep(internet, berlin(1, 8))
    internet.answers["/secret.ics"] = b"HTTP/1.1 500 Oh\r\n\r\n"
    tried = berlin(1, 8)
    for minutes in (15, 30, 60, 120, 240, 480, 960, 1440, 1440):
        assert sweep(internet, tried + dt.timedelta(minutes=minutes - 1)) == []
        tried += dt.timedelta(minutes=minutes)
        assert sweep(internet, tried) == ["no-answer"]
    calendar.refresh_from_db()
    assert (calendar.trouble, len(busy())) == ("no-answer", 1)
    internet.answers["/secret.ics"] = file(EIGHT)
    assert sweep(internet, berlin(9, 8)) == [""]
    calendar.refresh_from_db()
    assert (calendar.trouble, calendar.failures) == ("", 0)


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        (ok(b"<html>Sign in</html>"), "not-a-calendar"),
        (moved("https://10.0.0.8/"), "not-public"),
        (ok(b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260603T080000\nRRULE:FREQ=SECONDLY\nEND:VEVENT\nEND:VCALENDAR"),
         "repeats-too-often"),
    ],
)  # fmt: skip
def test_the_therapist_reads_what_is_wrong(
    calendar: OutsideCalendar, internet: Server, answer: bytes, trouble: str
) -> None:
    internet.answers["/secret.ics"] = answer
    assert sweep(internet, berlin(1, 8)) == [trouble]
    calendar.refresh_from_db()
    assert calendar.trouble_text == text_of(trouble) != trouble
    assert calendar.fetched_at is None


def test_the_address_is_a_secret(calendar: OutsideCalendar, internet: Server) -> None:
    assert "secret.ics" not in calendar.address
    assert "secret.ics" not in str(list(Event.objects.values()))
    assert outside_calendars.address_of(calendar) == internet.address("/secret.ics")


def test_an_address_that_cannot_be_right_is_refused_at_once(therapist: User, internet: Server) -> None:
    for address, code in (
        ("http://calendar.test/c.ics", "not-https"),
        ("https://me:pw@calendar.test/c.ics", "has-password"),
        ("nonsense", "not-https"),
    ):
        with pytest.raises(Refused) as refused:
            add_outside_calendar(label="Home", address=address, by=therapist)
        assert refused.value.code == code
    assert internet.asked == []


def test_each_calendar_is_there_once_and_there_are_at_most_five(therapist: User) -> None:
    for number in range(5):
        made = add_outside_calendar(label="", address=f"webcal://c{number}.example.org/a.ics", by=therapist)
        assert made.label == f"c{number}.example.org"
        if number == 0:
            with pytest.raises(Refused, match="already"):
                add_outside_calendar(label="Again", address="https://c0.example.org/a.ics", by=therapist)
    with pytest.raises(Refused) as full:
        add_outside_calendar(label="", address="https://c6.example.org/a.ics", by=therapist)
    assert full.value.code == "too-many-calendars"


def test_a_calendar_is_its_therapists_and_the_owners(
    calendar: OutsideCalendar, therapist: User, other_therapist: User, front_desk: User, owner: User, internet: Server
) -> None:
    with pytest.raises(NotAllowed):
        add_outside_calendar(label="Home", address="https://c.example.org/", by=front_desk)
    for act in (read_soon, remove_outside_calendar):
        with pytest.raises(Missing):
            act(calendar=calendar, by=other_therapist)
        with pytest.raises(NotAllowed):
            act(calendar=calendar, by=front_desk)
    sweep(internet, berlin(1, 8))
    remove_outside_calendar(calendar=calendar, by=owner)
    assert busy() == []
    assert list(Event.objects.order_by("pk").values_list("action", flat=True)) == [
        "outside-calendar.added", "outside-calendar.removed",
    ]  # fmt: skip


def test_it_is_read_soon_when_asked_and_not_twice_a_minute(
    calendar: OutsideCalendar,
    therapist: User,
    internet: Server,
    at: Clock,
    django_capture_on_commit_callbacks: Any,
) -> None:
    sweep(internet, berlin(1, 8))
    with pytest.raises(Refused, match="Wait a moment"):
        read_soon(calendar=calendar, by=therapist)
    at(berlin(1, 8, 2))
    with patch.object(doorbell, "ring") as ring, django_capture_on_commit_callbacks(execute=True):
        read_soon(calendar=calendar, by=therapist)
    ring.assert_called_once_with("scheduling.tasks.read_outside_calendars")
    assert sweep(internet, berlin(1, 8, 2)) == [""]
    assert "If-None-Match" not in internet.asked[-1]


def test_whose_owner_has_left_is_not_read(
    calendar: OutsideCalendar, therapist: User, owner: User, internet: Server
) -> None:
    staff.deactivate(member=therapist, by=owner)
    assert sweep(internet, berlin(1, 8)) == []


def test_one_that_is_removed_while_it_is_read_stays_removed(calendar: OutsideCalendar, internet: Server) -> None:
    claimed = outside_calendars.claim(now=berlin(1, 8))
    assert claimed == calendar
    assert outside_calendars.claim(now=berlin(1, 8)) is None, "nobody else takes it meanwhile"
    OutsideCalendar.objects.all().delete()
    assert outside_calendars.read(claimed, fetcher=internet.fetcher()) == ""
    assert busy() == []


def test_whole_days_are_those_of_the_therapists_place(therapist: User, location: Location, internet: Server) -> None:
    Location.objects.filter(pk=location.pk).update(timezone="America/New_York")
    internet.answers["/c.ics"] = ok(
        b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20260603\nEND:VEVENT\nEND:VCALENDAR"
    )
    add_outside_calendar(label="Home", address=internet.address("/c.ics"), by=therapist)
    sweep(internet, berlin(1, 8))
    assert OutsideBusy.objects.get().during == DateTimeTZRange(
        dt.datetime(2026, 6, 3, 4, tzinfo=dt.UTC), dt.datetime(2026, 6, 4, 4, tzinfo=dt.UTC)
    )


def test_the_task_reads_what_is_due_and_rings_when_time_is_up(
    calendar: OutsideCalendar, other_therapist: User, internet: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    internet.answers["/other.ics"] = file(NINE)
    add_outside_calendar(label="Home", address=internet.address("/other.ics"), by=other_therapist)
    monkeypatch.setattr("scheduling.tasks.Fetcher", internet.fetcher)
    monkeypatch.setattr("scheduling.tasks.READING_SECONDS", 0)
    with patch.object(doorbell, "ring") as ring:
        assert read_outside_calendars() == 1
        assert ring.call_count == 1
        assert read_outside_calendars() == 1
    assert read_outside_calendars() == 0
    assert len(busy()) == 2
