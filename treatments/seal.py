"""The canonical form of a note and its SHA-256. Whoever holds the rows can compute it again."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from typing import Any

from treatments.models import Finding, SessionNote, TechniqueApplied
from treatments.rows import FindingRow, TechniqueRow

FORM = 1  # of the canonical form; a note sealed under an older one is checked by that one

_PLAIN = ("subjective", "objective", "assessment", "plan", "pain_now", "pain_worst", "pain_average", "copied_sections")
_LINKS = ("id", "appointment_id", "client_id", "episode_id", "therapist_id", "pain_drawing_id", "signed_by_id")


def canonical(note: SessionNote, findings: Iterable[Finding], techniques: Iterable[TechniqueApplied]) -> dict[str, Any]:
    """All that a signature stands for. Rows come in their order; ids of rows and times of saving are left out."""
    return {
        "form": FORM,
        "note": {
            **{name: getattr(note, name) for name in _PLAIN},
            **{name: _text(getattr(note, name)) for name in _LINKS},
            "version": note.version,
            "signed_at": _instant(note.signed_at),
        },
        "findings": [_plain(FindingRow.of(row).values()) for row in findings],
        "techniques": [_plain(TechniqueRow.of(row).values()) for row in techniques],
    }


def seal_of(note: SessionNote, findings: Iterable[Finding], techniques: Iterable[TechniqueApplied]) -> str:
    """SHA-256 of the canonical form, in hexadecimal."""
    form = canonical(note, findings, techniques)
    text = json.dumps(form, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def is_intact(note: SessionNote) -> bool:
    """Whether a signed note still is what was signed. Two queries unless the rows were prefetched."""
    return note.is_signed and seal_of(note, note.findings.all(), note.techniques.all()) == note.seal


def _instant(value: dt.datetime | None) -> str | None:
    return None if value is None else value.astimezone(dt.UTC).isoformat()


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """Numbers, booleans and JSON as they are; everything else as text, grades without their trailing zeros."""
    return {
        key: value if isinstance(value, int | bool | dict | list | None) else _number(value)
        for key, value in values.items()
    }


def _number(value: Any) -> str:
    return f"{value.normalize():f}" if hasattr(value, "normalize") else str(value)
