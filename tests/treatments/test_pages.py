"""The pages of treatment, through a browser without a script."""

import datetime as dt
import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clinic.audit.models import Event
from clinic.core import clock
from clinic.people.models import Alert, Client, Location, Room, User
from intake.models import Condition, Exercise, PainDrawing, PainMark, Structure, Technique
from scheduling.models import Appointment
from tests.treatments.conftest import book
from treatments.models import Episode, SessionNote
from treatments.services import open_note, prescribe

MANAGEMENT = {
    f"{prefix}-{name}": value
    for prefix in ("tests", "points", "techniques")
    for name, value in (("TOTAL_FORMS", "1"), ("INITIAL_FORMS", "0"), ("MIN_NUM_FORMS", "0"), ("MAX_NUM_FORMS", "60"))
}


def typed(note: SessionNote, **fields: Any) -> dict[str, Any]:
    """The editor's form as a browser sends it."""
    texts = {name: getattr(note, name) for name in ("subjective", "objective", "assessment", "plan")}
    pains = {name: getattr(note, name) for name in ("pain_now", "pain_average", "pain_worst")}
    sent = {name: "" if value is None else value for name, value in pains.items()}
    return {"version": note.version, "episode": note.episode_id or "", **texts, **sent, **MANAGEMENT, **fields}


def url(name: str, pk: Any = None) -> str:
    return reverse(f"treatments:{name}", args=[pk] if pk else [])


@pytest.fixture
def signed_in(client: Browser, therapist: User) -> Browser:
    client.force_login(therapist, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def as_user(user: User) -> Browser:
    browser = Browser()
    browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


@pytest.fixture
def drawing(client_record: Client) -> PainDrawing:
    drawn = PainDrawing.objects.create(client=client_record, drawn_at=clock.now() - dt.timedelta(hours=3))
    PainMark.objects.create(drawing=drawn, region="lateral-hip", side="right", qualities=["burning"], intensity=4)
    return drawn


def test_the_page_before_a_session_shows_alerts_map_plan_and_cited_prompts(
    signed_in: Browser, signed: SessionNote, drawing: PainDrawing, room: Room, therapist: User
) -> None:
    Alert.objects.create(client=signed.client, kind="contraindication", effect="modify", label="Takes a blood thinner")
    page = signed_in.get(url("before", signed.appointment_id))
    text = page.content.decode()
    assert page.status_code == 200
    for expected in ("Takes a blood thinner", "Prompts, not a diagnosis.", "Gluteus medius", "4 sources"):
        assert expected in text


def test_reading_the_page_before_a_session_is_an_audit_event(
    signed_in: Browser, appointment: Appointment, therapist: User
) -> None:
    signed_in.get(url("before", appointment.pk))
    event = Event.objects.get(action="appointment.read")
    assert (event.actor_id, event.client_id) == (therapist.pk, appointment.client_id)


def test_prompts_say_nothing_of_likelihood(signed_in: Browser, appointment: Appointment, drawing: PainDrawing) -> None:
    text = signed_in.get(url("before", appointment.pk)).content.decode().lower()
    assert "no likelihood" in text
    assert "probab" not in text
    assert "most likely" not in text


def test_a_note_is_begun_and_its_editor_opens(signed_in: Browser, appointment: Appointment) -> None:
    answer = signed_in.post(url("note-open", appointment.pk))
    note = SessionNote.objects.get(appointment=appointment)
    assert answer["Location"] == url("note-edit", note.pk)
    assert "note-form" in signed_in.get(answer["Location"]).content.decode()


def test_a_note_is_not_begun_by_opening_an_address(signed_in: Browser, appointment: Appointment) -> None:
    assert signed_in.get(url("note-open", appointment.pk)).status_code == 405
    assert not SessionNote.objects.exists()


def test_everything_typed_is_saved_by_one_button(
    signed_in: Browser, draft: SessionNote, technique: Technique, structure: Structure
) -> None:
    rows = {
        "rom-hip-flexion-right": "112",
        "rom-hip-flexion-right-pain": "on",
        "tests-0-code": "slump",
        "tests-0-side": "right",
        "tests-0-result": "no",
        "points-0-code": "gluteus-medius",
        "points-0-side": "right",
        "points-0-tenderness": "2",
        "points-0-reproduces": "on",
        "techniques-0-technique": str(technique.pk),
        "techniques-0-structure": str(structure.pk),
        "techniques-0-side": "right",
        "techniques-0-minutes": "6",
        "techniques-0-pressure": "2",
        "techniques-0-response": "eased",
    }
    answer = signed_in.post(url("note-save", draft.pk), typed(draft, plan="Walk", action="save", **rows))
    assert answer.status_code == 302
    note = SessionNote.objects.get(pk=draft.pk)
    assert note.plan == "Walk"
    assert [(f.kind, f.code, f.angle_degrees, f.is_positive) for f in note.findings.all()] == [
        ("range_of_motion", "hip-flexion", 112, None),
        ("special_test", "slump", None, False),
        ("trigger_point", "gluteus-medius", None, None),
    ]
    row = note.techniques.get()
    assert (row.technique, row.duration_minutes, row.pressure_grade, row.response) == (technique, 6, 2, "eased")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("rom-hip-flexion-right", "720"),
        ("techniques-0-minutes", "-5"),
        ("techniques-0-minutes", "900"),
        ("techniques-0-structure", "not-a-structure"),
        ("points-0-tenderness", "9"),
        ("pain_average", "11"),
        ("pain_average", "four"),
    ],
)
def test_a_wrong_value_is_named_and_everything_else_is_saved(
    signed_in: Browser, draft: SessionNote, technique: Technique, name: str, value: str
) -> None:
    rows = {"techniques-0-technique": str(technique.pk), "points-0-code": "piriformis", name: value}
    answer = signed_in.post(url("note-save", draft.pk), typed(draft, plan="Kept", action="save") | rows)
    assert answer.status_code == 422
    assert f"#id_{name}" in answer.content.decode()
    note = SessionNote.objects.get(pk=draft.pk)
    assert note.plan == "Kept"
    assert note.pain_average == 4


def test_odd_strings_come_back_as_they_were(signed_in: Browser, draft: SessionNote) -> None:
    odd = "<script>alert(1)</script> {{7*7}} ' OR 1=1 -- ‮ 🦵 Ω"
    signed_in.post(url("note-save", draft.pk), typed(draft, subjective=odd, action="save"))
    assert SessionNote.objects.get(pk=draft.pk).subjective == odd
    assert "<script>alert(1)" not in signed_in.get(url("note-edit", draft.pk)).content.decode()


def test_a_stale_form_shows_both_texts_and_can_be_saved_again(signed_in: Browser, draft: SessionNote) -> None:
    signed_in.post(url("note-save", draft.pk), typed(draft, plan="From the tablet", action="save"))
    answer = signed_in.post(url("note-save", draft.pk), typed(draft, plan="From the desk", action="save"))
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "From the tablet" in text
    assert "From the desk" in text
    now = SessionNote.objects.get(pk=draft.pk)
    assert now.plan == "From the tablet"
    assert f'name="version" value="{now.version}"' in text
    signed_in.post(url("note-save", draft.pk), typed(now, plan="From the desk", action="save"))
    assert SessionNote.objects.get(pk=draft.pk).plan == "From the desk"


def test_signing_saves_what_was_typed_and_locks_the_page(signed_in: Browser, draft: SessionNote) -> None:
    answer = signed_in.post(url("note-sign", draft.pk), typed(draft, plan="The last word", action="sign"))
    assert answer.status_code == 302
    note = SessionNote.objects.get(pk=draft.pk)
    assert (note.is_signed, note.plan) == (True, "The last word")
    page = signed_in.get(url("note-edit", draft.pk)).content.decode()
    assert note.seal in page
    assert "note-form" not in page


def test_signing_what_is_incomplete_says_what_is_missing_and_keeps_the_text(
    signed_in: Browser, draft: SessionNote
) -> None:
    answer = signed_in.post(url("note-sign", draft.pk), typed(draft, plan="Kept", pain_average="", action="sign"))
    assert answer.status_code == 422
    assert "average pain" in answer.content.decode()
    note = SessionNote.objects.get(pk=draft.pk)
    assert (note.is_signed, note.plan) == (False, "Kept")


def test_a_new_episode_is_opened_on_the_way_to_signing(
    signed_in: Browser, appointment: Appointment, therapist: User, condition: Condition
) -> None:
    note = open_note(appointment=appointment, by=therapist)
    fields = {"episode-condition": str(condition.pk), "episode-side": "left", "pain_average": "5", "plan": "Walk"}
    assert signed_in.post(url("note-sign", note.pk), typed(note) | fields).status_code == 302
    signed = SessionNote.objects.get(pk=note.pk)
    assert signed.is_signed
    assert signed.episode
    assert (signed.episode.condition, signed.episode.side) == (condition, "left")


def test_an_exercise_is_prescribed_with_the_dose_of_the_library(
    signed_in: Browser, draft: SessionNote, exercise: Exercise
) -> None:
    fields = {"dose-exercise": str(exercise.pk), "dose-sets": "2", "action": "prescribe"}
    signed_in.post(url("note-save", draft.pk), typed(draft) | fields)
    assert draft.episode
    given = draft.episode.prescriptions.get()
    assert (given.sets, given.reps, given.hold_seconds, given.times_per_week, given.note) == (2, 10, 2, 3, draft)
    signed_in.post(url("note-save", draft.pk), typed(draft, action=f"stop:{given.pk}"))
    given.refresh_from_db()
    assert given.stopped_at


@pytest.mark.parametrize("action", ["stop:nonsense", "stop:5b0f3c1e-9d0a-4c57-8f7e-2f6f1f0f7a11"])
def test_stopping_an_exercise_that_is_not_there_is_a_404(signed_in: Browser, draft: SessionNote, action: str) -> None:
    assert signed_in.post(url("note-save", draft.pk), typed(draft, action=action)).status_code == 404


def test_an_exercise_of_somebody_else_cannot_be_stopped_from_a_note(
    signed_in: Browser,
    draft: SessionNote,
    exercise: Exercise,
    therapist: User,
    location: Location,
    condition: Condition,
) -> None:
    from_elsewhere = Client.objects.create(number=77, given_name="Nora")
    from_elsewhere.locations.add(location)
    foreign = Episode.objects.create(
        client=from_elsewhere, condition=condition, location=location, therapist=therapist, opened_at=clock.now()
    )
    given = prescribe(episode=foreign, exercise=exercise, by=therapist)
    assert signed_in.post(url("note-save", draft.pk), typed(draft, action=f"stop:{given.pk}")).status_code == 404
    assert signed_in.post(url("note-save", draft.pk), typed(draft, episode=str(foreign.pk))).status_code == 422
    given.refresh_from_db()
    assert given.stopped_at is None


def test_autosave_counts_the_version_up_and_says_when(signed_in: Browser, draft: SessionNote) -> None:
    answer = signed_in.post(
        url("note-draft", draft.pk), typed(draft, plan="Walk", version=""), headers={"If-Match": f'"{draft.version}"'}
    )
    assert answer.status_code == 200
    assert answer.json()["version"] == draft.version + 1
    assert answer["ETag"] == f'"{draft.version + 1}"'
    assert answer.json()["errors"] == {}


def test_autosave_without_a_version_is_refused(signed_in: Browser, draft: SessionNote) -> None:
    for headers in ({}, {"If-Match": "*"}, {"If-Match": "one"}):
        assert signed_in.post(url("note-draft", draft.pk), typed(draft), headers=headers).status_code == 428


def test_autosave_over_a_stale_version_returns_both_texts(signed_in: Browser, draft: SessionNote) -> None:
    old = {"If-Match": f'"{draft.version}"'}
    signed_in.post(url("note-draft", draft.pk), typed(draft, plan="From the tablet"), headers=old)
    answer = signed_in.post(url("note-draft", draft.pk), typed(draft, plan="From the desk"), headers=old)
    assert answer.status_code == 412
    details = answer.json()["details"]
    assert (details["yours"], details["theirs"]) == ({"plan": "From the desk"}, {"plan": "From the tablet"})


def test_autosave_of_a_wrong_number_saves_the_rest_and_names_it(signed_in: Browser, draft: SessionNote) -> None:
    answer = signed_in.post(
        url("note-draft", draft.pk),
        typed(draft, plan="Kept") | {"rom-hip-flexion-right": "720"},
        headers={"If-Match": str(draft.version)},
    )
    assert list(answer.json()["errors"]) == ["rom-hip-flexion-right"]
    assert SessionNote.objects.get(pk=draft.pk).plan == "Kept"


def test_autosave_after_the_session_is_over_says_401(client: Browser, draft: SessionNote) -> None:
    headers = {"If-Match": str(draft.version), "HX-Request": "true", "Accept": "application/json"}
    assert client.post(url("note-draft", draft.pk), typed(draft), headers=headers).status_code == 401


def test_autosave_of_a_signed_note_is_refused(signed_in: Browser, signed: SessionNote) -> None:
    headers = {"If-Match": str(signed.version)}
    answer = signed_in.post(url("note-draft", signed.pk), typed(signed, plan="Other"), headers=headers)
    assert (answer.status_code, json.loads(answer.content)["code"]) == (409, "note-signed")


def test_an_addendum_stands_under_the_signed_note(signed_in: Browser, signed: SessionNote) -> None:
    signed_in.post(url("note-addendum", signed.pk), {"text": "He rang."})
    assert "He rang." in signed_in.get(url("note-edit", signed.pk)).content.decode()
    assert signed_in.post(url("note-addendum", signed.pk), {"text": ""}).status_code == 422


def test_a_colleague_reads_a_draft_and_cannot_write_it(draft: SessionNote, other_therapist: User) -> None:
    browser = as_user(other_therapist)
    page = browser.get(url("note-edit", draft.pk))
    assert page.status_code == 200
    assert "note-form" not in page.content.decode()
    assert browser.post(url("note-save", draft.pk), typed(draft, plan="Mine")).status_code == 403
    assert browser.post(url("note-sign", draft.pk), typed(draft)).status_code == 403


def test_the_front_desk_sees_no_note(draft: SessionNote, front_desk: User, exercise: Exercise) -> None:
    browser = as_user(front_desk)
    pages = [
        url("before", draft.appointment_id),
        url("note-list"),
        url("note-edit", draft.pk),
        url("episode-detail", draft.episode_id),
        url("client-episodes", draft.client_id),
    ]
    assert [browser.get(page).status_code for page in pages] == [403] * len(pages)
    actions = [("note-open", draft.appointment_id), ("note-save", draft.pk), ("note-sign", draft.pk)]
    assert [browser.post(url(name, pk), {}).status_code for name, pk in actions] == [403] * len(actions)


def test_what_is_elsewhere_does_not_exist(signed: SessionNote, stranger: User) -> None:
    browser = as_user(stranger)
    reads = [
        url("before", signed.appointment_id),
        url("note-edit", signed.pk),
        url("episode-detail", signed.episode_id),
        url("client-episodes", signed.client_id),
    ]
    assert [browser.get(page).status_code for page in reads] == [404] * len(reads)
    writes = ["note-save", "note-sign", "note-draft", "note-addendum"]
    headers = {"If-Match": "1"}
    assert [browser.post(url(n, signed.pk), {}, headers=headers).status_code for n in writes] == [404] * len(writes)
    assert signed.client.full_name not in browser.get(url("note-list")).content.decode()


def test_the_list_begins_with_what_is_not_signed(
    signed_in: Browser, signed: SessionNote, client_record: Client, therapist: User, room: Room
) -> None:
    later = book(client=client_record, therapist=therapist, room=room, starts_at=clock.now())
    draft = open_note(appointment=later, by=therapist)
    page = signed_in.get(url("note-list"))
    assert [note.pk for note in page.context["page"]] == [draft.pk, signed.pk]
    only = signed_in.get(url("note-list"), {"status": "signed"})
    assert [note.pk for note in only.context["page"]] == [signed.pk]


@pytest.mark.parametrize("query", ["?client=x&therapist=y&status=z&page=-1", "?page=9999", "?client=", "?therapist="])
def test_filters_that_make_no_sense_are_harmless(signed_in: Browser, signed: SessionNote, query: str) -> None:
    assert signed_in.get(f"{url('note-list')}{query}").status_code == 200


def test_an_empty_list_says_what_to_do(signed_in: Browser) -> None:
    assert "A note begins from a session" in signed_in.get(url("note-list")).content.decode()


def test_the_day_page_gets_the_state_of_each_note_and_nothing_else(
    signed: SessionNote, front_desk: User, location: Location
) -> None:
    day = signed.appointment.during.lower.astimezone(location.zone).date()
    answer = as_user(front_desk).get(url("note-marks"), {"date": day.isoformat(), "location": str(location.pk)})
    text = answer.content.decode()
    assert f'id="note-mark-{signed.appointment_id}"' in text
    assert 'data-state="signed"' in text
    assert signed.plan not in text
    assert signed.client.given_name not in text


def test_the_week_gets_the_marks_of_seven_days_at_most(
    signed: SessionNote, front_desk: User, location: Location
) -> None:
    day = signed.appointment.during.lower.astimezone(location.zone).date()

    def marks(days_before: int) -> int:
        start = (day - dt.timedelta(days=days_before)).isoformat()
        query = {"date": start, "until": day.isoformat(), "location": str(location.pk)}
        return as_user(front_desk).get(url("note-marks"), query).content.decode().count("note-mark-")

    assert [marks(0), marks(6), marks(7)] == [1, 1, 0]


def test_marks_are_given_only_where_the_calendar_has_a_card(
    signed: SessionNote, front_desk: User, other_therapist: User, location: Location
) -> None:
    day = signed.appointment.during.lower.astimezone(location.zone).date()

    def marks(**query: str) -> int:
        where = {"date": day.isoformat(), "location": str(location.pk), **query}
        return as_user(front_desk).get(url("note-marks"), where).content.decode().count("note-mark-")

    week = {"columns": "week", "therapist": str(signed.therapist_id)}
    assert [marks(**week), marks(**week | {"therapist": str(other_therapist.pk)}), marks(columns="week")] == [1, 0, 0]
    assert marks(columns="rooms") == 1
    Room.objects.update(is_active=False)
    assert marks(columns="rooms") == 0


@pytest.mark.parametrize("query", [{}, {"date": "2026-02-31"}, {"date": "x", "location": "y"}])
def test_marks_of_no_day_are_none(signed: SessionNote, front_desk: User, query: dict[str, str]) -> None:
    answer = as_user(front_desk).get(url("note-marks"), query)
    assert (answer.status_code, answer.content.strip()) == (200, b"")


def test_an_episode_is_closed_and_opened_again_from_its_page(signed_in: Browser, signed: SessionNote) -> None:
    assert signed_in.post(url("episode-close", signed.episode_id), {}).status_code == 422
    signed_in.post(url("episode-close", signed.episode_id), {"reason": "discharged"})
    assert not Episode.objects.get(pk=signed.episode_id).is_open
    signed_in.post(url("episode-reopen", signed.episode_id))
    assert Episode.objects.get(pk=signed.episode_id).is_open


def test_a_hypothesis_is_stated_on_the_episodes_page(
    signed_in: Browser, episode: Episode, condition: Condition
) -> None:
    wrong = {"condition": str(condition.pk), "confidence_percent": "101"}
    assert signed_in.post(url("hypothesis-state", episode.pk), wrong).status_code == 422
    signed_in.post(url("hypothesis-state", episode.pk), {**wrong, "confidence_percent": "70", "reason": "Stance"})
    assert "70%" in signed_in.get(url("episode-detail", episode.pk)).content.decode()


def test_all_episodes_of_a_client_stand_on_a_page(signed_in: Browser, signed: SessionNote) -> None:
    assert str(signed.episode) in signed_in.get(url("client-episodes", signed.client_id)).content.decode()


def _count(browser: Browser, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(path).status_code == 200
    return len(queries)


def _history(note: SessionNote, room: Room, *, days: range) -> None:
    """Earlier visits of the same client, each with a drawing and a note."""
    for ago in days:
        day = clock.now() - dt.timedelta(days=ago)
        past = book(client=note.client, therapist=note.therapist, room=room, starts_at=day)
        drawn = PainDrawing.objects.create(client=note.client, drawn_at=day)
        PainMark.objects.create(drawing=drawn, region="groin", side="left", intensity=3)
        SessionNote.objects.create(
            appointment=past, client=note.client, therapist=note.therapist, episode=note.episode, plan="Walk"
        )


@pytest.mark.parametrize("page", ["before", "note-edit", "note-list", "episode-detail", "client-episodes"])
def test_a_page_takes_as_many_queries_for_a_long_history_as_for_a_short_one(
    signed_in: Browser, draft: SessionNote, room: Room, page: str
) -> None:
    targets = {
        "before": draft.appointment_id,
        "note-edit": draft.pk,
        "note-list": None,
        "episode-detail": draft.episode_id,
        "client-episodes": draft.client_id,
    }
    _history(draft, room, days=range(2, 5))
    path = url(page, targets[page])
    _count(signed_in, path)
    few = _count(signed_in, path)
    _history(draft, room, days=range(5, 30))
    assert _count(signed_in, path) == few
