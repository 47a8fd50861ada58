"""What a signature stands for, as plain values. A form never changes once notes are sealed in it."""

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import ObjectDoesNotExist

from treatments.models import SessionNote

FIRST, PRESENT = 1, 2

_FIRST_NOTE = (
    *("subjective", "objective", "assessment", "plan", "pain_now", "pain_worst", "pain_average", "copied_sections"),
    *("id", "appointment_id", "client_id", "episode_id", "therapist_id", "pain_drawing_id", "signed_by_id"),
)
_FIRST_FINDING = (
    *("kind", "code", "side", "angle_degrees", "strength_grade", "is_positive", "is_painful", "tenderness_grade"),
    *("reproduces_pain", "refers_to", "spot", "comment"),
)
_TECHNIQUE = ("technique_id", "structure_id", "side", "duration_minutes", "pressure_grade", "response")

# By part, so that a check can say which one differs.
NOTE: dict[str, tuple[str, ...]] = {
    "subjective": ("subjective",),
    "objective": ("objective",),
    "assessment": ("assessment",),
    "plan": ("plan",),
    "pain": ("pain_now", "pain_worst", "pain_average", "other_pain_average"),
    "client's answers": ("client_answers", "answers_from_id", "changes", "aggravators", "easers"),
    "next visit": ("next_techniques", "advice", "visit_every_days"),
    "copied marks": ("copied_sections",),
    "whose and when": (
        *("id", "appointment_id", "client_id", "episode_id", "other_episode_id", "therapist_id", "created_at"),
        *("version", "signed_at", "signed_by_id", "supervisor_id", "pain_drawing_id"),
    ),
    "place in the chain": ("chain_number", "previous_seal"),
}
ROWS: dict[str, tuple[str, ...]] = {
    "findings": ("id", *_FIRST_FINDING, "length_mm", "texture", "position"),
    "techniques": ("id", *_TECHNIQUE, "position"),
    "hypotheses": (
        *("id", "episode_id", "condition_id", "confidence_percent", "reason", "stated_at", "stated_by_id"),
        "created_at",
    ),
    "goal_ratings": ("id", "goal_id", "rating", "rated_at", "created_at"),
    "prescriptions": (
        *("id", "episode_id", "exercise_id", "sets", "reps", "hold_seconds", "minutes", "side", "times_per_week"),
        *("instructions", "prescribed_by_id", "prescribed_at", "created_at"),
    ),
}
_FILE = ("id", "document_id", "caption", "position")
_DOCUMENT = ("sha256", "size_bytes", "media_type", "added_by_id", "created_at")
_DRAWING = ("id", "drawn_at", "drawn_by_id", "response_id")
_MARK = ("id", "region", "side", "qualities", "intensity", "course", "spreads_to", "stroke")

# What has to be fetched before many notes are sealed or checked at once.
PREFETCH = (*ROWS, "files__document", "pain_drawing__marks")


def first_form(note: SessionNote) -> dict[str, Any]:
    """Form 1: rows in their order, without their ids."""
    return {
        "form": FIRST,
        "note": {
            **{name: _as_first(name, getattr(note, name)) for name in _FIRST_NOTE},
            "version": note.version,
            "signed_at": None if note.signed_at is None else note.signed_at.astimezone(dt.UTC).isoformat(),
        },
        "findings": [_values(row, _FIRST_FINDING) for row in note.findings.all()],
        "techniques": [_values(row, _TECHNIQUE) for row in note.techniques.all()],
    }


def parts(note: SessionNote) -> dict[str, Any]:
    """Form 2: everything but the times of saving and when an exercise was stopped, which goes on after signing.

    Eight queries unless PREFETCH was.
    """
    found: dict[str, Any] = {part: _values(note, names) for part, names in NOTE.items()}
    for relation, names in ROWS.items():
        found[relation] = _rows(getattr(note, relation).all(), names)
    found["files"] = [
        _values(row, _FILE) | {"document": _or_none(_there(row, "document"), _DOCUMENT)}
        for row in _by_id(note.files.select_related("document") if not _has(note, "files") else note.files.all())
    ]
    drawing = _there(note, "pain_drawing")
    found["pain drawing"] = drawing and _values(drawing, _DRAWING) | {"marks": _rows(drawing.marks.all(), _MARK)}
    return found


def _there(row: Any, relation: str) -> Any:
    """What a row refers to, or None when somebody took it away behind the database's back."""
    try:
        return getattr(row, relation)
    except ObjectDoesNotExist:
        return None


def _or_none(row: Any, names: Sequence[str]) -> dict[str, Any] | None:
    return None if row is None else _values(row, names)


def _has(note: SessionNote, relation: str) -> bool:
    return relation in getattr(note, "_prefetched_objects_cache", {})


def _as_first(name: str, value: Any) -> Any:
    return str(value) if name.endswith("id") and value is not None else value


def _rows(rows: Iterable[Any], names: Sequence[str]) -> list[dict[str, Any]]:
    return [_values(row, names) for row in _by_id(rows)]


def _by_id(rows: Iterable[Any]) -> list[Any]:
    return sorted(rows, key=lambda row: str(row.pk))


def _values(row: Any, names: Sequence[str]) -> dict[str, Any]:
    return {name: plain(getattr(row, name)) for name in names}


def plain(value: Any) -> Any:
    """JSON as it is; an instant as UTC, a grade without trailing zeros, anything else by its one spelling."""
    if isinstance(value, str | int | float | bool | dict | list | None):
        return value
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
