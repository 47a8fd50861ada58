"""Where the parts of a note came from that nobody has touched since: an earlier note, or a template."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db.models import Q

from treatments.models import NoteTemplate, SessionNote
from treatments.services.templates import FROM_TEMPLATE


@dataclass(frozen=True, slots=True)
class Source:
    """The day of the session a part was copied from, or the name of the template."""

    day: dt.datetime | None = None
    template: str = ""


def carried_in(note: SessionNote, previous: SessionNote | None = None) -> dict[str, Source]:
    """By section. No query when nothing is carried, or all of it from `previous`."""
    marks = note.copied_sections
    if not marks:
        return {}
    found = {str(previous.pk): Source(previous.appointment.during.lower)} if previous else {}
    unknown = set(marks.values()) - found.keys()
    templates = {mark for mark in unknown if mark.startswith(FROM_TEMPLATE)}
    if templates:
        names = dict(NoteTemplate.objects.filter(pk__in=_ids(templates, FROM_TEMPLATE)).values_list("pk", "name"))
        for mark in templates:
            found[mark] = Source(template=names.get(uuid.UUID(mark.removeprefix(FROM_TEMPLATE)), "…"))
    if notes := unknown - templates:
        rows = SessionNote.objects.filter(pk__in=_ids(notes)).select_related("appointment")
        found |= {str(row.pk): Source(row.appointment.during.lower) for row in rows}
    return {section: found.get(mark, Source()) for section, mark in marks.items()}


def templates_for(note: SessionNote) -> list[NoteTemplate]:
    """What this note may be filled from: templates of its condition, then those of no condition (one query)."""
    condition = note.episode.condition_id if note.episode else None
    fits = Q(condition=None) | Q(condition=condition) if condition else Q()
    rows = NoteTemplate.objects.visible_to(note.therapist).filter(fits).defer("content")
    return sorted(rows, key=lambda row: (row.condition_id is None, row.name.casefold()))


def _ids(marks: set[str], prefix: str = "") -> list[uuid.UUID]:
    return [uuid.UUID(mark.removeprefix(prefix)) for mark in marks]
