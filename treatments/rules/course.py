"""The course of one score: points of a chart, and what it says in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

NARROW, WIDE, HEIGHT = 340.0, 560.0, 96.0
LEFT, RIGHT, TOP, FLOOR = 18.0, 18.0, 22.0, 72.0


@dataclass(frozen=True, slots=True)
class Point:
    """One score where it stands in the chart; `label` is its day."""

    x: float
    y: float
    value: Decimal
    label: str
    is_last: bool

    @property
    def above(self) -> float:
        """Where its number stands."""
        return self.y - 9


@dataclass(frozen=True, slots=True)
class Chart:
    points: list[Point]
    path: str
    goal_y: float | None
    width: float
    is_lower_better: bool = True
    is_pain: bool = False
    height: float = HEIGHT

    @property
    def base(self) -> float:
        """Where the days stand."""
        return HEIGHT - 4

    @property
    def band_y(self) -> float:
        """The upper edge of the band: scores in it have reached the goal, below it or above it as is better."""
        return (self.goal_y or 0) if self.is_lower_better else 0.0

    @property
    def band_height(self) -> float:
        """From the goal to the foot of the chart, or to its top."""
        return FLOOR + 6 - (self.goal_y or 0) if self.is_lower_better else (self.goal_y or 0)


def goal(baseline: Decimal | float, *, threshold: float | None, is_lower_better: bool) -> float | None:
    """The value that is the least change that matters away from the start; None without a threshold, or below 0."""
    if threshold is None:
        return None
    value = float(baseline) - threshold if is_lower_better else float(baseline) + threshold
    return value if value >= 0 else None


def chart(
    values: Sequence[Decimal],
    labels: Sequence[str],
    *,
    low: float,
    high: float,
    goal: float | None,
    width: float = NARROW,
    is_lower_better: bool = True,
    is_pain: bool = False,
) -> Chart:
    """Points from left to right, evenly spaced; larger values stand higher."""
    step = (width - LEFT - RIGHT) / max(len(values) - 1, 1)
    points = [
        Point(
            round(LEFT + index * step, 1),
            round(_y(float(value), low, high), 1),
            value,
            label,
            index == len(values) - 1,
        )
        for index, (value, label) in enumerate(zip(values, labels, strict=True))
    ]
    path = "".join(f"{'L' if index else 'M'}{point.x} {point.y}" for index, point in enumerate(points))
    goal_y = None if goal is None else round(_y(goal, low, high), 1)
    return Chart(points, path, goal_y, width, is_lower_better, is_pain)


def _y(value: float, low: float, high: float) -> float:
    share = (min(max(value, low), high) - low) / ((high - low) or 1)
    return FLOOR - share * (FLOOR - TOP)


def since_start(first: Decimal, last: Decimal) -> str:
    """ "4 less than at the start"."""
    if first == last:
        return _("the same as at the start")
    number = plain(abs(last - first))
    if last < first:
        return _("%(number)s less than at the start") % {"number": number}
    return _("%(number)s more than at the start") % {"number": number}


def plain(value: Any) -> str:
    """A score without trailing zeros."""
    return f"{Decimal(value).normalize():f}"
