"""Every form and every API call that names another object in its body. A new one fails the suite until it has a row.

    Body("app:name", WHO, {field: "text with {fixture}"}, {fixture: ("fixtures", "that", "may", "not", "be", "named")})

`{fixture}` stands for the id of that fixture's object (or its text); the body as it stands is taken. Fixtures are in
objects.py and others.py, the rows in bodies.py and api_bodies.py. `is_kept` says that of a refused body what else was
typed is kept, as in a note.
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
SUPERVISED = {"supervisor": "{other_therapist}"}
SUPERVISORS = {"other_therapist": ("left_therapist", "front_desk", "client_record")}
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
