"""Structures in, or referring to, the marked regions: prompts, never a diagnosis."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from intake.body_map import quality_words, side_name
from intake.models import Reference, Structure
from intake.rules import Mark, match_structures
from treatments.vocabulary import vocabulary

EVIDENCE: dict[str, tuple[int, str | Promise]] = {
    "literature": (3, _("Known from literature")),
    "practitioner": (2, _("Known from practitioners")),
    "general": (1, _("Known from general knowledge")),
}
SHOWN_AT_ONCE = 8
SIDES = ("left", "right")


@dataclass(frozen=True, slots=True)
class Prompt:
    """One structure with its pattern, how well that is known, and where from."""

    structure: Structure
    regions: tuple[str, ...]
    sources: list[Reference]

    @property
    def evidence(self) -> str | Promise:
        return EVIDENCE[self.structure.evidence][1]

    @property
    def lies_in(self) -> str:
        """Regions by code, for the outlines on the figure."""
        return " ".join(self.structure.data.get("local_regions") or ())

    @property
    def refers_to(self) -> str:
        return " ".join(self.structure.data.get("referral_regions") or ())

    @property
    def dots(self) -> list[bool]:
        known = EVIDENCE[self.structure.evidence][0]
        return [step <= known for step in (1, 2, 3)]


@dataclass(frozen=True, slots=True)
class Group:
    title: str | Promise
    prompts: list[Prompt]

    @property
    def first(self) -> list[Prompt]:
        return self.prompts[:SHOWN_AT_ONCE]

    @property
    def rest(self) -> list[Prompt]:
        return self.prompts[SHOWN_AT_ONCE:]


@dataclass(frozen=True, slots=True)
class Choice:
    """Which marks the prompts look at. Nothing chosen: all of them."""

    quality: str
    side: str
    qualities: list[tuple[str, str]]
    sides: list[tuple[str, str]]

    @classmethod
    def of(cls, marks: Iterable[Mark], query: Mapping[str, str]) -> "Choice":
        """What the address asks for, as far as something is marked so."""
        marks = list(marks)
        words = quality_words()
        felt = dict.fromkeys(code for mark in marks for code in mark.qualities if code in words)
        sides = [side for side in SIDES if any(mark.side == side for mark in marks)]
        quality, side = query.get("quality", ""), query.get("side", "")
        return cls(
            quality if quality in felt else "",
            side if side in sides else "",
            [(code, words[code]) for code in felt],
            [(side, side_name(side)) for side in sides],
        )

    @property
    def can_choose(self) -> bool:
        return len(self.qualities) > 1 or len(self.sides) > 1


def prompts_for(marks: Iterable[Mark], *, quality: str = "", side: str = "") -> list[Group]:
    """Both groups in the order the matching rule gives. One query: the knowledge is kept in memory."""
    known = vocabulary()
    matches = match_structures(marks, known.whole_structures, quality=quality, side=side)
    found: dict[str, list[Prompt]] = {"local": [], "referral": []}
    for match in matches:
        sources = [known.references[code] for code in match.structure.sources if code in known.references]
        found[match.group].append(Prompt(match.structure, match.regions, sources))
    return [Group(_("In the region"), found["local"]), Group(_("Refers to it"), found["referral"])]
