"""How well something of the knowledge is known, field by field, and where from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from intake.knowledge import source
from intake.knowledge.load import KINDS
from intake.models import Reference
from intake.models.knowledge import KnowledgeEntry
from treatments.vocabulary import references

LEVELS: dict[str, tuple[int, str | Promise]] = {
    "literature": (3, _("Known from literature")),
    "practitioner": (2, _("Known from practitioners")),
    "general": (1, _("General knowledge, not checked")),
}
FIELDS: dict[str, str | Promise] = {
    "label": _("Name"),
    "description": _("Description"),
    "suggests": _("What a positive suggests"),
    "normal": _("Normal value"),
    "sem": _("Error of measurement"),
    "sem_range": _("Error of measurement"),
    "mdc95": _("Least change beyond the error"),
    "mdc95_range": _("Least change beyond the error"),
    "referral_regions": _("Where it refers to"),
    "dose": _("Dose"),
    "cue": _("Cue"),
    "mic": _("Least change that matters"),
    "scoring": _("Scoring"),
    "licence": _("Licence"),
}
FILES = {model._meta.label: name for name, model in KINDS.items()}


@dataclass(frozen=True, slots=True)
class Sourced:
    """The level of an entry, the levels of its fields where they differ, and its sources."""

    level: str
    fields: list[tuple[str | Promise, str | Promise]]
    sources: list[Reference]

    @property
    def words(self) -> str | Promise:
        return LEVELS[self.level][1]

    @property
    def dots(self) -> list[bool]:
        known = LEVELS[self.level][0]
        return [step <= known for step in (1, 2, 3)]


def sourced(entry: Any) -> Sourced | None:
    """Of an entry of the knowledge, or of one of its facts as a mapping. No query: the references are in memory."""
    if not entry:
        return None
    levels, sources = grounds_of(entry)
    level = levels.get("entry", "")
    level = level if level in LEVELS else "general"
    return Sourced(level, list(_differing(levels, level)), list(_known(sources)))


def grounds_of(entry: Any) -> tuple[Mapping[str, str], Sequence[str]]:
    """The levels of an entry or fact by field, `entry` for the whole, and the codes of its sources."""
    data: Mapping[str, Any] = _data(entry) if isinstance(entry, KnowledgeEntry) else entry
    evidence = data.get("evidence") or getattr(entry, "evidence", "")
    levels: Mapping[str, str] = evidence if isinstance(evidence, dict) else {"entry": str(evidence)}
    return levels, data.get("sources") or ()


def _data(entry: KnowledgeEntry) -> Mapping[str, Any]:
    """What the entry says; from its file when the row was read without it."""
    if "data" not in entry.get_deferred_fields():
        return entry.data or {"sources": entry.sources, "evidence": entry.evidence}
    name = FILES.get(entry._meta.label)
    return (source.by_code(name).get(entry.code) if name else None) or entry.data


def _differing(levels: Mapping[str, str], level: str) -> Iterable[tuple[str | Promise, str | Promise]]:
    """Fields that are known better or worse than the whole; those without a name for people are left out."""
    for field, known in levels.items():
        if field in FIELDS and known != level and known in LEVELS:
            yield FIELDS[field], LEVELS[known][1]


def _known(codes: Iterable[str]) -> Iterable[Reference]:
    rows = references()
    return (rows[code] for code in codes if code in rows)
