"""Carrying text forward from the visit before, marked until somebody touches it."""

from typing import cast

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.audit import services as audit
from clinic.core.errors import Refused
from clinic.people.models import User
from treatments.models import SessionNote
from treatments.rows import FindingRow, TechniqueRow
from treatments.rules.sections import ONCE, PARTS
from treatments.services.notes import SECTIONS, DraftChanges, lock_draft, save_draft

EVERYTHING = "everything"
MEASURED = frozenset({"rom", "strength", "legs"})  # numbers of another day: carried forward only when asked for by name


def previous_note(note: SessionNote) -> SessionNote | None:
    """The client's note before this session, of the same episode if there is one."""
    earlier = SessionNote.objects.of_client(note.client).before(note.appointment.during.lower).for_looking_back()
    if note.episode_id:
        return earlier.of_episode(note.episode_id).first() or earlier.first()
    return earlier.first()


@transaction.atomic
def copy_forward(*, note: SessionNote, by: User, version: int, section: str) -> SessionNote:
    """Add one section of the note before to this one, or `EVERYTHING`, marked as copied until somebody touches it.

    Raises Refused when nothing is to copy.
    """
    if section not in (*SECTIONS, EVERYTHING):
        raise Refused(_("That part of a note cannot be copied."), code="unknown-section")
    note = lock_draft(note=note, by=by)
    source = previous_note(note)
    wanted = [name for name in SECTIONS if name not in MEASURED] if section == EVERYTHING else [section]
    copied: list[str] = []
    for name in wanted if source else ():
        if changes := _copy(note, cast(SessionNote, source), name):
            note = save_draft(note=note, by=by, version=note.version if copied else version, changes=changes)
            copied.append(name)
    if source is None or not copied:
        if source is not None and section == EVERYTHING:
            raise Refused(_("All of the visit before stands in this note already."), code="nothing-to-copy")
        raise Refused(_("There is nothing to copy from an earlier visit."), code="nothing-to-copy")
    note.copied_sections = {**note.copied_sections, **dict.fromkeys(copied, str(source.pk))}
    note.save(update_fields=["copied_sections", "updated_at"])
    audit.record(by, "note.copied", note, client=note.client, changes={"section": section, "from": str(source.pk)})
    return note


@transaction.atomic
def keep_copied(*, note: SessionNote, by: User, version: int, section: str) -> SessionNote:
    """Say that what was copied is still true: its mark goes."""
    note = save_draft(note=note, by=by, version=version, changes={})
    if section in note.copied_sections:
        del note.copied_sections[section]
        note.version += 1
        note.save(update_fields=["copied_sections", "version", "updated_at"])
        audit.record(by, "note.kept-copied", note, client=note.client, changes={"section": section})
    return note


def _copy(note: SessionNote, source: SessionNote, section: str) -> DraftChanges:
    if section == "techniques":
        present = [TechniqueRow.of(row) for row in note.techniques.all()]
        rows = [row for row in map(TechniqueRow.of, source.techniques.all()) if row not in present]
        return {"techniques": [*present, *rows]} if rows else {}
    if section in PARTS:
        return _copy_findings(note, source, section)
    text = getattr(source, section).strip()
    before = getattr(note, section).rstrip()
    if not text or text in before:
        return {}
    changes: DraftChanges = {section: f"{before}\n{text}".strip()}  # type: ignore[misc]
    return changes


def _copy_findings(note: SessionNote, source: SessionNote, part: str) -> DraftChanges:
    """What was found last time, added to what was found now; what was found now is never replaced."""
    here = [FindingRow.of(row) for row in note.findings.all()]
    known = {(row.kind, row.code, row.side) for row in here} if part in ONCE else set()
    found = [FindingRow.of(row) for row in source.findings.all() if row.kind == PARTS[part]]
    new = [row for row in found if (row.kind, row.code, row.side) not in known and row not in here]
    return {"findings": [*here, *new]} if new else {}
