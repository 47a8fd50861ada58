"""A Monday morning in June, and people who work on it."""

import datetime as dt
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest

from clinic.core import clock
from clinic.people.models import Location, Room, User
from scheduling.models import Service
from tests import factories

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[dt.datetime], None]:
    """Set the clock."""

    def set_clock(instant: dt.datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: instant)

    return set_clock


@pytest.fixture(autouse=True)
def monday_morning(at: Callable[[dt.datetime], None]) -> dt.datetime:
    now = berlin(1, 8)
    at(now)
    return now


def berlin(day: int, hour: int, minute: int = 0) -> dt.datetime:
    """An instant in June 2026; the 1st is a Monday."""
    return dt.datetime(2026, 6, day, hour, minute, tzinfo=BERLIN).astimezone(dt.UTC)


def work(therapist: User, location: Location, *, start: int = 8, end: int = 17) -> None:
    """Every weekday."""
    for weekday in range(5):
        factories.WorkingHoursFactory(
            therapist=therapist, location=location, weekday=weekday, starts_at=dt.time(start), ends_at=dt.time(end)
        )


@pytest.fixture
def working(therapist: User, other_therapist: User, location: Location) -> None:
    work(therapist, location)
    work(other_therapist, location)


@pytest.fixture
def service(therapist: User, other_therapist: User, working: None) -> Service:
    return factories.ServiceFactory(name="Follow-up", duration_minutes=45, therapists=[therapist, other_therapist])


@pytest.fixture
def second_room(location: Location) -> Room:
    return factories.RoomFactory(location=location, name="Room 2")
