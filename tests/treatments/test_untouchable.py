"""Nothing that belongs to a signed note changes, whoever tries and however."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, models, transaction
from django.db.models import RestrictedError

from clinic.core.errors import Conflict
from clinic.people.models import Document, User
from clinic.people.services.documents import remove_document
from intake.models import PainDrawing, PainMark
from tests.treatments.conftest import WRITTEN
from tests.treatments.sealed import sign_with_everything
from treatments.models import (
    Addendum,
    CoSignature,
    Finding,
    GoalRating,
    Hypothesis,
    NoteFile,
    Prescription,
    Referral,
    SessionNote,
    TechniqueApplied,
)
from treatments.seal import is_intact
from treatments.services import stop_prescription

BY_THE_LOCK = ("pgtrigger", "permission denied", "must be owner", "violates foreign key")
ROLE = "palpate_app_of_the_notes"
OF_NOTE = (Addendum, CoSignature, Finding, GoalRating, Hypothesis, NoteFile, Prescription, Referral, TechniqueApplied)
TABLES = [model._meta.db_table for model in (SessionNote, *OF_NOTE)]
BELOW = [model._meta.db_table for model in (Document, PainDrawing, PainMark)]

STATEMENTS = [
    *(f"UPDATE {table} SET id = gen_random_uuid()" for table in (*TABLES, *BELOW)),  # noqa: S608
    *(f"DELETE FROM {table}" for table in (*TABLES, *BELOW)),  # noqa: S608
    *(f"TRUNCATE {table} CASCADE" for table in (*TABLES, *BELOW)),
    *(f"UPDATE {table} SET note_id = gen_random_uuid()" for table in TABLES[1:]),  # noqa: S608
    "UPDATE treatments_sessionnote SET status = 'draft'",
    "UPDATE treatments_sessionnote SET seal = repeat('0', 64), proof = ''",
    "UPDATE treatments_sessionnote SET client_id = (SELECT id FROM people_client LIMIT 1)",
    "INSERT INTO treatments_sessionnote SELECT * FROM treatments_sessionnote"
    " ON CONFLICT (id) DO UPDATE SET plan = 'Other'",
    "MERGE INTO treatments_sessionnote AS n USING (SELECT 1) AS one ON true WHEN MATCHED THEN UPDATE SET plan = 'x'",
    "INSERT INTO treatments_finding (id, note_id, kind, code, side, is_painful, texture, reproduces_pain, refers_to,"
    " comment, position) SELECT gen_random_uuid(), id, 'gait', 'x', 'none', false, '', false, '', '', 9"
    " FROM treatments_sessionnote",
    "INSERT INTO intake_painmark (id, region, side, qualities, intensity, course, drawing_id)"
    " SELECT gen_random_uuid(), region, 'left', qualities, intensity, course, drawing_id FROM intake_painmark",
    "UPDATE people_document SET sha256 = repeat('0', 64)",
    "UPDATE intake_paindrawing SET drawn_at = now()",
]


@pytest.fixture
def note(draft: SessionNote, therapist: User, other_therapist: User) -> SessionNote:
    note = sign_with_everything(draft, therapist, other_therapist)
    run("SET CONSTRAINTS ALL IMMEDIATE")()  # as after a commit: nothing is refused only because a check is still due
    return note


def is_refused(act: Callable[[], object]) -> bool:
    try:
        with transaction.atomic():
            act()
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except RestrictedError:
        return True
    except DatabaseError as error:
        return any(word in str(error) for word in BY_THE_LOCK)
    return False


def run(statement: str) -> Callable[[], None]:
    def act() -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)

    return act


def test_plain_sql_changes_nothing_as_owner_of_the_tables_or_as_the_app(note: SessionNote) -> None:
    call_command("grant_app_role", ROLE)
    before = rows_of_all()
    for role in ("", f"SET LOCAL ROLE {ROLE}"):
        with transaction.atomic(), connection.cursor() as cursor:
            if role:
                cursor.execute(role)
            for statement in STATEMENTS:
                assert is_refused(run(statement)), f"{role} {statement}"
            if role:
                for table in TABLES:
                    assert is_refused(run(f"ALTER TABLE {table} DISABLE TRIGGER ALL")), table
                assert is_refused(run("SET session_replication_role = replica"))
                cursor.execute("RESET ROLE")
    assert rows_of_all() == before
    assert is_intact(SessionNote.objects.get(pk=note.pk))


def rows_of_all() -> dict[str, list[str]]:
    found = {}
    with connection.cursor() as cursor:
        for table in (*TABLES, *BELOW):
            cursor.execute(f"SELECT row_to_json(t)::text FROM {table} AS t ORDER BY id")  # noqa: S608
            found[table] = [row[0] for row in cursor.fetchall()]
    return found


def test_the_orm_changes_nothing_in_bulk_or_by_cascade(note: SessionNote) -> None:
    before = rows_of_all()
    note.plan = "Other"
    attempts: list[Callable[[], object]] = [
        lambda: SessionNote.objects.update(plan="Other"),
        lambda: SessionNote.objects.bulk_update([note], ["plan"]),
        lambda: SessionNote.objects.bulk_create(
            [note], update_conflicts=True, unique_fields=["id"], update_fields=["plan"]
        ),
    ]
    for model in OF_NOTE:
        rows: models.QuerySet[models.Model] = model._default_manager.all()
        row = rows[0]
        attempts += [
            lambda rows=rows: rows.delete(),  # type: ignore[misc]
            lambda rows=rows: rows._raw_delete(using="default"),  # type: ignore[misc]
            lambda rows=rows: rows.update(note=None),  # type: ignore[misc]
            lambda row=row: row.delete(),  # type: ignore[misc]
        ]
    appointment, episode, drawing = note.appointment, note.episode, note.pain_drawing
    document = note.files.get().document
    technique = note.techniques.get()
    above: list[Any] = [appointment, episode, drawing, document, note.client, note.therapist, technique.technique]
    above += [technique.structure, note.prescriptions.get().exercise, note.goal_ratings.get().goal, note]
    attempts += [each.delete for each in above]
    for attempt in attempts:
        assert is_refused(attempt)
    assert rows_of_all() == before
    assert SessionNote.objects.get(pk=note.pk).plan == WRITTEN["plan"]


def test_a_document_of_a_signed_note_is_not_removed_and_says_why(note: SessionNote, owner: User) -> None:
    with pytest.raises(Conflict) as refusal, transaction.atomic():
        remove_document(document=note.files.get().document, cause="twice", by=owner)
    assert refusal.value.code == "document-sealed"


def test_an_exercise_of_a_signed_note_is_stopped_and_the_seal_still_fits(note: SessionNote, therapist: User) -> None:
    stop_prescription(prescription=note.prescriptions.get(), by=therapist)
    assert is_intact(SessionNote.objects.get(pk=note.pk))


def test_drafts_can_be_emptied_out(draft: SessionNote) -> None:
    run("TRUNCATE treatments_finding")()
