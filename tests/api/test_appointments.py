"""Every change of a visit through the API: what it needs, what it answers, what it refuses."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from clinic.audit.models import Event
from clinic.core import clock
from clinic.people.models import Client, Location, Room, User
from scheduling.models import Appointment, Service
from scheduling.services.holds import hold_slot
from tests import factories
from tests.api.calls import NOON, book, browser_of

MARCH = "from=2027-03-01T00:00:00Z&until=2027-04-01T00:00:00Z"


@pytest.fixture
def desk(front_desk: User) -> Browser:
    return browser_of(front_desk)


@pytest.fixture
def booked(desk: Browser, wish: dict[str, Any]) -> Any:
    return book(desk, wish).json()


def change(browser: Browser, booked: Any, verb: str, body: Any, version: int | None = None) -> Any:
    return browser.post(
        f"/api/v1/appointments/{booked['id']}/{verb}/",
        body,
        content_type="application/json",
        headers={"If-Match": f'"{version or booked["version"]}"'},
    )


def test_a_visit_moves_and_its_etag_with_it(desk: Browser, booked: Any) -> None:
    answer = change(desk, booked, "move", {"starts_at": "2027-03-10T13:00:00Z"})
    assert (answer.status_code, answer.json()["starts_at"]) == (200, "2027-03-10T13:00:00Z")
    assert answer["ETag"] == f'"{booked["version"] + 1}"'


def test_a_visit_lasts_longer_until_the_next_one(desk: Browser, booked: Any, wish: dict[str, Any]) -> None:
    book(desk, wish | {"starts_at": "2027-03-10T12:15:00Z"})
    longer = change(desk, booked, "stretch", {"ends_at": "2027-03-10T12:00:00Z"})
    assert (longer.status_code, longer.json()["ends_at"]) == (200, "2027-03-10T12:00:00Z")
    too_long = change(desk, longer.json(), "stretch", {"ends_at": "2027-03-10T12:30:00Z"})
    assert (too_long.status_code, too_long.json()["details"]["free_until"]) == (409, "2027-03-10T12:15:00Z")
    assert change(desk, longer.json(), "stretch", {"ends_at": "2028-03-10T12:30:00Z"}).status_code == 422


def test_a_visit_goes_from_confirmed_to_done_and_one_step_back(
    front_desk: User, booked: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)
    desk = browser_of(front_desk)
    for step in ("confirmed", "arrived", "in-session", "completed"):
        booked = change(desk, booked, "status", {"status": step}).json()
        assert booked["status"] == step
    assert change(desk, booked, "undo", {}).json()["status"] == "in-session"


@pytest.mark.parametrize(
    ("verb", "body"),
    [
        ("move", {"starts_at": "2027-03-10T13:00:00Z"}),
        ("stretch", {"ends_at": "2027-03-10T12:15:00Z"}),
        ("status", {"status": "confirmed"}),
        ("cancel", {"reason": "ill"}),
        ("undo", {}),
    ],
)
def test_a_change_of_a_version_nobody_has_seen_is_refused(
    desk: Browser, booked: Any, verb: str, body: dict[str, Any]
) -> None:
    before = Appointment.objects.values().get()
    assert change(desk, booked, verb, body, version=7).json()["code"] == "stale-version"
    unsaid = desk.post(f"/api/v1/appointments/{booked['id']}/{verb}/", body, content_type="application/json")
    assert (unsaid.status_code, unsaid.json()["code"]) == (428, "version-missing")
    assert Appointment.objects.values().get() == before


def test_a_clash_says_with_what_and_what_is_free(desk: Browser, booked: Any, wish: dict[str, Any]) -> None:
    answer = book(desk, wish)
    details = answer.json()["details"]
    assert (answer.status_code, answer.json()["code"]) == (409, "clash")
    assert details["clashes"][0]["id"] == booked["id"]
    assert details["clashes"][0]["taken"] == ["therapist", "room", "client"]
    assert set(details["alternatives"][0]) >= {"starts_at", "ends_at", "therapist", "room", "location", "zone"}


def test_a_deliberate_overlap_needs_the_permission_and_is_shown(
    desk: Browser, booked: Any, wish: dict[str, Any], therapist: User
) -> None:
    twice = wish | {"overlap_reason": "Sisters, treated together"}
    assert book(browser_of(therapist), twice).status_code == 403
    made = book(desk, twice)
    assert made.status_code == 201, made.content
    assert (made.json()["is_overlap_allowed"], made.json()["overlap_reason"]) == (True, "Sisters, treated together")
    assert Event.objects.filter(object_id=made.json()["id"], changes={"overlap": True}).exists()


def test_a_room_at_another_location_than_the_one_named_is_refused(
    desk: Browser, wish: dict[str, Any], owner: User, other_location: Location
) -> None:
    answer = book(browser_of(owner), wish | {"location": str(other_location.pk)})
    assert (answer.status_code, list(answer.json()["details"]["fields"])) == (400, ["room"])


def test_the_list_narrows_by_each_of_its_parameters(desk: Browser, booked: Any, therapist: User) -> None:
    for name in ("client", "therapist", "room", "location", "service", "status"):
        found = desk.get(f"/api/v1/appointments/?{MARCH}&{name}={booked[name]}").json()["results"]
        assert [row["id"] for row in found] == [booked["id"]], name
    assert desk.get(f"/api/v1/appointments/?{MARCH}&status=cancelled&status=no-show").json()["results"] == []
    assert desk.get(f"/api/v1/appointments/?client={booked['client']}").json()["results"]


@pytest.mark.parametrize(
    "query",
    [
        "ordering=client__born_on",
        "therapits=x",
        "client__email=a",
        "status=held'--",
        "status=",
        "room=",
        "therapist=1",
        "therapist=00000000-0000-4000-8000-000000000000",
        "from=2027-03-02T00:00:00Z",
        "cursor=x",
    ],
)
def test_a_parameter_that_means_nothing_is_refused_and_not_left_out(desk: Browser, booked: Any, query: str) -> None:
    answer = desk.get(f"/api/v1/appointments/?{MARCH}&{query}")
    assert answer.status_code in {400, 404}, answer.content
    assert answer.json()["message"]


def test_the_list_takes_as_many_queries_for_thirty_visits_as_for_three(
    desk: Browser, booked: Any, room: Room, therapist: User
) -> None:
    few = _queries(desk)
    service, client = Service.objects.get(), Client.objects.get()
    for day in range(30):
        at = dt.datetime(2027, 3, 1 + day, 15, tzinfo=dt.UTC)
        factories.AppointmentFactory(client=client, service=service, therapist=therapist, room=room, starts_at=at)
    assert _queries(desk) == few


def _queries(desk: Browser) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert desk.get(f"/api/v1/appointments/?{MARCH}").status_code == 200
    return len(queries)


def test_an_overlap_escapes_the_three_constraints_and_nothing_else(
    desk: Browser, booked: Any, wish: dict[str, Any], therapist: User, room: Room, service: Service
) -> None:
    reason = {"overlap_reason": "Sisters"}
    for elsewhere, code in (("2027-03-11T11:00:00Z", "not-working"), ("2020-03-11T11:00:00Z", "in-the-past")):
        assert book(desk, wish | reason | {"starts_at": elsewhere}).json()["code"] == code
    alone = book(desk, wish | reason | {"starts_at": "2027-03-10T13:00:00Z"}).json()
    assert (alone["is_overlap_allowed"], alone["overlap_reason"]) == (False, "")
    held = NOON + dt.timedelta(hours=3)
    hold_slot(
        service=service, therapist=therapist, room=room, starts_at=held, cause="online",
        expires_at=clock.now() + dt.timedelta(minutes=10),
    )  # fmt: skip
    assert book(desk, wish | reason | {"starts_at": held.isoformat()}).json()["code"] == "held"
    assert not Appointment.objects.filter(is_overlap_allowed=True).exists()
