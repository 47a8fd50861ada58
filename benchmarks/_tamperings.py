"""Ways to rewrite signed notes with every right to the database and none of the practice's key."""
# ruff: noqa: S608 - nothing but the names of our own tables goes into the queries

import random
import uuid
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection, models, transaction

from clinic.people.models import Document
from intake.models import PainDrawing
from treatments.models import (
    Addendum,
    CoSignature,
    Finding,
    GoalRating,
    Hypothesis,
    NoteFile,
    Prescription,
    SessionNote,
    TechniqueApplied,
)
from treatments.seal import seal_of
from treatments.verification import verify

ROWS = (Finding, TechniqueApplied, Hypothesis, GoalRating, Prescription, NoteFile, Addendum, CoSignature)
# When a row was last saved, and that an exercise was stopped later, is not what was signed.
PLACES = {"chain_number": "777", "number": "77"}
NOT_SIGNED = {"updated_at", "stopped_at"}
OF_DOCUMENT = {"file", "sha256", "size_bytes", "media_type", "added_by_id", "created_at"}
OF_DRAWING = {"id", "drawn_at", "drawn_by_id", "response_id"}

Column = models.Field[Any, Any]
# What is done, and the notes that have to be named for it.
Tampering = tuple[str, Callable[[], set[str]]]


def run(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def other(field: Column, value: Any, chance: random.Random) -> str:
    """SQL for a value of the column's type that is not the one it has, and that its constraints let through."""
    kind = field.get_internal_type()
    if kind in {"UUIDField", "ForeignKey", "OneToOneField"}:
        return f"'{uuid.UUID(int=chance.getrandbits(128))}'"
    if kind == "DateTimeField":
        return "now()" if value is None else f"\"{field.column}\" + interval '{chance.randint(1, 9_000)} second'"
    if kind == "BooleanField":
        return "true" if value is None else f'NOT "{field.column}"'
    if kind == "JSONField":
        return f"""'{{"x": {chance.randint(1, 99)}}}'"""
    if kind == "DecimalField" or "Integer" in kind:
        return {"angle_degrees": "77", "length_mm": "777", "confidence_percent": "77", **PLACES}.get(
            field.name, "3" if value in {1, None} else "1"
        )
    if field.choices:
        return next(f"'{key}'" for key, _label in field.flatchoices if key != value)  # type: ignore[attr-defined]
    if kind == "ArrayField":
        return "ARRAY['x']"
    return "'x'" if value != "x" else "'y'"


def columns_of(model: type[models.Model]) -> list[Column]:
    only = {Document: OF_DOCUMENT, PainDrawing: OF_DRAWING}.get(model)
    fields = [field for field in model._meta.concrete_fields if field.attname not in NOT_SIGNED]
    if model is Prescription:  # its place in the client's plan changes afterwards
        only = {field.attname for field in fields} - {"position"}
    return [field for field in fields if only is None or field.attname in only]


def change_column(row: models.Model, field: Column, named: set[str], chance: random.Random) -> Tampering:
    def act() -> set[str]:
        value = other(field, getattr(row, field.attname), chance)
        run(f'UPDATE {row._meta.db_table} SET "{field.column}" = {value} WHERE id = %s', row.pk)
        return named

    return f"{row._meta.model_name}.{field.attname} changed", act


def of_rows(note: SessionNote, chance: random.Random) -> Iterator[Tampering]:
    """Every column of every row, each row removed, and one more of each."""
    named = {str(note.pk)}
    drawing, files = note.pain_drawing, list(note.files.select_related("document"))
    rows: list[models.Model] = [note, *(row for model in ROWS for row in model._base_manager.filter(note=note))]
    below: list[models.Model] = [row.document for row in files]
    below += [drawing, *drawing.marks.all()] if drawing else []
    for row in (*rows, *below):
        for field in columns_of(type(row)):
            yield change_column(row, field, named, chance)
        yield f"{row._meta.model_name} removed", lambda row=row: remove(row, named)
    for each in files:
        yield "document hidden", lambda each=each: hide(each.document, named)
    for row in rows[1:]:
        if not isinstance(row, CoSignature | NoteFile):
            yield f"{row._meta.model_name} inserted", lambda row=row: insert_like(row, named)


def hide(document: Document, named: set[str]) -> set[str]:
    run(
        "UPDATE people_document SET removed_at = now(), removed_by_id = added_by_id, removal_cause = 'other'"
        " WHERE id = %s",
        document.pk,
    )
    return named


def remove(row: models.Model, named: set[str]) -> set[str]:
    run(f"DELETE FROM {row._meta.db_table} WHERE id = %s", row.pk)
    return named


def insert_like(row: models.Model, named: set[str]) -> set[str]:
    """Another row like this one, where a constraint lets it stand beside it."""
    changed = {"id": "gen_random_uuid()", "code": "'other'", "number": "number + 1", "goal_id": "gen_random_uuid()"}
    changed |= {"exercise_id": "gen_random_uuid()"}
    names = [field.column for field in row._meta.concrete_fields]
    values = [changed.get(name, f'"{name}"') for name in names]
    table = row._meta.db_table
    quoted = ", ".join(f'"{name}"' for name in names)
    run(f"INSERT INTO {table} ({quoted}) SELECT {', '.join(values)} FROM {table} WHERE id = %s", row.pk)
    return named


def of_notes(notes: list[SessionNote], chance: random.Random) -> Iterator[Tampering]:
    """Notes swapped, forged with seals computed anew, put under the old form, removed, inserted."""
    one, two = chance.sample(notes, 2)
    both = {str(one.pk), str(two.pk)}
    for names in (("plan",), ("subjective", "objective"), ("client_id", "chain_number"), ("seal", "proof")):
        yield f"{', '.join(names)} swapped between notes", lambda names=names: swap(one, two, names, both)
    for model in (Finding, TechniqueApplied, Addendum):
        yield f"{model._meta.model_name} rows moved to another note", lambda model=model: move(model, one, two, both)
    yield "plan rewritten, seal computed anew", lambda: forge(one, trail=False)
    yield "plan rewritten, seal computed anew in the trail too", lambda: forge(one, trail=True)
    yield "finding rewritten, seal computed anew, chain mended", lambda: forge(one, trail=True, chain=True)
    yield "put under the first form", lambda: downgrade(one)
    yield "addendum rewritten, seal computed anew", lambda: forge_added(one)
    yield "co-signature rewritten, seal computed anew", lambda: forge_co_signature(one)
    yield "newest note of a client removed", lambda: remove_note(newest(notes, one))
    yield "a note removed with all its rows", lambda: remove_note(one)
    yield "a note inserted as signed", lambda: insert_note(one, chance)
    yield "two neighbours of a chain change places", lambda: reorder(notes, one)


def swap(one: SessionNote, two: SessionNote, names: tuple[str, ...], both: set[str]) -> set[str]:
    run("UPDATE treatments_sessionnote SET chain_number = NULL WHERE id = %s", one.pk)
    for mine, theirs in ((two, one), (one, two)):
        values = [getattr(theirs, name) for name in names]
        sets = ", ".join(f"{name} = %s" for name in names)
        run(f"UPDATE treatments_sessionnote SET {sets} WHERE id = %s", *values, mine.pk)
    if "chain_number" not in names:
        run("UPDATE treatments_sessionnote SET chain_number = %s WHERE id = %s", one.chain_number, one.pk)
    return {str(one.pk)} if all(getattr(one, name) == getattr(two, name) for name in names) else both


def move(model: type[models.Model], one: SessionNote, two: SessionNote, both: set[str]) -> set[str]:
    """As far as what must be unique in a note lets them."""
    table = model._meta.db_table
    if model is Addendum:
        run(f"UPDATE {table} SET note_id = %s, number = number + 100 WHERE note_id = %s", two.pk, one.pk)
    else:
        last = f"(SELECT id FROM {table} WHERE note_id = %s ORDER BY position LIMIT 1)"
        run(f"UPDATE {table} SET note_id = %s WHERE id = {last}", two.pk, one.pk)
    return both


def forge(note: SessionNote, *, trail: bool, chain: bool = False) -> set[str]:
    run("UPDATE treatments_sessionnote SET plan = 'Forged' WHERE id = %s", note.pk)
    forged = SessionNote._base_manager.get(pk=note.pk)
    seal = seal_of(forged)
    run("UPDATE treatments_sessionnote SET seal = %s WHERE id = %s", seal, note.pk)
    if trail:
        run(
            "UPDATE audit_event SET changes = changes || jsonb_build_object('seal', %s::text)"
            " WHERE object_id = %s AND action = 'note.signed'",
            seal,
            str(note.pk),
        )
    if chain:
        run("UPDATE treatments_sessionnote SET previous_seal = %s WHERE previous_seal = %s", seal, note.seal)
    return {str(note.pk)}


def downgrade(note: SessionNote) -> set[str]:
    run("UPDATE treatments_sessionnote SET plan = 'Forged', seal_form = 1, chain_number = NULL WHERE id = %s", note.pk)
    seal = seal_of(SessionNote._base_manager.get(pk=note.pk))
    run("UPDATE treatments_sessionnote SET seal = %s, proof = '' WHERE id = %s", seal, note.pk)
    return {str(note.pk)}


def forge_added(note: SessionNote) -> set[str]:
    row = Addendum.objects.filter(note=note).earliest("number")
    row.text = "Forged"
    run(
        "UPDATE treatments_addendum SET text = 'Forged', seal = %s WHERE id = %s",
        seal_of(row, previous=note.seal),
        row.pk,
    )
    return {str(note.pk)}


def forge_co_signature(note: SessionNote) -> set[str]:
    row = CoSignature.objects.get(note=note)
    row.remark = "Forged"
    seal = seal_of(row, previous=note.seal)
    run("UPDATE treatments_cosignature SET remark = 'Forged', seal = %s WHERE id = %s", seal, row.pk)
    return {str(note.pk)}


def newest(notes: list[SessionNote], note: SessionNote) -> SessionNote:
    return max((each for each in notes if each.client_id == note.client_id), key=lambda each: each.chain_number or 0)


def remove_note(note: SessionNote) -> set[str]:
    for model in ROWS:
        run(f"DELETE FROM {model._meta.db_table} WHERE note_id = %s", note.pk)
    run("DELETE FROM treatments_sessionnote WHERE id = %s", note.pk)
    return {str(note.pk)}


def insert_note(note: SessionNote, chance: random.Random) -> set[str]:
    new = uuid.UUID(int=chance.getrandbits(128))
    changed = {"id": f"'{new}'", "appointment_id": "gen_random_uuid()", "chain_number": "chain_number + 1000"}
    names = [field.column for field in SessionNote._meta.concrete_fields]
    values = ", ".join(changed.get(name, f'"{name}"') for name in names)
    quoted = ", ".join(f'"{name}"' for name in names)
    table = SessionNote._meta.db_table
    run(f"INSERT INTO {table} ({quoted}) SELECT {values} FROM {table} WHERE id = %s", note.pk)
    run(f"UPDATE {table} SET seal = %s WHERE id = %s", seal_of(SessionNote._base_manager.get(pk=new)), new)
    return {str(new)}


def reorder(notes: list[SessionNote], note: SessionNote) -> set[str]:
    mates = sorted((n for n in notes if n.client_id == note.client_id), key=lambda each: each.chain_number or 0)
    return swap(mates[0], mates[1], ("chain_number", "previous_seal"), {str(mates[0].pk), str(mates[1].pk)})


def draw(notes: list[SessionNote], count: int, chance: random.Random) -> Iterator[Tampering]:
    """So many tamperings: all there are of a note, and of notes between them, in turn and in no order."""
    waiting: list[Tampering] = []
    for _number in range(count):
        if not waiting:
            note = chance.choice(notes)
            kinds = list(of_notes(notes, chance))
            waiting = [*of_rows(note, chance), *kinds * 3]
            chance.shuffle(waiting)
        yield waiting.pop()


def missed(act: Callable[[], set[str]]) -> bool:
    """Do it with the triggers off, check, and undo it. Whether a note that should have been named was not."""
    with transaction.atomic():
        run("SET LOCAL session_replication_role = replica")
        expected = act()
        named = {altered.note_id for altered in verify().altered}
        transaction.set_rollback(True)
    return not expected <= named
