"""Prompts for the therapist: structures in, or referring to, the marked regions.

Matching rule of `data/knowledge/README.md` and `meta.yaml` (region_matching): local before referral; within a group by
how many marked regions a structure touches, then by alphabet. No likelihood, no diagnosis, nothing serious hidden.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from intake.rules.marks import MIDLINE, Mark, marked_regions


class HasRegions(Protocol):
    @property
    def code(self) -> Any: ...
    @property
    def label(self) -> Any: ...
    @property
    def data(self) -> Any: ...


S = TypeVar("S", bound=HasRegions)

# Whatever is chosen, these are not left out (meta.yaml, region_matching, never): what is serious hides behind a muscle.
NEVER_LEFT_OUT = frozenset({"viscus", "vessel"})
NERVE_ROOTS = "nerve-root-"


@dataclass(frozen=True, slots=True)
class StructureMatch(Generic[S]):
    structure: S
    group: str  # "local" or "referral"
    regions: tuple[str, ...]  # codes of the marked regions it touches in this group


def match_structures(
    marks: Iterable[Mark], structures: Iterable[S], *, quality: str = "", side: str = ""
) -> list[StructureMatch[S]]:
    """Every structure that lies in a marked region or refers to one, each once, in the order the page shows.

    `quality` and `side` look only at the marks that feel so, or lie on that side or in the middle.
    """
    every = list(marks)
    marked = marked_regions(every, with_spread=False)
    chosen = marked_regions((mark for mark in every if _is_chosen(mark, quality, side)), with_spread=False)
    found = []
    for structure in structures:
        regions = marked if is_never_left_out(structure) else chosen
        for group, field in (("local", "local_regions"), ("referral", "referral_regions")):
            touched = _touched(structure.data.get(field) or (), regions)
            if touched:
                found.append(StructureMatch(structure, group, touched))
                break
    return sorted(found, key=lambda m: (m.group != "local", -len(m.regions), m.structure.label.casefold()))


def is_never_left_out(structure: HasRegions) -> bool:
    """Organs, vessels and nerve roots."""
    return structure.data.get("kind") in NEVER_LEFT_OUT or str(structure.code).startswith(NERVE_ROOTS)


def _is_chosen(mark: Mark, quality: str, side: str) -> bool:
    return (not quality or quality in mark.qualities) and (not side or mark.side in (side, MIDLINE))


def _touched(regions: Sequence[str], marked: set[str]) -> tuple[str, ...]:
    return tuple(region for region in regions if region in marked)
