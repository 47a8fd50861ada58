"""Free times through the API."""

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinic.core import clock
from clinic.people.models import Location, Room, User
from scheduling.models import Service
from tests.api.calls import NOON, book, browser_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)


@pytest.fixture
def ask(front_desk: User, service: Service, room: Room) -> Any:
    desk = browser_of(front_desk)

    def asking(path: str = "", **query: Any) -> Any:
        return desk.get(f"/api/v1/free-times/{path}", {"service": str(service.pk)} | query)

    return asking


def test_the_next_free_times_come_in_order(ask: Any, therapist: User, room: Room) -> None:
    found = ask(limit=2).json()["results"]
    assert [each["starts_at"] for each in found] == ["2027-03-10T11:00:00Z", "2027-03-10T11:15:00Z"]
    assert (found[0]["therapist"], found[0]["room"], found[0]["zone"]) == (
        str(therapist.pk), str(room.pk), "Europe/Berlin",
    )  # fmt: skip


def test_what_is_booked_is_not_offered_again(ask: Any, front_desk: User, wish: Any) -> None:
    assert book(browser_of(front_desk), wish).status_code == 201
    found = ask(limit=1).json()["results"]
    assert found[0]["starts_at"] == "2027-03-10T11:45:00Z"
    assert found[0]["reason"] == "next to another visit"


def test_days_and_until_bound_what_is_found(ask: Any, therapist: User, other_therapist: User) -> None:
    assert len(ask(days=6, limit=500).json()["results"]) == 18
    assert len(ask(until="2027-03-10T12:00:00Z").json()["results"]) == 2
    both = {"therapist": [str(therapist.pk), str(other_therapist.pk)]}
    assert len(ask(until="2027-03-10T12:00:00Z", **both).json()["results"]) == 2
    assert ask(therapist=str(other_therapist.pk)).json()["results"] == []


def test_a_month_is_told_by_date(ask: Any) -> None:
    assert ask("month/", month="2027-03").json()["days"] == {
        "2027-03-10": 18, "2027-03-17": 34, "2027-03-24": 34, "2027-03-31": 34,
    }  # fmt: skip


@pytest.mark.parametrize(
    "query",
    [
        {"from": "2027-03-10T11:00:00"},
        {"from": "2027-03-11T11:00:00Z", "until": "2027-03-10T11:00:00Z"},
        {"until": "2029-03-10T11:00:00Z"},
        {"days": "1000"},
        {"limit": "0"},
        {"therapist": str(uuid.uuid4())},
        {"service": "x"},
        {"room": str(uuid.uuid4())},
        {"anyone": "1"},
    ],
)
def test_what_makes_no_sense_is_refused(ask: Any, query: dict[str, str]) -> None:
    assert ask(**query).status_code == 400
    assert ask("month/", month="2027-13").status_code == 400


def test_nobody_sees_free_times_of_other_places(
    stranger: User, other_location: Location, service: Service, room: Room
) -> None:
    answer = browser_of(stranger).get("/api/v1/free-times/", {"service": str(service.pk)})
    assert answer.json() == {"results": []}
    named = {"service": str(service.pk), "location": str(room.location_id)}
    assert browser_of(stranger).get("/api/v1/free-times/", named).status_code == 400


def test_it_takes_as_many_queries_for_many_times_as_for_one(ask: Any, therapist: User) -> None:
    def queries(**query: Any) -> int:
        with CaptureQueriesContext(connection) as captured:
            ask(**query)
        return len(captured)

    ask()
    few = queries(limit=1, therapist=str(therapist.pk))
    assert queries(limit=500, therapist=str(therapist.pk)) == few
    assert few <= 9
