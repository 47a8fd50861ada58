"""The chips of techniques: in whose order they stand, what one tap fills in, what stands beside them as a caution."""

from dataclasses import dataclass
from typing import Any

from clinic.people.models import Alert
from intake.models import Contraindication, Reference, Technique
from treatments.models import SessionNote
from treatments.rules.cautions import Caution, asks_for_light, cautions_for
from treatments.services.words import TECHNIQUE, uses_of
from treatments.vocabulary import Vocabulary

FIRST = 8  # chips in sight; the rest stands under "more"


@dataclass(frozen=True, slots=True)
class Sourced:
    """A caution with where it comes from: the knowledge, or the client's record."""

    caution: Caution
    evidence: str
    sources: list[Reference]


@dataclass(frozen=True, slots=True)
class Chip:
    """One technique to tap, with what a tap fills in."""

    technique: Technique
    uses: int
    structure_id: str
    side: str
    minutes: int | None
    cautions: list[Sourced]
    sources: list[Reference]

    @property
    def own_cautions(self) -> list[str]:
        """What the knowledge says of the technique itself."""
        return list(self.technique.data.get("cautions") or [])

    @property
    def is_limited(self) -> bool:
        return bool(self.cautions)

    @property
    def is_grave(self) -> bool:
        return any(row.caution.is_grave for row in self.cautions)


def technique_chips(
    note: SessionNote, words: Vocabulary, *, previous: SessionNote | None, alerts: list[Alert]
) -> dict[str, Any]:
    """In order: what this therapist used most for this condition, what the knowledge names for it, the rest. One query."""
    known: list[str] = []
    uses: dict[str, int] = {}
    if note.episode:
        condition = note.episode.condition_id
        uses = uses_of(therapist_id=note.therapist_id, condition_id=condition, kind=TECHNIQUE)
        known = words.told_by_condition.get(condition, {}).get("techniques", [])
    rows = list(words.whole_techniques.values())
    rank = {code: place for place, code in enumerate(known)}
    rows.sort(key=lambda row: (-uses.get(row.code, 0), rank.get(row.code, len(rank))))
    chips = [_chip(row, note, words, previous, alerts, uses.get(row.code, 0)) for row in rows]
    first = sum(1 for row in rows if row.code in uses or row.code in rank)
    shown = min(first, FIRST) or FIRST
    return {
        "chips": chips[:shown],
        "more_chips": chips[shown:],
        "wants_light": asks_for_light(alerts),
        "session_minutes": _length(note),
    }


def _chip(
    technique: Technique,
    note: SessionNote,
    words: Vocabulary,
    previous: SessionNote | None,
    alerts: list[Alert],
    uses: int,
) -> Chip:
    last = next((row for row in previous.techniques.all() if row.technique_id == technique.pk), None) if previous else None
    side = last.side if last else (note.episode.side if note.episode else "none")
    found = cautions_for(alerts, technique=technique.code, family=technique.data.get("family", ""))
    return Chip(
        technique,
        uses,
        str(last.structure_id or "") if last else "",
        side if side in {"left", "right"} else "none",
        last.duration_minutes if last else None,
        [_sourced(caution, words) for caution in found],
        _references(technique.sources, words),
    )


def _sourced(caution: Caution, words: Vocabulary) -> Sourced:
    entry: Contraindication | None = words.contraindications.get(caution.code)
    if entry is None:
        return Sourced(caution, "", [])
    return Sourced(caution, entry.evidence, _references(entry.sources, words))


def _references(codes: list[str], words: Vocabulary) -> list[Reference]:
    return [words.references[code] for code in codes if code in words.references]


def _length(note: SessionNote) -> int:
    during = note.appointment.during
    return round((during.upper - during.lower).total_seconds() / 60)
