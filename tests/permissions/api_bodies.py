"""The bodies of the API's calls, as body.py explains them."""

from tests.permissions.body import (
    ALL_THERAPISTS,
    AT,
    BY,
    CLIENTS,
    CONDITION,
    IF_MATCH,
    LIMIT,
    OPEN_PLACES,
    OPEN_ROOMS,
    PERSON,
    PLACES,
    ROOMS,
    SERVICES,
    THERAPISTS,
    TIME,
    Body,
)

SERIES = {
    "client": "{twin}",
    "service": "{service}",
    "therapist": "{therapist}",
    "room": "{room}",
    "rule": "FREQ=WEEKLY;COUNT=1",
    "first_on": "{a_free_day}",
    "begins_at": "10:00",
    **AT,
}
SERIES_NAMES = {**CLIENTS, **SERVICES, **THERAPISTS, **ROOMS, **PLACES}

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
        SERIES,
        SERIES_NAMES,
        headers={"Idempotency-Key": "{a_key}"},
    ),
    Body(
        "api:series-preview",
        "front_desk",
        SERIES,
        SERIES_NAMES,
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
EPISODE = {"episode": ("closed_episode", "client_record")}
KEY = {"Idempotency-Key": "{a_key}"}
TREATMENT_API = [
    Body(
        "api:episode-list",
        "therapist",
        {"client": "{twin}", "condition": "{condition}", "side": "left", **AT},
        {**CLIENTS, **CONDITION, **PLACES},
        headers=KEY,
    ),
    Body(
        "api:hypothesis-list",
        "therapist",
        {"episode": "{episode}", "condition": "{condition}", "confidence_percent": "60"},
        {**EPISODE, **CONDITION},
        headers=KEY,
    ),
    Body(
        "api:note-list",
        "therapist",
        {"appointment": "{past_appointment}"},
        {"past_appointment": ("client_record", "service")},
        headers=KEY,
    ),
    Body(
        "api:note-detail",
        "therapist",
        {"episode": "{episode}", "plan": "Walk"},
        {"episode": ("closed_episode", "twins_episode", "draft")},
        verb="PATCH",
        headers=IF_MATCH,
        or_null=frozenset({"episode"}),
    ),
    Body(
        "api:note-file-list",
        "therapist",
        {"note": "{draft}", "document": "{document}"},
        {"draft": ("episode",), "document": ("twins_document", "draft")},
    ),
    Body(
        "api:prescription-list",
        "therapist",
        {"episode": "{episode}", "exercise": "{exercise}", "note": "{draft}"},
        {
            "episode": ("closed_episode", "twins_episode", "draft"),
            "exercise": ("retired_exercise", "episode"),
            "draft": ("episode",),
        },
        headers=KEY,
    ),
    Body(
        "api:episode-detail",
        "therapist",
        {"condition": "{condition}", "mechanism": "Fell"},
        CONDITION,
        verb="PATCH",
    ),
    Body("api:goal-list", "therapist", {"episode": "{episode}", "activity": "Stairs"}, EPISODE, headers=KEY),
    Body(
        "api:referral-list",
        "therapist",
        {"episode": "{episode}", "note": "{draft}", "to_name": "Dr Ash", "body": "Please see."},
        {"episode": ("twins_episode", "client_record"), "draft": ("episode",)},
        headers=KEY,
    ),
    Body(
        "api:note-use-template",
        "therapist",
        {"template": "{note_template}"},
        {"note_template": ("foreign_template", "draft")},
        headers=IF_MATCH,
    ),
]
