"""What the practice sets up, through the API: the services of the pages, and their refusals."""

import datetime as dt
import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from clinic.core import clock
from clinic.people.models import Location, Room, User
from scheduling.models import Holiday, Service, TimeOff, WeeklyBreak, WorkingHours
from tests import factories

pytestmark = pytest.mark.django_db
MONDAY = dt.date(2026, 6, 1)


@pytest.fixture(autouse=True)
def monday_morning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: dt.datetime(2026, 6, 1, 6, tzinfo=dt.UTC))


class Caller:
    def __init__(self, browser: Browser) -> None:
        self.browser = browser

    def __call__(self, verb: str, path: str, body: Any = None, seen: int | None = None) -> tuple[int, Any]:
        content = json.dumps(body) if body is not None else ""
        headers = {} if seen is None else {"If-Match": f'"{seen}"'}
        url = f"/api/v1/{path}"
        answer = self.browser.generic(verb, url, content, content_type="application/json", headers=headers)
        if "version" in (data := json.loads(answer.content or b"null") or {}):
            assert answer["ETag"] == f'"{data["version"]}"'
        return answer.status_code, data


@pytest.fixture
def call(client: Browser, owner: User) -> Caller:
    client.force_login(owner)
    return Caller(client)


@pytest.fixture
def hours(therapist: User, location: Location) -> WorkingHours:
    return factories.WorkingHoursFactory(therapist=therapist, location=location)


def test_a_week_is_set_up_and_changed(call: Caller, therapist: User, other_therapist: User, location: Location) -> None:
    who = {"therapist": str(therapist.pk), "location": str(location.pk), "weekday": 0, "valid_from": "2026-06-01"}
    status, row = call("POST", "working-hours/", {**who, "starts_at": "08:00", "ends_at": "16:00"})
    assert (status, row["ends_at"], row["every_n_weeks"]) == (201, "16:00:00", 1)
    status, pause = call("POST", "breaks/", {**who, "starts_at": "12:00", "ends_at": "12:30", "label": "Lunch"})
    assert status == 201
    for body, expected in (
        ({"starts_at": "17:00", "ends_at": "17:30"}, "break-outside-hours"),
        ({"starts_at": "12:00", "ends_at": "12:15"}, "break-overlap"),
        ({"starts_at": "13:00", "ends_at": "12:15"}, "ends-before-start"),
        ({"starts_at": "10:00", "ends_at": "10:15", "every_n_weeks": 0}, "bad-rhythm"),
        ({"starts_at": "10:00", "ends_at": "10:15", "valid_until": "9999-12-31"}, "bad-date"),
    ):
        status, answer = call("POST", "breaks/", {**who, **body})
        assert (status, answer["code"]) == (422, expected)
    status, changed = call("PATCH", f"working-hours/{row['id']}/", {"ends_at": "15:00", "valid_from": "2026-06-08"})
    assert (status, changed["valid_from"], changed["ends_at"]) == (200, "2026-06-08", "15:00:00")
    assert call("GET", f"working-hours/{row['id']}/")[1]["valid_until"] == "2026-06-07"
    assert call("PATCH", f"working-hours/{changed['id']}/", {"therapist": str(other_therapist.pk)})[0] == 400
    assert call("DELETE", f"breaks/{pause['id']}/")[0] == 204
    assert not WeeklyBreak.objects.exists()
    date = {"therapist": str(therapist.pk), "location": str(location.pk), "on": "2026-06-09"}
    status, row = call("POST", "date-hours/", date)
    assert (status, row["starts_at"]) == (201, None)
    assert call("PATCH", f"date-hours/{row['id']}/", {"starts_at": "09:00"})[1]["code"] == "one-time-only"
    assert call("PATCH", f"date-hours/{row['id']}/", {"starts_at": "09:00", "ends_at": "11:00"})[0] == 200
    assert call("DELETE", f"date-hours/{row['id']}/")[0] == 204


def test_what_is_closed_is_closed_and_opened(call: Caller, therapist: User, location: Location, room: Room) -> None:
    span = {"starts_at": "2026-06-09T06:00:00Z", "ends_at": "2026-06-09T10:00:00+02:00"}
    for path, who in (("time-off", {"therapist": str(therapist.pk)}), ("room-closures", {"room": str(room.pk)})):
        status, row = call("POST", f"{path}/", {**who, **span, "reason": "Course"})
        assert (status, row["ends_at"]) == (201, "2026-06-09T08:00:00Z")
        assert call("POST", f"{path}/", {**who, **span})[0] == 422
        for wrong in ({"starts_at": "2026-06-09T08:00:00"}, {"starts_at": "0001-01-01T00:00+23:59"}, {"ends_at": "x"}):
            assert call("PATCH", f"{path}/{row['id']}/", wrong)[0] == 400
        assert (
            call("PATCH", f"{path}/{row['id']}/", {"ends_at": "2026-06-09T05:00:00Z"})[1]["code"] == "ends-before-start"
        )
        assert call("PATCH", f"{path}/{row['id']}/", {"reason": "Floor"})[1]["starts_at"] == "2026-06-09T06:00:00Z"
        assert len(call("GET", f"{path}/")[1]["results"]) == 1
        assert call("DELETE", f"{path}/{row['id']}/")[0] == 204
    day = {"location": str(location.pk), "on": "2026-06-09", "name": "Fair"}
    status, row = call("POST", "holidays/", day)
    assert (status, row["source"], row["is_closed"]) == (201, "own", True)
    assert call("POST", "holidays/", day)[1]["code"] == "holiday-there"
    assert call("PATCH", f"holidays/{row['id']}/", {"on": "2026-06-10"})[0] == 400
    assert call("PATCH", f"holidays/{row['id']}/", {"is_closed": False})[1]["is_closed"] is False
    public = Holiday.objects.create(location=location, on=dt.date(2026, 6, 10), name="May", source="public")
    assert call("DELETE", f"holidays/{public.pk}/")[1]["code"] == "public-holiday"


def test_services_and_limits(call: Caller, therapist: User) -> None:
    status, row = call(
        "POST", "services/", {"name": "Taping", "duration_minutes": 30, "therapists": [str(therapist.pk)]}
    )
    assert (status, row["therapists"]) == (201, [str(therapist.pk)])
    for wrong in ({"duration_minutes": 3}, {"is_for_new_clients_only": True}, {"forms": ["unknown"]}):
        assert call("PATCH", f"services/{row['id']}/", wrong)[0] == 422
    for wrong in ({"colour": "red"}, {"therapists": ["x"]}, {"currency": "euros"}, {"duration_minutes": 10**9}):
        assert call("PATCH", f"services/{row['id']}/", wrong)[0] == 400
    assert call("DELETE", f"services/{row['id']}/")[0] == 405
    assert call("PATCH", f"services/{row['id']}/", {"is_active": False})[1]["is_active"] is False
    assert not Service.objects.active().exists()
    status, limit = call("POST", "daily-limits/", {"therapist": str(therapist.pk), "visits": 6})
    assert (status, limit["service"]) == (201, None)
    assert call("POST", "daily-limits/", {"therapist": str(therapist.pk), "visits": 6})[1]["code"] == "limit-there"
    assert call("PATCH", f"daily-limits/{limit['id']}/", {"visits": 0})[0] == 422


def test_the_rules_of_booking_are_read_and_changed_over_what_was_seen(call: Caller, therapist: User) -> None:
    status, rules = call("GET", "booking-rules/")
    assert (status, rules["slot_step_minutes"], rules["version"]) == (200, 15, 0)
    assert call("PATCH", "booking-rules/", {"hold_minutes": 20})[0] == 428
    status, changed = call("PATCH", "booking-rules/", {"hold_minutes": 20, "embedded_at": ["https://a.example"]}, 0)
    assert (status, changed["hold_minutes"], changed["embedded_at"]) == (200, 20, ["https://a.example"])
    status, stale = call("PATCH", "booking-rules/", {"hold_minutes": 30}, 0)
    assert (status, stale["details"]["version"]) == (412, changed["version"])
    for wrong, code in (
        ({"slot_step_minutes": 7}, 422),
        ({"online_horizon_days": 9000}, 422),
        ({"embedded_at": ["javascript:x"]}, 422),
        ({"hold_minutes": "soon"}, 400),
        ({"waitlist_mode": "never"}, 400),
        ({"is_online_open": None}, 400),
    ):
        assert call("PATCH", "booking-rules/", wrong, changed["version"])[0] == code
    assert call("GET", "booking-rules/") == (200, changed)
    assert call("GET", "booking-rules/?only=1")[0] == 400
    call.browser.force_login(therapist)
    assert call("PATCH", "booking-rules/", {"hold_minutes": 5}, changed["version"])[0] == 403


def test_a_location_keeps_the_holidays_of_a_country_over_what_was_seen(
    call: Caller, location: Location, other_location: Location, therapist: User
) -> None:
    path = f"holiday-calendars/{location.pk}/"
    assert call("GET", path) == (200, {"location": str(location.pk), "country": "", "subdivision": "", "version": 0})
    assert call("PATCH", path, {"country": "DE"})[0] == 428
    status, kept = call("PATCH", path, {"country": "DE", "subdivision": "BE"}, 0)
    assert (status, kept["country"], kept["subdivision"]) == (200, "DE", "BE")
    assert Holiday.objects.filter(location=location, on=dt.date(2027, 3, 8)).exists()
    assert call("PATCH", path, {"subdivision": "BB"}, 0)[0] == 412
    for wrong, code in (({"country": "XX"}, 422), ({"subdivision": "ME"}, 422), ({"country": "Germany"}, 400)):
        assert call("PATCH", path, wrong, kept["version"])[0] == code
    status, other = call("PATCH", path, {"country": "AT"}, kept["version"])
    assert (status, other["subdivision"]) == (200, "")
    assert call("PATCH", path, {"country": ""}, other["version"])[1]["version"] == 0
    assert not Holiday.objects.filter(location=location, on__gte=MONDAY).exists()
    rows = call("GET", "holiday-calendars/")[1]["results"]
    assert [each["location"] for each in rows] == [str(location.pk), str(other_location.pk)]
    call.browser.force_login(therapist)
    assert len(call("GET", "holiday-calendars/")[1]["results"]) == 1
    assert call("GET", f"holiday-calendars/{other_location.pk}/")[0] == 404
    assert call("PATCH", path, {"country": "DE"}, 0)[0] == 403


def test_everybody_reads_what_is_theirs_and_owners_change_it(
    call: Caller, therapist: User, stranger: User, location: Location, hours: WorkingHours
) -> None:
    at = clock.now()
    TimeOff.objects.create(therapist=therapist, during=(at, at + dt.timedelta(days=1)))
    call.browser.force_login(therapist)
    assert len(call("GET", f"working-hours/?therapist={therapist.pk}&location={location.pk}")[1]["results"]) == 1
    assert call("GET", "working-hours/?someone=1")[0] == 400
    assert call("PATCH", f"working-hours/{hours.pk}/", {"ends_at": "15:00"})[0] == 403
    call.browser.force_login(stranger)
    assert call("GET", "time-off/")[1]["results"] == []
    assert call("GET", f"working-hours/{hours.pk}/")[0] == 404


def test_a_list_takes_as_many_queries_at_thirty_rows_as_at_three(
    call: Caller, therapist: User, location: Location, room: Room
) -> None:
    def rows(count: int) -> None:
        for _each in range(count):
            factories.ServiceFactory(therapists=[therapist])
            factories.WorkingHoursFactory(therapist=therapist, location=location)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            for path in ("services", "working-hours"):
                assert call("GET", f"{path}/")[0] == 200
        return len(captured)

    rows(3)
    queries()
    few = queries()
    rows(27)
    assert queries() == few
