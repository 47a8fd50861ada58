"""Free times around clock changes: a few hundred chance cases of those that `bin/bench clock_changes` runs."""

import datetime as dt
import random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client as Browser
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic.people.models import Client, Room, User
from scheduling.models import Appointment, Service
from tests.scheduling.clock_cases import Case, by_minutes, case_of, offered, wrongs

BACK = ["01:00", "01:30", "02:00", "02:30", "02:00", "02:30", "03:00", "03:30"]
HALF_BACK = ["01:00", "01:30", "01:30", "02:00", "02:30", "03:00", "03:30"]


@settings(max_examples=300, deadline=None, derandomize=True)
@given(seed=st.integers(0, 2**32))
def test_no_time_is_lost_doubled_or_written_wrongly(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 no secret
    case = case_of(chance)
    assert wrongs(case, chance).wrong == []


@pytest.mark.parametrize(
    ("zone", "day", "opens", "times"),
    [
        ("Europe/Berlin", dt.date(2026, 3, 29), dt.time(1), ["01:00", "01:30", "03:00", "03:30"]),
        ("Europe/Berlin", dt.date(2026, 10, 25), dt.time(1), BACK),
        ("America/New_York", dt.date(2026, 3, 8), dt.time(1), ["01:00", "01:30", "03:00", "03:30"]),
        ("Australia/Lord_Howe", dt.date(2026, 10, 4), dt.time(1), ["01:00", "01:30", "02:30", "03:00", "03:30"]),
        ("Australia/Lord_Howe", dt.date(2026, 4, 5), dt.time(1), HALF_BACK),
    ],
)
def test_the_clock_on_the_wall_is_followed(zone: str, day: dt.date, opens: dt.time, times: list[str]) -> None:
    case = Case(zone, day, opens, dt.time(4), 30, 0, 30, ())
    assert offered(case) == by_minutes(case)
    shown = [dt.datetime.fromtimestamp(at, ZoneInfo(zone)) for at in offered(case)]
    assert [f"{each:%H:%M}" for each in shown] == times


@pytest.mark.django_db
def test_the_api_takes_no_time_without_its_offset(
    front_desk: User, client_record: Client, therapist: User, room: Room, service: Service
) -> None:
    browser = Browser()
    browser.force_login(front_desk)
    wish: dict[str, Any] = {"client": client_record.pk, "service": service.pk, "therapist": therapist.pk}
    for text in ("2026-10-25T02:30:00", "2026-03-29T02:30:00", "2026-06-02T10:00:00"):
        answer = browser.post(
            "/api/v1/appointments/", {**wish, "room": room.pk, "starts_at": text}, content_type="application/json",
            headers={"Idempotency-Key": "3f0c2f4e-8a39-4d5d-a4a2-0a4f6f5c4b11"},
        )  # fmt: skip
        assert (answer.status_code, list(answer.json()["details"]["fields"])) == (400, ["starts_at"])
    assert not Appointment.objects.exists()
