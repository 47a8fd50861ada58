"""The chips of techniques: in whose order they stand, what one tap fills in, what stands beside them as a caution."""

from dataclasses import dataclass
from typing import Any

from clinic.people.models import Alert
from intake.models import Contraindication, Technique
from treatments.models import SessionNote
from treatments.rules.cautions import Caution, asks_for_light, cautions_for
from treatments.services.words import TECHNIQUE, uses_of
from treatments.vocabulary import Vocabulary

FIRST = 8  # chips in sight; the rest stands under "more"


@dataclass(frozen=True, slots=True)
class Limited:
    """A caution with where it comes from: an entry of the knowledge, or the client's record alone."""

    caution: Caution
    entry: Contraindication | None


@dataclass(frozen=True, slots=True)
class Chip:
    """One technique to tap, with what a tap fills in."""

    technique: Technique
    uses: int
    structure_id: str
    side: str
    minutes: int | None
    limits: list[Limited]

    @property
    def own_cautions(self) -> list[str]:
        """What the knowledge says of the technique itself."""
        return list(self.technique.data.get("cautions") or [])

    @property
    def is_grave(self) -> bool:
        return any(row.caution.is_grave for row in self.limits)


def technique_chips(
    note: SessionNote, words: Vocabulary, *, previous: SessionNote | None, alerts: list[Alert]
) -> dict[str, Any]:
    """What this therapist used most for this condition, what the knowledge names for it, then the rest. One query."""
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
        "all_chips": chips,
        "used_techniques": {row.technique_id for row in note.techniques.all()},
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
    done = previous.techniques.all() if previous else ()
    last = next((row for row in done if row.technique_id == technique.pk), None)
    side = last.side if last else (note.episode.side if note.episode else "")
    found = cautions_for(alerts, technique=technique.code, family=technique.data.get("family", ""))
    return Chip(
        technique,
        uses,
        str(last.structure_id or "") if last else "",
        side if side in {"left", "right"} else "none",
        last.duration_minutes if last else None,
        [Limited(caution, words.contraindications.get(caution.code)) for caution in found],
    )


def _length(note: SessionNote) -> int:
    """Minutes."""
    during: Any = note.appointment.during
    return int((during.upper - during.lower).total_seconds() // 60)
