"""Series through the API: previewed, booked once, changed and cancelled by the services of the pages."""

import uuid
from typing import Any

import pytest

from clinic.people.models import Location, Room, User
from scheduling.models import Appointment, Series
from tests import factories
from tests.api.calls import NOON, browser_of

URL = "/api/v1/series/"


@pytest.fixture
def plan(wish: dict[str, Any], location: Location) -> dict[str, Any]:
    """Three Wednesdays at noon."""
    del wish["starts_at"], wish["room"]
    rule = "FREQ=WEEKLY;BYDAY=WE;COUNT=3"
    return wish | {"location": str(location.pk), "rule": rule, "first_on": "2027-03-10", "begins_at": "12:00"}


def post(user: User, url: str, body: Any, **headers: str) -> Any:
    return browser_of(user).post(url, body, content_type="application/json", headers=headers)


@pytest.fixture
def booked(front_desk: User, plan: dict[str, Any]) -> dict[str, Any]:
    answer = post(front_desk, URL, plan, **{"Idempotency-Key": str(uuid.uuid4())})
    assert answer.status_code == 201, answer.content
    found: dict[str, Any] = answer.json()
    return found


def test_the_dates_of_a_rule_are_told_without_booking(
    front_desk: User, plan: dict[str, Any], therapist: User, room: Room
) -> None:
    factories.AppointmentFactory(therapist=therapist, room=room, starts_at=NOON)
    answer = post(front_desk, URL + "preview/", plan).json()
    assert [each["state"] for each in answer["visits"]] == ["clash", "free", "free"]
    assert answer["visits"][0]["alternatives"]
    assert not Series.objects.exists()


def test_a_series_is_booked_once_for_its_key(front_desk: User, plan: dict[str, Any]) -> None:
    key = {"Idempotency-Key": str(uuid.uuid4())}
    first, second = (post(front_desk, URL, plan, **key).json() for _ in range(2))
    assert first["id"] == second["id"]
    assert len(first["visits"]) == 3
    assert Appointment.objects.count() == 3


def test_a_date_in_question_is_a_conflict_until_it_is_chosen(
    front_desk: User, plan: dict[str, Any], therapist: User, room: Room
) -> None:
    factories.AppointmentFactory(therapist=therapist, room=room, starts_at=NOON)
    answer = post(front_desk, URL, plan, **{"Idempotency-Key": str(uuid.uuid4())})
    assert answer.status_code == 409
    assert answer.json()["details"]["visits"][0]["on"] == "2027-03-10"
    chosen = plan | {"choices": [{"on": "2027-03-10", "skip": True}]}
    answer = post(front_desk, URL, chosen, **{"Idempotency-Key": str(uuid.uuid4())})
    assert [each["series_on"] for each in answer.json()["visits"]] == ["2027-03-17", "2027-03-24"]


def test_a_series_is_changed_and_cancelled_by_the_version_that_was_seen(
    front_desk: User, booked: dict[str, Any]
) -> None:
    url, second = f"{URL}{booked['id']}/", booked["visits"][1]["id"]
    later = {"visit": second, "scope": "following", "begins_at": "13:00"}
    assert post(front_desk, url + "change/", later).status_code == 428
    shown = post(front_desk, url + "change/preview/", later).json()
    assert [each["starts_at"] for each in shown["visits"]] == ["2027-03-17T12:00:00Z", "2027-03-24T12:00:00Z"]
    answer = post(front_desk, url + "change/", later, **{"If-Match": '"1"'})
    assert answer.status_code == 200, answer.content
    assert answer.json()["split_from"] == booked["id"]
    assert post(front_desk, url + "change/", later, **{"If-Match": '"1"'}).status_code in (400, 412)
    first = {"visit": booked["visits"][0]["id"], "scope": "all"}
    assert post(front_desk, url + "cancel/", first, **{"If-Match": '"1"'}).status_code == 412
    answer = post(front_desk, url + "cancel/", first, **{"If-Match": '"2"'})
    assert [each["status"] for each in answer.json()["visits"]] == ["cancelled"]


def test_a_fixed_room_is_given_up_with_null(front_desk: User, plan: dict[str, Any], room: Room) -> None:
    made = post(front_desk, URL, plan | {"room": str(room.pk)}, **{"Idempotency-Key": str(uuid.uuid4())}).json()
    wish = {"visit": made["visits"][0]["id"], "scope": "all", "room": None}
    answer = post(front_desk, f"{URL}{made['id']}/change/", wish, **{"If-Match": '"1"'})
    assert (made["room"], answer.status_code, answer.json()["room"]) == (str(room.pk), 200, None)
    assert post(front_desk, f"{URL}{made['id']}/change/preview/", {**wish, "room": "x"}).status_code == 400


@pytest.mark.parametrize(
    ("bad", "status"),
    [
        ({"rule": "FREQ=WEEKLY"}, 422),
        ({"rule": "FREQ=SECONDLY;COUNT=5"}, 422),
        ({"rule": "FREQ=DAILY;COUNT=10000"}, 422),
        ({"rule": "FREQ=WEEKLY;UNTIL=20200101"}, 422),
        ({"timezone": "Mars/Olympus"}, 422),
        ({"begins_at": "25:00"}, 400),
        ({"first_on": "soon"}, 400),
        ({"therapist": str(uuid.uuid4())}, 400),
        ({"choices": [{"on": "2027-03-10", "starts_at": "2027-03-10T12:00:00"}]}, 400),
        ({"choices": [{"on": "2027-03-11", "skip": True}]}, 422),
        ({"choices": "none"}, 400),
    ],
)
def test_what_cannot_be_is_refused(front_desk: User, plan: dict[str, Any], bad: dict[str, Any], status: int) -> None:
    for url in (URL, URL + "preview/"):
        answer = post(front_desk, url, plan | bad, **{"Idempotency-Key": str(uuid.uuid4())})
        assert answer.status_code == status, answer.content
        assert answer.json()["message"]


def test_a_series_elsewhere_is_not_there(stranger: User, booked: dict[str, Any]) -> None:
    assert browser_of(stranger).get(f"{URL}{booked['id']}/").status_code == 404
