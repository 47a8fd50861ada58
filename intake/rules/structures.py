"""Prompts for the therapist: structures in, or referring to, the marked regions.

Matching rule of `data/knowledge/README.md` and `meta.yaml` (region_matching): local before referral; within a group by
how many marked regions a structure touches, then by alphabet. No likelihood, no diagnosis, nothing serious hidden.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from intake.rules.marks import Mark, marked_regions


class HasRegions(Protocol):
    @property
    def label(self) -> Any: ...
    @property
    def data(self) -> Any: ...


S = TypeVar("S", bound=HasRegions)


@dataclass(frozen=True, slots=True)
class StructureMatch(Generic[S]):
    structure: S
    group: str  # "local" or "referral"
    regions: tuple[str, ...]  # codes of the marked regions it touches in this group


def match_structures(marks: Iterable[Mark], structures: Iterable[S]) -> list[StructureMatch[S]]:
    """Every structure that lies in a marked region or refers to one, each once, in the order the page shows."""
    marked = marked_regions(marks, with_spread=False)
    found = []
    for structure in structures:
        for group, field in (("local", "local_regions"), ("referral", "referral_regions")):
            touched = _touched(structure.data.get(field) or (), marked)
            if touched:
                found.append(StructureMatch(structure, group, touched))
                break
    return sorted(found, key=lambda m: (m.group != "local", -len(m.regions), m.structure.label.casefold()))


def _touched(regions: Sequence[str], marked: set[str]) -> tuple[str, ...]:
    return tuple(region for region in regions if region in marked)
