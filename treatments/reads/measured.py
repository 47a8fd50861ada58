"""Movements of a note: the boxes, the last visit beside them, and what the knowledge says of the numbers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.forms import BoundField

from intake.models import RangeOfMotion
from treatments.forms.measured import RangeForm, sides_of
from treatments.models import Finding
from treatments.rules.measuring import Change, Error, change, condition_of, error_of, fits

BAR = 96  # width of a normal range in the small chart
Last = Mapping[tuple[str, str, str], Finding]


@dataclass(frozen=True, slots=True)
class Measured:
    """One side of one movement: its boxes, and the last visit's value."""

    side: str
    angle: BoundField
    pain: BoundField
    remark: BoundField
    last: int | None
    error: Error | None

    @property
    def value(self) -> int | None:
        given = self.angle.value()
        try:
            return int(given)
        except (TypeError, ValueError):
            return None

    @property
    def change(self) -> Change | None:
        return change(self.value, self.last, self.error)


@dataclass(frozen=True, slots=True)
class Flag:
    """A prompt of the knowledge that a value may raise."""

    data: Mapping[str, Any]
    is_raised: bool

    @property
    def condition(self) -> str:
        return condition_of(self.data["when"])

    @property
    def limit(self) -> str:
        """ "≤ 115°"."""
        number = str(self.data["when"]).removesuffix(self.condition).strip()
        for sign, shown in (("<=", "≤ "), (">=", "≥ "), ("<", "< "), (">", "> "), ("-", "–")):
            if sign in number:
                return f"{number.replace(sign, shown)}°"
        return f"{number}°"


@dataclass(frozen=True, slots=True)
class MovementRow:
    movement: RangeOfMotion
    sides: tuple[Measured | None, Measured | None]

    @property
    def label(self) -> str:
        """ "Flexion" under the heading "Hip"."""
        return self.movement.label.removeprefix("Hip ").capitalize()

    @property
    def measured(self) -> list[Measured]:
        return [side for side in self.sides if side]

    @property
    def error(self) -> Error | None:
        return error_of(self.movement.data)

    @property
    def normal(self) -> int | None:
        normal = self.movement.data.get("normal")
        return int(normal) if normal else None

    @property
    def is_used(self) -> bool:
        """Whether there is anything in it, now or at the last visit."""
        return any(s.last is not None or s.angle.value() or s.pain.value() or s.remark.value() for s in self.measured)

    @property
    def has_remark(self) -> bool:
        return any(side.remark.value() for side in self.measured)

    @property
    def flags(self) -> list[Flag]:
        values = [side.value for side in self.measured if side.value is not None]
        flags = self.movement.data.get("flags") or ()
        return [Flag(flag, any(fits(flag["when"], value) for value in values)) for flag in flags]

    @property
    def bars(self) -> list["Bar"]:
        """A bar for each side over the normal range: value, last visit, and the error of measurement round that."""
        if not self.normal:
            return []
        return [Bar.of(side, self.normal, self.error) for side in self.measured]


@dataclass(frozen=True, slots=True)
class Bar:
    width: float
    last: float | None
    low: float
    spread: float

    @classmethod
    def of(cls, side: Measured, normal: int, error: Error | None) -> "Bar":
        def at(value: float | None) -> float:
            return round(min(max((value or 0) / normal, 0), 1) * BAR, 1)

        last = side.last
        margin = error.high if error else 0
        low = 0 if last is None else at(last - margin)
        spread = 0 if last is None or not error else at(last + margin) - low
        return cls(at(side.value), None if last is None else at(last), low, round(spread, 1))


def movement_rows(form: RangeForm, last: Last, sides: tuple[str, str]) -> list[MovementRow]:
    """A row for each movement the form has, the episode's side first."""
    rows = []
    for movement in form.movements:
        error, own = error_of(movement.data), sides_of(movement)
        shown: Iterable[str | None] = sides if len(own) == 2 else (own[0], None)
        first, other = (_measured(form, movement.code, side, last, error) for side in shown)
        rows.append(MovementRow(movement, (first, other)))
    return rows


def _measured(form: RangeForm, code: str, side: str | None, last: Last, error: Error | None) -> Measured | None:
    if side is None:
        return None
    name = f"{code}-{side}"
    before = last.get((Finding.Kind.RANGE_OF_MOTION.value, code, side))
    angle = before.angle_degrees if before else None
    return Measured(side, form[name], form[f"{name}-pain"], form[f"{name}-remark"], angle, error)
