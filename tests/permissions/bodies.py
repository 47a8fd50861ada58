"""The bodies of the pages' forms, as body.py explains them, and with the API's all there are."""

from tests.permissions.api_bodies import API, GROUND, TREATMENT_API
from tests.permissions.body import (
    ALL_THERAPISTS,
    AT,
    BREAK,
    BY,
    CHANGE,
    CLIENTS,
    CONDITION,
    HOURS,
    IF_MATCH,
    LIMIT,
    MEMBER,
    NOTE,
    OFF,
    ON_DATE,
    ONCE,
    OPEN_PLACES,
    OPEN_ROOMS,
    PERSON,
    PLACES,
    ROOMS,
    SERIES_CHANGE,
    SERVICE,
    SERVICES,
    SLOT,
    SUPERVISED,
    SUPERVISORS,
    TECHNIQUE,
    THERAPISTS,
    TIME,
    Body,
)

PEOPLE = [
    Body("people:room-create", "owner", {"name": "Room 9", **AT}, OPEN_PLACES),
    Body("people:room-edit", "owner", {"name": "Room 9", **AT}, OPEN_PLACES),
    Body("intake:tablet-list", "front_desk", {"name": "Tablet 9", **AT}, PLACES),
    Body("people:staff-invite", "owner", MEMBER | SUPERVISED, OPEN_PLACES | SUPERVISORS),
    Body("people:staff-edit", "owner", MEMBER | SUPERVISED, OPEN_PLACES | SUPERVISORS),
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
        {**NOTE, "thought-condition": "{condition}", "thought-confidence_percent": "60"},
        CONDITION,
        is_kept=True,
    ),
    Body(
        "treatments:note-save",
        "therapist",
        {**NOTE, "other_episode": "{second_episode}"},
        {"second_episode": ("closed_episode", "twins_episode", "draft")},
        is_kept=True,
    ),
    Body(
        "treatments:episode-create",
        "therapist",
        {"episode-condition": "{condition}", "episode-side": "left"},
        CONDITION,
    ),
    Body("treatments:episode-edit", "therapist", {"condition": "{condition}", "side": "left"}, CONDITION),
    Body(
        "treatments:referral-create",
        "therapist",
        {"to_name": "Dr Mehta", "urgency": "routine", "body": "Please see.", "action": "keep", "note": "{draft}"},
        {"draft": ("episode", "twins_episode")},
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
        "treatments:client-exercises",
        "therapist",
        {"dose-episode": "{episode}", "dose-exercise": "{exercise}"},
        {"episode": ("closed_episode", "twins_episode", "draft"), "exercise": ("retired_exercise", "episode")},
    ),
    Body(
        "treatments:exercises-today",
        "anonymous",
        {"exercise": "{prescription}", "on": "{todays_date}"},
        {"prescription": ("twins_prescription", "episode")},
    ),
    Body(
        "treatments:note-files",
        "therapist",
        {"document": "{document}"},
        {"document": ("twins_document", "draft")},
    ),
    Body(
        "treatments:note-save",
        "therapist",
        {**NOTE, "action": "technique:{technique}"},
        {"technique": ("technique_at_home", "structure")},
        is_kept=True,
    ),
    Body(
        "treatments:note-save",
        "therapist",
        {**NOTE, "action": "template:{note_template}"},
        {"note_template": ("foreign_template", "snippet")},
        is_kept=True,
    ),
    Body(
        "treatments:hypothesis-state", "therapist", {"condition": "{condition}", "confidence_percent": "60"}, CONDITION
    ),
]

BODIES = [*CALENDARS, *PEOPLE, *INTAKE, *SCHEDULING, *WAITLIST, *NOTES, *TREATMENTS, *API, *GROUND, *TREATMENT_API]
