"""Whatever is sent: a 4xx that says what to do, and every row as it was. Never a 500, on no page and in no call."""

import datetime as dt
import json
import re
import uuid
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from clinic.messaging import links
from clinic.people.models import Client, Location, Room, User
from scheduling.models import (
    Appointment,
    BookingRules,
    Service,
    TimeOff,
    WaitlistEntry,
    WeeklyBreak,
    WorkingHours,
)
from tests import factories
from tests.scheduling.conftest import berlin, work

KEPT = (Appointment, BookingRules, Client, Service, TimeOff, WaitlistEntry, WeeklyBreak, WorkingHours)
BEGIN, FREE = berlin(2, 9), berlin(2, 14)
ODD = [" ", "x", "-1", "9" * 400, "NaN", "\x00", "\u202e", "' OR 1=1; --", "🦴" * 300]
FEW = ["x", "9" * 400, "\x00", "' OR 1=1; --"]  # for pages, which take longer to draw
IDS = [*ODD, "00000000-0000-0000-0000-000000000000"]
# Wall clock and instants: none of these is a time at which a visit could begin.
TIMES = [
    *ODD,
    "2026-06-02",
    "10:00",
    "2026-06-02T10:00",
    "2026-06-02T25:00:00Z",
    "2026-02-30T10:00:00Z",
    "2026-06-02T10:00:00 Europe/Berlin",
    "2026-06-02T10:00:00[Mars/Olympus]",
    "2026-06-02T10:00:00+99:00",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-12:00",
    "-2026-06-02T10:00:00Z",
    "2025-06-02T10:00:00Z",  # over
    "2036-06-02T10:00:00Z",  # nobody plans that far
    "2026-06-02T10:00:30Z",  # not on the minute
    "2026-06-02T01:00:00Z",  # nobody works
    "1780405200",
]
ENDS = [
    *TIMES[len(ODD) : -6],
    BEGIN.isoformat(),  # no time at all
    (BEGIN - dt.timedelta(hours=3)).isoformat(),  # before it begins
    (BEGIN + dt.timedelta(minutes=3)).isoformat(),
    (BEGIN + dt.timedelta(days=365)).isoformat(),
    (BEGIN + dt.timedelta(minutes=30, seconds=1)).isoformat(),
]
WALL = ["2027-03-28T02:30", "2026-10-25T02:30"]  # never, and twice


@pytest.fixture
def booked(client_record: Client, therapist: User, room: Room, service: Service) -> Appointment:
    return factories.AppointmentFactory(
        client=client_record, therapist=therapist, room=room, service=service, starts_at=BEGIN
    )


@pytest.fixture
def boss(owner: User) -> Browser:
    browser = Browser()
    browser.force_login(owner)
    return browser


@pytest.fixture
def desk(front_desk: User) -> Browser:
    browser = Browser()
    browser.force_login(front_desk)
    return browser


def rows() -> dict[str, list[Any]]:
    """Everything that a booking or a setting could change."""
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in KEPT}  # type: ignore[attr-defined]


def told(response: Any) -> str:
    """What the answer says to a person."""
    text = response.content.decode()
    if response["Content-Type"].startswith("application/json"):
        return str(json.loads(text).get("message", ""))
    return re.sub(r"<[^>]+>|\s+", " ", text.partition("<main")[2] or text)


class Sweep:
    """Sends one thing after another and remembers what was not refused as it should be."""

    def __init__(self) -> None:
        self.before = rows()
        self.wrong: list[str] = []

    def expect(self, what: Any, response: Any, *, also: tuple[int, ...] = ()) -> None:
        is_refused = 400 <= response.status_code < 500 and len(told(response).strip()) > 10
        if not is_refused and response.status_code not in also:
            self.wrong.append(f"{what!a:.90}: {response.status_code} {ascii(told(response).strip())[:120]}")

    def check(self) -> None:
        after = rows()
        changed = [name for name, values in self.before.items() if values != after[name]]
        assert not self.wrong, "\n".join(self.wrong)
        assert not changed


def call(browser: Browser, path: str, body: Any, version: Any = None, key: Any = None) -> Any:
    headers = {"Idempotency-Key": str(key or uuid.uuid4())}
    if version is not None:
        headers["If-Match"] = f'"{version}"'
    return browser.post(f"/api/v1/{path}", json.dumps(body), content_type="application/json", headers=headers)


@pytest.fixture
def foreign(other_location: Location) -> dict[str, Any]:
    """Of another location, or of no use."""
    far = factories.UserFactory(roles=["therapist"], locations=[other_location])
    idle = factories.UserFactory(roles=["therapist"], locations=[Location.objects.exclude(pk=other_location.pk)[0]])
    work(idle, Location.objects.exclude(pk=other_location.pk)[0])
    return {
        "client": factories.ClientFactory(locations=[other_location]).pk,
        "room": factories.RoomFactory(location=other_location).pk,
        "therapist": far.pk,
        "idle": idle.pk,  # works here, and does not offer the service
    }


@pytest.fixture
def wish(client_record: Client, therapist: User, room: Room, service: Service) -> dict[str, str]:
    named = {"client": client_record, "service": service, "therapist": therapist, "room": room}
    return {name: str(row.pk) for name, row in named.items()} | {"starts_at": FREE.isoformat()}


def test_the_api_books_nothing_that_makes_no_sense(
    desk: Browser, booked: Appointment, wish: dict[str, str], foreign: dict[str, Any]
) -> None:
    sweep = Sweep()
    bad: list[dict[str, Any]] = [{"starts_at": each} for each in (*FEW, *TIMES[len(ODD) :], *WALL, None, [])]
    bad += [{name: each} for name in ("client", "room") for each in (*FEW, 7, [], {})]
    bad += [{name: str(foreign[name])} for name in ("client", "room", "therapist")]
    bad += [{"therapist": str(foreign["idle"])}, {"starts_at": booked.starts_at.isoformat()}]
    bad += [{"note": "\x00"}, {"note": "x" * 201}, {"note": ["x"]}, {"overlap_reason": "\x00"}]
    bad += [{name: None} for name in ("service", "therapist")]
    for each in bad:
        sweep.expect(each, call(desk, "appointments/", wish | each))
    for body in ("", "[", "[]", "7", "null", '"x"', '{"a":' * 5000, "\ud800".encode("utf-8", "surrogatepass")):
        answer = desk.post(
            "/api/v1/appointments/",
            body,
            content_type="application/json",
            headers={"Idempotency-Key": str(uuid.uuid4())},
        )
        sweep.expect(body[:20], answer)
    for key in FEW:
        sweep.expect(key, call(desk, "appointments/", wish, key=key.replace("\x00", "%00")))
    sweep.check()


def test_the_api_changes_nothing_that_makes_no_sense(
    desk: Browser, booked: Appointment, foreign: dict[str, Any]
) -> None:
    sweep, path = Sweep(), f"appointments/{booked.pk}"
    moves: list[dict[str, Any]] = [{"starts_at": each} for each in (*TIMES[len(ODD) :], *WALL, None, 7)]
    moves += [{"starts_at": FREE.isoformat(), name: str(foreign[name])} for name in ("room", "therapist")]
    moves += [{"starts_at": FREE.isoformat(), "therapist": str(foreign["idle"])}, {}]
    for body in moves:
        sweep.expect(body, call(desk, f"{path}/move/", body, version=1))
    for end in ENDS:
        sweep.expect(end, call(desk, f"{path}/stretch/", {"ends_at": end}, version=1))
    for step in (*FEW, "cancelled", "late-cancelled", "held", "booked", "completed", "in-session", None, 7, []):
        sweep.expect(step, call(desk, f"{path}/status/", {"status": step}, version=1))
    for body in ({"reason": "x" * 201}, {"reason": "\x00"}, {"cancelled_by": "me"}, {"reason": {}}, []):
        sweep.expect(body, call(desk, f"{path}/cancel/", body, version=1))
    for version in (0, 2, "x", "*", "9" * 400, ""):
        for verb, body in (("cancel", {}), ("undo", {}), ("status", {"status": "confirmed"})):
            header = str(version).encode("ascii", "replace").decode()
            sweep.expect((verb, version), call(desk, f"{path}/{verb}/", body, version=header))
    sweep.expect("nothing to undo", call(desk, f"{path}/undo/", {}, version=1))
    sweep.check()


def test_no_list_takes_what_it_does_not_know(boss: Browser, booked: Appointment) -> None:
    sweep = Sweep()
    june = {"from": "2026-06-01T00:00:00Z", "until": "2026-06-30T00:00:00Z"}
    for name in ("ordering", "client__email", "client__born_on__lt", "_connector", "limit"):
        for value in ("1", "id; DROP TABLE x"):
            sweep.expect((name, value), boss.get("/api/v1/appointments/", june | {name: value}))
    for name in ("client", "therapist", "room", "location", "service", "status", "from", "until", "cursor"):
        for value in FEW:
            sweep.expect((name, value), boss.get("/api/v1/appointments/", june | {name: value}))
    for name in ("period", "from", "until", "location", "therapist", "service"):
        for value in (*FEW[:2], "2026-13"):
            sweep.expect((name, value), boss.get("/api/v1/reports/practice/", {name: value}))
            sweep.expect((name, value), boss.get("/practice/", {name: value}))
    sweep.check()


def test_the_desk_books_nothing_that_makes_no_sense(
    desk: Browser, booked: Appointment, wish: dict[str, str], foreign: dict[str, Any]
) -> None:
    sweep = Sweep()
    form = {
        "client": wish["client"],
        "service": wish["service"],
        "slot": f"{wish['starts_at']}|{wish['therapist']}|{wish['room']}",
        "request_key": str(uuid.uuid4()),
    }
    slots = [f"{time}|{wish['therapist']}|{wish['room']}" for time in (*FEW, *TIMES[len(ODD) :: 3], *WALL)]
    slots += [f"{wish['starts_at']}|{foreign['therapist']}|{wish['room']}", "||", "|||", FREE.isoformat()]
    slots += [f"{wish['starts_at']}|{wish['therapist']}|{foreign['room']}", f"{wish['starts_at']}|x|{wish['room']}"]
    slots += [f"{wish['starts_at']}|{foreign['idle']}|{wish['room']}"]
    bad = [{"slot": slot} for slot in slots]
    bad += [{name: each} for name in ("client", "service", "request_key") for each in FEW[:2]]
    bad += [{"client": str(foreign["client"])}]
    for each in bad:
        sweep.expect(each, desk.post(reverse("scheduling:appointment-create"), form | each))
    sweep.check()


def test_the_desk_moves_nothing_where_it_cannot_be(desk: Browser, booked: Appointment, foreign: dict[str, Any]) -> None:
    sweep, place = Sweep(), reverse("scheduling:appointment-place", args=[booked.pk])
    for name in ("at", "until"):
        for each in (*FEW, *WALL, "2025-06-02T10:00", "2036-06-02T10:00", "2026-06-02T01:00"):
            sweep.expect((name, each), desk.post(place, {"at": "2026-06-02T14:00", "version": "1"} | {name: each}))
    for name in ("location", "therapist", "room", "version"):
        for each in FEW[:3]:
            sweep.expect((name, each), desk.post(place, {"at": "2026-06-02T14:00", "version": "1"} | {name: each}))
    for name in ("therapist", "room"):
        sweep.expect(name, desk.post(place, {"at": "2026-06-02T14:00", "version": "1", name: str(foreign[name])}))
    stretch = reverse("scheduling:appointment-stretch", args=[booked.pk])
    for minutes in ("x", "4", "481", "2147483648", "45.5"):
        sweep.expect(minutes, desk.post(stretch, {"minutes": minutes, "version": "1"}))
    for verb, body in (("status", {"status": "confirmed"}), ("cancel", {"cancelled_by": "client"})):
        for version in ("x", "2", "\x00"):
            answer = desk.post(reverse(f"scheduling:appointment-{verb}", args=[booked.pk]), body | {"version": version})
            sweep.expect((verb, version), answer)
    for status in ("x", "\x00", "cancelled", "completed"):
        answer = desk.post(
            reverse("scheduling:appointment-status", args=[booked.pk]), {"status": status, "version": "1"}
        )
        sweep.expect(status, answer)
    for body in ({"cancelled_by": "me"}, {"reason": "x" * 201}, {"reason": "\x00"}):
        sweep.expect(
            body, desk.post(reverse("scheduling:appointment-cancel", args=[booked.pk]), body | {"version": "1"})
        )
    sweep.check()


def test_the_calendar_shows_nothing_for_nonsense(desk: Browser, booked: Appointment) -> None:
    sweep = Sweep()
    for name in ("date", "location"):
        for each in (*FEW, "2026-02-30", "10000-01-01"):
            sweep.expect((name, each), desk.get(reverse("scheduling:day"), {name: each}))
    for name in ("client",):
        for each in FEW:
            sweep.expect((name, each), desk.get(reverse("scheduling:appointment-create"), {name: each}))
    sweep.check()


def test_no_setting_takes_what_cannot_be(boss: Browser, therapist: User, location: Location, service: Service) -> None:
    hours = {
        "weekdays": "5",
        "starts_at": "08:00",
        "ends_at": "12:00",
        "valid_from": "2026-06-01",
        "every_n_weeks": "1",
    }
    off = {"therapist": str(therapist.pk), "starts_on": "2026-07-01", "ends_on": "2026-07-02"}
    here = {"location": str(location.pk)}
    skipped = {"starts_on": "2027-03-28", "ends_on": "2027-03-29", "starts_at": "02:30", "ends_at": "09:00"}
    taping = {"name": "Taping", "duration_minutes": "30", "buffer_minutes": "0", "price": "40", "currency": "EUR"}
    bad: dict[str, tuple[dict[str, str], list[dict[str, str]]]] = {
        reverse("scheduling:hours-of-therapist", args=[therapist.pk]): (
            hours | here,
            [{"starts_at": "13:00"}, {"valid_until": "2026-05-01"}, {"weekdays": "7"}, {"ends_at": "\x00"}],
        ),
        reverse("scheduling:time-off-list"): (
            off | here,
            [{"ends_on": "2026-06-30"}, {"ends_on": "2036-06-30"}, {"starts_on": "0000-00-00"}, skipped],
        ),
        reverse("scheduling:service-create"): (
            taping | {"colour": "#0f5c50"},
            [{"duration_minutes": "4"}, {"duration_minutes": "525600"}, {"price": "1e99"}, {"name": service.name}],
        ),
        reverse("scheduling:booking-rules"): ({}, [{"slot_step_minutes": each} for each in FEW]),
    }
    sweep = Sweep()
    for url, (good, changes) in bad.items():
        for change in changes:
            sweep.expect((url, change), boss.post(url, good | change))
    sweep.check()


def test_a_client_by_link_can_neither_break_nor_double_anything(
    booked: Appointment, service: Service, client_record: Client
) -> None:
    link = links.issue(client=client_record, purpose="appointment", object_id=booked.pk, expires_at=berlin(3, 9))
    token, browser = links.token_of(link), Browser()
    sweep = Sweep()
    for wrong in ("x", "A" * 43, "A" * 5000, "%2e%2e", "é", token[:-1], token + "A"):
        for verb in ("", "confirm/", "cancel/", "calendar.ics"):
            ask = browser.post if verb in ("confirm/", "cancel/") else browser.get
            sweep.expect((wrong, verb), ask(f"/a/{wrong}/{verb}"))
    for verb in ("confirm/", "cancel/"):
        assert browser.get(f"/a/{token}/{verb}").status_code == 405
    sweep.check()
    for _twice in range(2):
        assert browser.post(f"/a/{token}/cancel/", {"reason": "\u202e" * 300, "version": "x"}).status_code == 302
    booked.refresh_from_db()
    assert booked.version == 2
    assert 400 <= browser.post(f"/a/{token}/confirm/").status_code < 500


def test_a_form_sent_twice_books_and_changes_once(desk: Browser, booked: Appointment, wish: dict[str, str]) -> None:
    key = uuid.uuid4()
    form = {
        "client": wish["client"],
        "service": wish["service"],
        "slot": f"{wish['starts_at']}|{wish['therapist']}|{wish['room']}",
        "request_key": str(key),
    }
    assert [desk.post(reverse("scheduling:appointment-create"), form).status_code for _each in range(2)] == [302, 302]
    assert Appointment.objects.count() == 2
    cancelled = [
        desk.post(reverse("scheduling:appointment-cancel", args=[booked.pk]), {"version": "1"}).status_code
        for _each in range(2)
    ]
    assert (cancelled[0], cancelled[1] // 100) == (302, 4)
