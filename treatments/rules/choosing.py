"""What an episode is about: in which order conditions are offered, which side, which code. No likelihood anywhere."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

SIDES = ("left", "right")
UNSPECIFIED = "unspecified"
# What a side of an episode is called in the codes; tried in this order.
_BY_SIDE = {"left": ("left",), "right": ("right",), "both": ("bilateral",), "none": ()}
_OF_SIDES = frozenset({*SIDES, "bilateral", UNSPECIFIED, "unilateral_unspecified"})


class Choosable(Protocol):
    @property
    def label(self) -> str: ...

    @property
    def regions(self) -> Sequence[str]: ...


T = TypeVar("T", bound=Choosable)


@dataclass(frozen=True, slots=True)
class Code:
    """One ICD-10-CM code with the path that leads to it: `("with_low_back_pain", "right")`."""

    code: str
    path: tuple[str, ...]

    @property
    def variant(self) -> str:
        return "" if not self.path or self.path[0] in _OF_SIDES else self.path[0]

    @property
    def words(self) -> str:
        """The path as words."""
        return ", ".join(part.replace("_", " ") for part in self.path)


def by_regions(conditions: Iterable[T], marked: Iterable[str]) -> list[tuple[T, int]]:
    """Conditions that touch a marked region, each with how many: the most first, then by alphabet."""
    places = frozenset(marked)
    touched = ((one, len(places.intersection(one.regions))) for one in conditions)
    return sorted(((one, n) for one, n in touched if n), key=lambda pair: (-pair[1], pair[0].label.casefold()))


def side_of(sides: Iterable[str]) -> str:
    """The side of an episode by the sides of the marks: one, both, or none when only the middle is marked."""
    found = {side for side in sides if side in SIDES}
    return "both" if len(found) > 1 else next(iter(found), "none")


def codes_in(icd10cm: Any) -> list[Code]:
    """Every code of a condition, as its knowledge has them."""
    return list(_walk(icd10cm, ())) if isinstance(icd10cm, Mapping) else []


def _walk(node: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[Code]:
    for key, value in node.items():
        if isinstance(value, Mapping):
            yield from _walk(value, (*path, key))
        elif isinstance(value, str):
            yield Code(value, (*path, key))


def code_for(icd10cm: Any, side: str, variant: str = "") -> str:
    """The code for a side; the one without a side where there is none; empty without any."""
    node = icd10cm.get(variant) if variant and isinstance(icd10cm, Mapping) else icd10cm
    if isinstance(node, str):
        return node
    if not isinstance(node, Mapping):
        return ""
    for key in (*_BY_SIDE.get(side, ()), UNSPECIFIED):
        if isinstance(node.get(key), str):
            return str(node[key])
    return ""


def turned(icd10cm: Any, code: str, side: str) -> str:
    """The same diagnosis coded for another side; a code that does not belong to the condition gives way."""
    known = next((one for one in codes_in(icd10cm) if one.code == code), None)
    return code_for(icd10cm, side, known.variant if known else "") or code
