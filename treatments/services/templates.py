"""What a note of a condition begins with: kept from a note, put into another where that one is still empty."""

import uuid
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.audit import services as audit
from clinic.core.errors import Conflict, Refused
from clinic.people.models import User
from clinic.people.permissions import Permission, require
from intake.models import Structure, Technique
from treatments.models import NoteTemplate, SessionNote
from treatments.rows import TechniqueRow
from treatments.rules.signing import TEXTS
from treatments.services.notes import lock_draft, save_draft

FROM_TEMPLATE = "template:"


def content_of(note: SessionNote) -> dict[str, Any]:
    """Texts and techniques of a note as a template keeps them: nothing measured, nothing a client said of pain."""
    texts = {name: getattr(note, name).strip() for name in TEXTS if getattr(note, name).strip()}
    rows = [
        {
            "technique": row.technique.code,
            "structure": row.structure.code if row.structure else "",
            "minutes": row.duration_minutes,
        }
        for row in note.techniques.select_related("technique", "structure")
    ]
    return {"texts": texts, "techniques": rows}


@transaction.atomic
def keep_as_template(*, note: SessionNote, by: User, name: str, shared: bool = False) -> NoteTemplate:
    """Keep this note as a template of its condition. Raises Refused for a note with nothing to keep or a taken name."""
    require(by, Permission.WRITE_NOTE, note)
    name, content = " ".join(name.split()), content_of(note)
    if not name or len(name) > 80 or "\x00" in name:
        raise Refused(_("Give the template a name of at most 80 characters."), code="no-name")
    if not content["texts"] and not content["techniques"]:
        raise Refused(_("Write something first: there is nothing to keep as a template."), code="empty")
    owner = None if shared else by
    if NoteTemplate.objects.filter(owner=owner, name__iexact=name).exists():
        raise Conflict(_("A template has this name already. Choose another name."), code="name-taken")
    condition = note.episode.condition if note.episode else None
    made = NoteTemplate.objects.create(owner=owner, name=name, condition=condition, content=content)
    audit.record(by, "template.kept", made)
    return made


@transaction.atomic
def use_template(*, note: SessionNote, by: User, version: int, template: NoteTemplate) -> SessionNote:
    """Fill what is empty, marked until somebody touches it. Raises Refused when nothing was empty."""
    note = lock_draft(note=note, by=by)
    texts = template.content.get("texts") or {}
    changes: Any = {name: texts[name] for name in TEXTS if texts.get(name) and not getattr(note, name).strip()}
    if not note.techniques.exists() and (rows := _rows(note, template.content.get("techniques") or [])):
        changes["techniques"] = rows
    if not changes:
        raise Refused(_("Every part of this note that the template fills is written already."), code="nothing-empty")
    note = save_draft(note=note, by=by, version=version, changes=changes)
    note.copied_sections = {**note.copied_sections, **dict.fromkeys(changes, f"{FROM_TEMPLATE}{template.pk}")}
    note.save(update_fields=["copied_sections", "updated_at"])
    audit.record(by, "note.template-used", note, client=note.client, changes={"template": str(template.pk)})
    return note


def _rows(note: SessionNote, kept: list[dict[str, Any]]) -> list[TechniqueRow]:
    """Techniques of the knowledge as it is now, on the side of the episode."""
    techniques: dict[str, uuid.UUID] = dict(
        Technique.objects.current().filter(code__in=[row["technique"] for row in kept]).values_list("code", "pk")
    )
    wanted = [row["structure"] for row in kept if row["structure"]]
    structures: dict[str, uuid.UUID] = dict(
        Structure.objects.current().filter(code__in=wanted).values_list("code", "pk")
    )
    side = note.episode.side if note.episode and note.episode.side in {"left", "right"} else "none"
    return [
        TechniqueRow(techniques[row["technique"]], structures.get(row["structure"]), side, row["minutes"])
        for row in kept
        if row["technique"] in techniques
    ]
