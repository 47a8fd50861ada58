"""Structures in, or referring to, the marked regions: prompts, never a diagnosis."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from intake.models import Reference, Structure
from intake.rules import Mark, match_structures

EVIDENCE: dict[str, tuple[int, str | Promise]] = {
    "literature": (3, _("Known from literature")),
    "practitioner": (2, _("Known from practitioners")),
    "general": (1, _("Known from general knowledge")),
}
SHOWN_AT_ONCE = 8


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


def prompts_for(marks: Iterable[Mark]) -> list[Group]:
    """Both groups in the order the matching rule gives: two queries."""
    matches = match_structures(marks, Structure.objects.current())
    codes = {code for match in matches for code in match.structure.sources}
    references = {row.code: row for row in Reference.objects.filter(code__in=codes)}
    found: dict[str, list[Prompt]] = {"local": [], "referral": []}
    for match in matches:
        sources = [references[code] for code in match.structure.sources if code in references]
        found[match.group].append(Prompt(match.structure, match.regions, sources))
    return [Group(_("In the region"), found["local"]), Group(_("Refers to it"), found["referral"])]
