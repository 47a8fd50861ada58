"""What a seal stands for, and how each hangs on the one before it."""

import datetime as dt
import hashlib
import json
from typing import Any

import pytest

from clinic.core import clock
from clinic.people.models import Client, Room, User
from intake.models import PainMark, Structure, Technique
from tests.treatments.conftest import WRITTEN, book
from treatments import seal_forms
from treatments.models import (
    Finding,
    GoalRating,
    Hypothesis,
    NoteFile,
    Prescription,
    SessionNote,
    TechniqueApplied,
)
from treatments.rows import FindingRow, TechniqueRow
from treatments.seal import is_intact, proof_of, seal_of
from treatments.services import add_addendum, open_note, save_draft, sign_note

# Not what was signed: when a row was last saved, that an exercise was stopped later or stands
# elsewhere in the client's plan, and the seal itself.
LEFT_OUT = {"updated_at", "note_id", "stopped_at", "seal", "seal_form", "proof", "status"}


def columns(model: Any) -> set[str]:
    return {field.attname for field in model._meta.concrete_fields} - LEFT_OUT


def test_every_column_of_a_note_and_its_rows_is_sealed() -> None:
    assert {name for names in seal_forms.NOTE.values() for name in names} == columns(SessionNote)
    models = {
        "findings": Finding,
        "techniques": TechniqueApplied,
        "hypotheses": Hypothesis,
        "goal_ratings": GoalRating,
        "prescriptions": Prescription,
    }
    assert {name: set(names) for name, names in seal_forms.ROWS.items()} == {
        name: columns(model) - ({"position"} if model is Prescription else set()) for name, model in models.items()
    }
    assert set(seal_forms._FILE) == columns(NoteFile)
    assert set(seal_forms._MARK) == columns(PainMark) - {"drawing_id"}


def test_a_note_sealed_under_the_first_form_is_still_checked_by_it(
    draft: SessionNote, therapist: User, technique: Technique, structure: Structure
) -> None:
    rows = {
        "findings": [FindingRow(kind="trigger_point", code="gluteus-medius", side="right", tenderness_grade=2)],
        "techniques": [TechniqueRow(technique.pk, structure.pk, "right", 6, 2, "eased")],
    }
    note = save_draft(note=draft, by=therapist, version=draft.version, changes=rows)  # type: ignore[arg-type]
    note.signed_at, note.signed_by = clock.now(), therapist
    was_sealed = {
        "form": 1,
        "note": {
            **{name: getattr(note, name) for name in ("subjective", "objective", "assessment", "plan")},
            **{name: getattr(note, name) for name in ("pain_now", "pain_worst", "pain_average", "copied_sections")},
            **{name: str(getattr(note, name)) for name in ("id", "appointment_id", "client_id", "episode_id")},
            "therapist_id": str(therapist.pk),
            "pain_drawing_id": None,
            "signed_by_id": str(therapist.pk),
            "version": note.version,
            "signed_at": note.signed_at.astimezone(dt.UTC).isoformat(),
        },
        "findings": [
            {
                "kind": "trigger_point",
                "code": "gluteus-medius",
                "side": "right",
                "angle_degrees": None,
                "strength_grade": None,
                "is_positive": None,
                "is_painful": False,
                "tenderness_grade": 2,
                "reproduces_pain": False,
                "refers_to": "",
                "spot": None,
                "comment": "",
            }
        ],
        "techniques": [
            {
                "technique_id": str(technique.pk),
                "structure_id": str(structure.pk),
                "side": "right",
                "duration_minutes": 6,
                "pressure_grade": 2,
                "response": "eased",
            }
        ],
    }
    text = json.dumps(was_sealed, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    note.seal, note.status = hashlib.sha256(text.encode()).hexdigest(), "signed"
    note.save()
    assert is_intact(SessionNote.objects.get(pk=note.pk))


def test_a_client_s_notes_are_chained_and_a_recomputed_seal_has_no_proof(
    signed: SessionNote, client_record: Client, therapist: User, room: Room
) -> None:
    later = book(client=client_record, therapist=therapist, room=room, starts_at=clock.now() + dt.timedelta(days=1))
    note = open_note(appointment=later, by=therapist)
    note = save_draft(note=note, by=therapist, version=note.version, changes=WRITTEN)
    second = sign_note(note=note, by=therapist, version=note.version)
    assert (signed.chain_number, signed.previous_seal) == (1, "")
    assert (second.chain_number, second.previous_seal) == (2, signed.seal)
    assert second.proof == proof_of("note", second.seal)
    second.plan = "Forged"
    second.seal = seal_of(second)
    assert not is_intact(second)


def test_addenda_are_chained_to_the_note_and_to_each_other(signed: SessionNote, therapist: User) -> None:
    first, second = (add_addendum(note=signed, by=therapist, text=text) for text in ("She rang.", "She rang again."))
    assert (first.number, second.number) == (1, 2)
    assert first.seal == seal_of(first, previous=signed.seal)
    assert second.seal == seal_of(second, previous=first.seal) != seal_of(second, previous=signed.seal)


@pytest.mark.parametrize("value", [0.1, 5.0, 123456789.123])
def test_numbers_of_a_spot_survive_the_database(draft: SessionNote, therapist: User, value: float) -> None:
    spot = {"view": "front", "x": value, "y": 1}
    rows = {"findings": [FindingRow(kind="trigger_point", code="gluteus-medius", spot=spot)]}
    note = save_draft(note=draft, by=therapist, version=draft.version, changes=rows)  # type: ignore[arg-type]
    assert is_intact(SessionNote.objects.get(pk=sign_note(note=note, by=therapist, version=note.version).pk))
