"""Every form and every API call that names another object in its body. A new one fails the suite until it has a row.

    Body("app:name", WHO, {field: "text with {fixture}"}, {fixture: ("fixtures", "that", "may", "not", "be", "named")})

`{fixture}` stands for the id of that fixture's object (or its text); the body as it stands is taken. Fixtures are in
objects.py and others.py. `is_kept` says that of a refused body what else was typed is kept, as in a note.
"""

from dataclasses import dataclass, field

from tests.permissions.table import TABLE

ADDRESSES = {row.route: row.names for row in TABLE}


@dataclass(frozen=True)
class Body:
    """A body that is right, and what may not be named in it."""

    route: str
    who: str
    fields: dict[str, str | list[str]]
    others: dict[str, tuple[str, ...]]
    verb: str = "POST"
    headers: dict[str, str] = field(default_factory=dict)
    is_kept: bool = False
    is_preview: bool = False  # it writes nothing, right or wrong
    or_null: frozenset[str] = frozenset()  # where null says something

    @property
    def address(self) -> dict[str, str]:
        """The names in the address, as in table.py."""
        return ADDRESSES[self.route]

    @property
    def is_json(self) -> bool:
        return self.route.startswith("api:")

    def __str__(self) -> str:
        return f"{self.route}-{'-'.join(self.others)}"


# Who works at `location` alone may name neither of the first two; the owner works everywhere that is open.
PLACES = {"location": ("other_location", "closed_location", "room")}
OPEN_PLACES = {"location": ("closed_location", "room")}
CLIENTS = {"twin": ("elsewhere_client", "archived_client", "merged_client", "service")}
THERAPISTS = {"therapist": ("stranger", "left_therapist", "front_desk", "client_record")}
ALL_THERAPISTS = {"therapist": ("left_therapist", "front_desk", "client_record")}
SERVICES = {"service": ("closed_service", "room")}
OPEN_ROOMS = {"room": ("closed_room", "location")}
ROOMS = {"room": ("elsewhere_room", "closed_room", "location")}
TIME: dict[str, tuple[str, ...]] = {"a_free_hour": ()}
AT = {"location": "{location}"}
BY = {"therapists": ["{therapist}"]}
SLOT = {"slot": "{a_free_hour}|{therapist}|{room}"}
ONCE = {"every": "1", "unit": "week", "ends": "after", "times": "1"}
SERIES_CHANGE = {
    "scope": "all",
    "begins_at": "12:00",
    "duration_minutes": "30",
    "shown": "None None None {room} False 30 False",
}
PERSON = {"given_name": "Ewa", "family_name": "Lindgren", "email": "ewa@example.org"}
MEMBER = {"name": "Nora New", "email": "nora@example.org", "roles": ["therapist"], "locations": ["{location}"]}
SERVICE = {
    "name": "Taping",
    "duration_minutes": "30",
    "buffer_minutes": "0",
    "price": "40",
    "currency": "EUR",
    "colour": "#0f5c50",
}
HOURS = {"weekdays": ["5"], "starts_at": "08:00", "ends_at": "12:00", "valid_from": "2026-01-05", "every_n_weeks": "1"}
OFF = {"starts_on": "2031-07-01", "ends_on": "2031-07-02"}
BREAK = {**HOURS, "starts_at": "10:00", "ends_at": "10:30", "weekdays": ["{a_worked_weekday}"]}
CHANGE = {"weekday": "0", "starts_at": "08:00", "ends_at": "12:00", "valid_from": "2031-01-05", "every_n_weeks": "1"}
ON_DATE = {"on": "2031-07-01", "kind": "works", "starts_at": "08:00", "ends_at": "12:00"}
LIMIT = {"therapist": "{therapist}", "service": "{service}", "visits": "3"}
FORMSETS = {
    f"{name}-{count}_FORMS": "1" for name in ("tests", "points", "techniques") for count in ("TOTAL", "INITIAL")
}
NOTE = {**FORMSETS, "version": "{version_of_the_draft}", "episode": "{episode}"}
TECHNIQUE = {"techniques-0-technique": "{technique}", "techniques-0-structure": "{structure}"}
CONDITION = {"condition": ("retired_condition", "episode")}
IF_MATCH = {"If-Match": '"{version_of_the_draft}"'}

PEOPLE = [
    Body("people:room-create", "owner", {"name": "Room 9", **AT}, OPEN_PLACES),
    Body("people:room-edit", "owner", {"name": "Room 9", **AT}, OPEN_PLACES),
    Body("intake:tablet-list", "front_desk", {"name": "Tablet 9", **AT}, PLACES),
    Body("people:staff-invite", "owner", MEMBER, OPEN_PLACES),
    Body("people:staff-edit", "owner", MEMBER, OPEN_PLACES),
    Body("people:client-create", "front_desk", {**PERSON, **AT}, PLACES),
    Body(
        "people:client-merge",
        "front_desk",
        {"client": "{twin}"},
        {"twin": ("elsewhere_client", "merged_client", "client_record", "service")},
    ),
]
INTAKE = [
    Body(
        "intake:flag-watch-edit",
        "owner",
        {"responsible": "{therapist}", "escalate_after_minutes": "30"},
        {"therapist": ("stranger", "left_therapist", "client_record")},
    ),
]
SCHEDULING = [
    Body(
        "scheduling:appointment-create",
        "front_desk",
        {
            "client": "{twin}",
            "service": "{service}",
            "therapist": "{therapist}",
            "request_key": "{a_key}",
            **SLOT,
            **AT,
        },
        {**CLIENTS, **SERVICES, **THERAPISTS, **ROOMS, **TIME, **PLACES},
    ),
    Body(
        "scheduling:appointment-create",
        "front_desk",
        {
            "client": "{twin}",
            "service": "{service}",
            "request_key": "{a_key}",
            "overlap": "1",
            "overlap_reason": "A lesson",
            "beside_at": "{a_free_hour}",
            "beside_therapist": "{therapist}",
            "beside_location": "{location}",
        },
        {**THERAPISTS, **TIME, **PLACES},
    ),
    Body(
        "scheduling:series-create",
        "front_desk",
        {
            "client": "{twin}",
            "service": "{service}",
            "request_key": "{a_key}",
            "step": "book",
            "shown": "{a_seen_series}",
            **ONCE,
            **SLOT,
        },
        {**CLIENTS, **SERVICES, **THERAPISTS, **ROOMS, **TIME},
    ),
    Body(
        "scheduling:series-change",
        "front_desk",
        {**SERIES_CHANGE, "therapist": "{therapist}", "room": "{room}", "step": "save"},
        {**THERAPISTS, **ROOMS},
    ),
    Body("scheduling:appointment-new-client", "front_desk", {**PERSON, **AT}, PLACES),
    Body("scheduling:appointment-move", "front_desk", {**SLOT, "version": "1"}, {**THERAPISTS, **ROOMS, **TIME}),
    Body(
        "scheduling:appointment-place",
        "front_desk",
        {"at": "{a_free_hour}", "therapist": "{therapist}", "room": "{room}", "version": "1", **AT},
        {**THERAPISTS, **ROOMS, **TIME, **PLACES},
    ),
    Body("scheduling:service-create", "owner", {**SERVICE, **BY}, ALL_THERAPISTS),
    Body("scheduling:service-edit", "owner", {**SERVICE, **BY}, ALL_THERAPISTS),
    Body("scheduling:hours-of-therapist", "owner", {**HOURS, **AT}, OPEN_PLACES),
    Body("scheduling:hours-edit", "owner", {**CHANGE, **AT}, OPEN_PLACES),
    Body("scheduling:break-create", "owner", {**BREAK, **AT}, OPEN_PLACES),
    Body("scheduling:break-edit", "owner", {**CHANGE, **AT}, OPEN_PLACES),
    Body("scheduling:date-hours-create", "owner", {**ON_DATE, **AT}, OPEN_PLACES),
    Body("scheduling:date-hours-edit", "owner", {**ON_DATE, **AT}, OPEN_PLACES),
    Body("scheduling:time-off-list", "owner", {**OFF, **BY, **AT}, {**ALL_THERAPISTS, **OPEN_PLACES}),
    Body("scheduling:room-closure-list", "owner", {**OFF, "room": "{room}"}, OPEN_ROOMS),
    Body(
        "scheduling:holiday-list",
        "owner",
        {"on": "2031-07-04", "name": "Fair", "locations": ["{location}"]},
        OPEN_PLACES,
    ),
    Body("scheduling:daily-limit-list", "owner", LIMIT, {**ALL_THERAPISTS, **SERVICES}),
    Body("scheduling:daily-limit-edit", "owner", LIMIT, {**ALL_THERAPISTS, **SERVICES}),
]
CALENDARS = [
    Body("scheduling:calendars", "owner", {"room": "{room}", "label": "Door"}, {"room": ("closed_room", "location")}),
    Body("api:calendar-feed-list", "owner", {"room": "{room}", "label": "Door"}, {"room": ("closed_room", "location")}),
]
WAITING = {
    "client": "{twin}",
    "service": "{service}",
    "priority": "0",
    "earliest_on": "{a_free_day}",
    "notice_minutes": "60",
}
WAITLIST = [
    Body("scheduling:waitlist-create", "front_desk", {**WAITING, **BY}, {**CLIENTS, **SERVICES, **THERAPISTS}),
    Body(
        "scheduling:waitlist-create",
        "owner",
        {**WAITING, "locations": ["{location}"]},
        {"location": ("closed_location", "room")},
    ),
    Body("scheduling:waitlist-edit", "front_desk", {**WAITING, **BY}, {**SERVICES, **THERAPISTS}),
    Body(
        "scheduling:waitlist-edit",
        "owner",
        {**WAITING, "locations": ["{location}"], "replaces": "{appointment}"},
        {"location": ("closed_location", "room"), "appointment": ("past_appointment", "client_record")},
    ),
    Body(
        "scheduling:waitlist-offer",
        "front_desk",
        {"slot": "{a_free_hour}|{therapist}|{room}"},
        {**THERAPISTS, **ROOMS, **TIME},
    ),
    Body(
        "api:waitlist-entry-list",
        "front_desk",
        {"client": "{twin}", "service": "{service}", **BY},
        {**CLIENTS, **SERVICES, **THERAPISTS},
        headers={"Idempotency-Key": "{a_key}"},
    ),
    Body(
        "api:waitlist-entry-list",
        "owner",
        {"client": "{client_record}", "service": "{service}", "locations": ["{location}"], "replaces": "{appointment}"},
        {"location": ("closed_location", "room"), "appointment": ("past_appointment", "client_record")},
        headers={"Idempotency-Key": "{a_key}"},
    ),
    Body(
        "api:waitlist-entry-detail",
        "front_desk",
        # Whose entry it is stays, whatever is sent.
        {
            "client": "{client_record}",
            "service": "{service}",
            "locations": ["{location}"],
            "replaces": "{appointment}",
            "note": "Rings",
            **BY,
        },
        {**SERVICES, **THERAPISTS, **PLACES, "appointment": ("past_appointment", "client_record")},
        verb="PATCH",
    ),
    Body(
        "api:waitlist-offer-list",
        "front_desk",
        {"entry": "{entry}", "therapist": "{therapist}", "room": "{room}", "starts_at": "{a_free_hour}"},
        {"entry": ("client_record",), **THERAPISTS, **ROOMS, **TIME},
        headers={"Idempotency-Key": "{a_key}"},
    ),
]
NOTES = [
    Body(route, "therapist", {**NOTE, **more}, others, headers=IF_MATCH, is_kept=True)
    for route in ("treatments:note-save", "treatments:note-draft")
    for more, others in (
        ({}, {"episode": ("closed_episode", "twins_episode", "draft")}),
        (TECHNIQUE, {"technique": ("structure",), "structure": ("technique",)}),
    )
]
TREATMENTS = [
    Body(
        "treatments:note-save",
        "therapist",
        {**NOTE, "episode-condition": "{condition}", "episode-side": "left"},
        CONDITION,
        is_kept=True,
    ),
    Body(
        "treatments:note-save",
        "therapist",
        {**NOTE, "dose-exercise": "{exercise}"},
        {"exercise": ("retired_exercise", "episode")},
        is_kept=True,
    ),
    Body(
        "treatments:note-save",
        "therapist",
        {**NOTE, "action": "stop:{prescription}"},
        {"prescription": ("twins_prescription", "episode")},
        is_kept=True,
    ),
    Body(
        "treatments:hypothesis-state", "therapist", {"condition": "{condition}", "confidence_percent": "60"}, CONDITION
    ),
]
API = [
    Body("api:client-list", "front_desk", {**PERSON, **AT}, PLACES),
    Body("api:client-detail", "front_desk", {**PERSON, **AT}, PLACES, verb="PATCH"),
    Body(
        "api:appointment-list",
        "front_desk",
        {
            "client": "{twin}",
            "service": "{service}",
            "therapist": "{therapist}",
            "room": "{room}",
            "starts_at": "{a_free_hour}",
        },
        {**CLIENTS, **SERVICES, **THERAPISTS, **ROOMS, **TIME},
        headers={"Idempotency-Key": "{a_key}"},
    ),
    Body(
        "api:appointment-list",
        "front_desk",
        {"client": "{twin}", "service": "{service}", "therapist": "{therapist}", "starts_at": "{a_free_hour}", **AT},
        PLACES,
        headers={"Idempotency-Key": "{a_key}"},
    ),
    Body(
        "api:appointment-move",
        "front_desk",
        {"therapist": "{therapist}", "room": "{room}", "starts_at": "{a_free_hour}"},
        {**THERAPISTS, **ROOMS, **TIME},
        headers={"If-Match": '"1"'},
    ),
    Body(
        "api:appointment-move",
        "front_desk",
        {"starts_at": "{a_free_hour}", **AT},
        PLACES,
        headers={"If-Match": '"1"'},
    ),
    Body(
        "api:series-list",
        "front_desk",
        {
            "client": "{twin}",
            "service": "{service}",
            "therapist": "{therapist}",
            "room": "{room}",
            "rule": "FREQ=WEEKLY;COUNT=1",
            "first_on": "{a_free_day}",
            "begins_at": "10:00",
            **AT,
        },
        {**CLIENTS, **SERVICES, **THERAPISTS, **ROOMS, **PLACES},
        headers={"Idempotency-Key": "{a_key}"},
    ),
    Body(
        "api:series-preview",
        "front_desk",
        {
            "client": "{twin}",
            "service": "{service}",
            "therapist": "{therapist}",
            "room": "{room}",
            "rule": "FREQ=WEEKLY;COUNT=1",
            "first_on": "{a_free_day}",
            "begins_at": "10:00",
            **AT,
        },
        {**CLIENTS, **SERVICES, **THERAPISTS, **ROOMS, **PLACES},
        is_preview=True,
    ),
    Body(
        "api:series-change",
        "front_desk",
        {"visit": "{series_visit}", "scope": "all", "begins_at": "11:00", "therapist": "{therapist}", "room": "{room}"},
        {"series_visit": ("appointment", "series"), **THERAPISTS, **ROOMS},
        headers={"If-Match": '"1"'},
        or_null=frozenset({"room"}),
    ),
    Body(
        "api:series-preview-change",
        "front_desk",
        {"visit": "{series_visit}", "scope": "all", "begins_at": "11:00", "therapist": "{therapist}", "room": "{room}"},
        {"series_visit": ("appointment", "series"), **THERAPISTS, **ROOMS},
        is_preview=True,
        or_null=frozenset({"room"}),
    ),
    Body(
        "api:series-cancel",
        "front_desk",
        {"visit": "{series_visit}", "scope": "all"},
        {"series_visit": ("appointment", "series")},
        headers={"If-Match": '"1"'},
    ),
]
LATER = {"starts_at": "08:30", "ends_at": "09:00"}
WHO_WHERE = {"therapist": "{therapist}", "location": "{location}"}
MORNING = {"weekday": "0", "starts_at": "08:00", "ends_at": "09:00", "valid_from": "2031-01-05"}
PAUSE = {**MORNING, "weekday": "{a_worked_weekday}"}
SPAN = {"starts_at": "2031-07-01T06:00:00Z", "ends_at": "2031-07-01T09:00:00Z"}
GROUND = [
    Body("api:service-list", "owner", {"name": "Taping", "duration_minutes": "30", **BY}, ALL_THERAPISTS),
    Body("api:service-detail", "owner", BY, ALL_THERAPISTS, verb="PATCH"),
    Body("api:working-hours-list", "owner", {**WHO_WHERE, **MORNING}, {**ALL_THERAPISTS, **OPEN_PLACES}),
    Body("api:break-list", "owner", {**WHO_WHERE, **PAUSE}, {**ALL_THERAPISTS, **OPEN_PLACES}),
    Body("api:date-hours-list", "owner", {**WHO_WHERE, "on": "2031-07-01"}, {**ALL_THERAPISTS, **OPEN_PLACES}),
    Body("api:time-off-list", "owner", {"therapist": "{therapist}", **SPAN}, ALL_THERAPISTS),
    Body("api:room-closure-list", "owner", {"room": "{room}", **SPAN}, OPEN_ROOMS),
    Body("api:holiday-list", "owner", {**AT, "on": "2031-07-04", "name": "Fair"}, OPEN_PLACES),
    Body("api:daily-limit-list", "owner", LIMIT, {**ALL_THERAPISTS, **SERVICES}),
    *(
        Body(f"api:{route}-detail", "owner", {**WHO_WHERE, **LATER}, {**ALL_THERAPISTS, **OPEN_PLACES}, verb="PATCH")
        for route in ("working-hours", "break", "date-hours")
    ),
    Body("api:time-off-detail", "owner", {"therapist": "{therapist}", **SPAN}, ALL_THERAPISTS, verb="PATCH"),
    Body("api:room-closure-detail", "owner", {"room": "{room}", **SPAN}, OPEN_ROOMS, verb="PATCH"),
    Body("api:holiday-detail", "owner", {**AT, "name": "Fete"}, OPEN_PLACES, verb="PATCH"),
    Body("api:daily-limit-detail", "owner", {**LIMIT, "visits": "5"}, {**ALL_THERAPISTS, **SERVICES}, verb="PATCH"),
]
BODIES = [*CALENDARS, *PEOPLE, *INTAKE, *SCHEDULING, *WAITLIST, *NOTES, *TREATMENTS, *API, *GROUND]
