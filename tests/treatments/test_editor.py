"""A note written, signed and added to through a browser without a script."""

import pytest
from django.test import Client as Browser

from clinic.core import clock
from clinic.people.models import Client, Location, User
from intake.models import Condition, Exercise, Structure, Technique
from scheduling.models import Appointment
from tests.treatments.browsing import sign, typed, url
from treatments.models import Episode, SessionNote
from treatments.services import open_note, prescribe


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
    answer = sign(signed_in, draft, plan="The last word")
    assert answer.status_code == 302
    note = SessionNote.objects.get(pk=draft.pk)
    assert (note.is_signed, note.plan) == (True, "The last word")
    page = signed_in.get(url("note-edit", draft.pk)).content.decode()
    assert note.seal in page
    assert "note-form" not in page


def test_signing_what_is_incomplete_says_what_is_missing_and_keeps_the_text(
    signed_in: Browser, draft: SessionNote
) -> None:
    answer = sign(signed_in, draft, plan="Kept", pain_average="")
    assert answer.status_code == 422
    assert "average pain" in answer.content.decode()
    note = SessionNote.objects.get(pk=draft.pk)
    assert (note.is_signed, note.plan) == (False, "Kept")


def test_a_new_episode_is_opened_on_the_way_to_signing(
    signed_in: Browser, appointment: Appointment, therapist: User, condition: Condition
) -> None:
    note = open_note(appointment=appointment, by=therapist)
    fields = {"episode-condition": str(condition.pk), "episode-side": "left", "pain_average": "5", "plan": "Walk"}
    assert sign(signed_in, note, **fields).status_code == 302
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


def test_an_addendum_stands_under_the_signed_note(signed_in: Browser, signed: SessionNote) -> None:
    signed_in.post(url("note-addendum", signed.pk), {"text": "He rang."})
    assert "He rang." in signed_in.get(url("note-edit", signed.pk)).content.decode()
    assert signed_in.post(url("note-addendum", signed.pk), {"text": ""}).status_code == 422
