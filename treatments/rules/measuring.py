"""What a measured number means beside the last one: within the error of measurement or beyond it. No forecast.

The error is the knowledge's least change beyond error (`mdc95`, or `mdc95_range` where studies differ); each figure's
source stands with it in `intake/data/knowledge/rom.yaml`. Where no error was found a change is never called real.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

WITHIN, UNCLEAR, BEYOND, UNKNOWN = "within", "unclear", "beyond", "unknown"
NUMBER = r"-?\d+(?:\.\d+)?"
BOUND = re.compile(rf"(<=|>=|<|>)\s*({NUMBER})")
SPAN = re.compile(r"(\d+(?:\.\d+)?)\s*-\s*(\d+(?:\.\d+)?)(?P<more>\s+\S.*)?$")


@dataclass(frozen=True, slots=True)
class Error:
    """The least change beyond the error of measurement: one figure, or where studies differ the least and the most."""

    low: float
    high: float

    @property
    def words(self) -> str:
        """ "9.7" or "8.6–13"."""
        return f"{self.low:g}" if self.low == self.high else f"{self.low:g}–{self.high:g}"


@dataclass(frozen=True, slots=True)
class Change:
    """The difference from the last visit, and how it stands to the error of measurement."""

    by: float
    kind: str

    @property
    def words(self) -> str:
        """ "+7", "−3", "±0"."""
        return f"+{self.by:g}" if self.by > 0 else f"−{-self.by:g}" if self.by < 0 else "±0"

    @property
    def is_real(self) -> bool:
        return self.kind == BEYOND


def error_of(data: Mapping[str, Any]) -> Error | None:
    """From an entry of the knowledge."""
    if data.get("mdc95") is not None:
        return Error(float(data["mdc95"]), float(data["mdc95"]))
    span = data.get("mdc95_range")
    return Error(float(min(span)), float(max(span))) if span else None


def change(now: float | None, last: float | None, error: Error | None) -> Change | None:
    """None unless both were measured. A change as large as the error is still within it."""
    if now is None or last is None:
        return None
    by = now - last
    if error is None:
        return Change(by, UNKNOWN)
    size = abs(by)
    return Change(by, WITHIN if size <= error.low else BEYOND if size > error.high else UNCLEAR)


def fits(when: str, value: float) -> bool:
    """Whether a value falls where a flag of the knowledge says: "<=115", "<15", "30-70 with familiar pain"."""
    bound = BOUND.match(when.strip())
    if bound:
        sign, limit = bound[1], float(bound[2])
        return {"<": value < limit, "<=": value <= limit, ">": value > limit, ">=": value >= limit}[sign]
    span = SPAN.match(when.strip())
    return bool(span) and float(span[1]) <= value <= float(span[2])  # type: ignore[index]


def condition_of(when: str) -> str:
    """What else a flag asks for, beside the number: "with familiar leg pain below the knee"."""
    span = SPAN.match(when.strip())
    return (span["more"] or "").strip() if span else ""


def flags_for(data: Mapping[str, Any], values: Iterable[float | None]) -> list[Mapping[str, Any]]:
    """The flags of a measure that any of its values falls under: prompts, never a diagnosis."""
    known = [value for value in values if value is not None]
    return [flag for flag in data.get("flags") or () if any(fits(flag["when"], value) for value in known)]


def leg_difference(right_mm: int | None, left_mm: int | None) -> int | None:
    """Right less left, in millimetres; None unless both were measured."""
    return None if right_mm is None or left_mm is None else right_mm - left_mm
