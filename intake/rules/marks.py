"""What is marked on the body map. A place's key is CODE on the midline, else CODE.left or CODE.right."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from intake.rules.strokes import Stroke

MIDLINE = "midline"
SIDES = ("left", "right", MIDLINE)


@dataclass(frozen=True, slots=True)
class Mark:
    """One marked place. `spreads_to` is a key too, or empty."""

    region: str
    side: str = MIDLINE
    qualities: tuple[str, ...] = ()
    intensity: int | None = None
    course: str = ""
    spreads_to: str = ""
    stroke: Stroke | None = None  # drawn by hand over one view

    @property
    def key(self) -> str:
        return self.region if self.side == MIDLINE else f"{self.region}.{self.side}"


Places = Mapping[str, tuple[str, ...]]


def split_key(key: str) -> tuple[str, str]:
    """The region's code and side: `groin.left` → (`groin`, `left`); `sacrum` → (`sacrum`, `midline`)."""
    code, _, side = key.partition(".")
    return code, side or MIDLINE


def keys_of(region: Mapping[str, Any]) -> tuple[str, ...]:
    """The keys of a region's entry, one for each side it has."""
    code = str(region["code"])
    return tuple(code if side == MIDLINE else f"{code}.{side}" for side in region["sides"])


def marked_regions(marks: Iterable[Mark], *, with_spread: bool = True) -> set[str]:
    """Codes of what is marked and, unless told otherwise, of where the pain runs to."""
    found: set[str] = set()
    for mark in marks:
        found.add(mark.region)
        if with_spread and mark.spreads_to:
            found.add(split_key(mark.spreads_to)[0])
    return found
