"""Coordinates of the report's figures, as SVG attributes. Pure."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

WHISKER_WIDTH, WHISKER_PADDING = 172.0, 6.0
SHARE_WIDTH, RATE_WIDTH = 90.0, 48.0
TINY_WIDTH, TINY_HEIGHT, TINY_PADDING = 64.0, 28.0, 3.0
CURVE_LEFT, CURVE_RIGHT, CURVE_TOP, CURVE_BOTTOM = 76.0, 620.0, 12.0, 186.0


@dataclass(frozen=True, slots=True)
class Axis:
    """A horizontal axis in points of improvement that all rows share."""

    low: float
    high: float
    threshold: float | None

    @classmethod
    def over(cls, intervals: Iterable[tuple[float, float]], threshold: float | None) -> "Axis":
        """From nothing to twice the threshold, wider when an interval needs it."""
        ends = [end for interval in intervals for end in interval]
        step = tick_step(max([2 * (threshold or 1), *ends]) - min([0.0, *ends]))
        low = math.floor(min([0.0, *ends]) / step) * step
        high = math.ceil(max([2 * (threshold or 1), *ends]) / step) * step
        return cls(low, high, threshold)

    def x(self, value: float) -> float:
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return round(WHISKER_PADDING + share * (WHISKER_WIDTH - 2 * WHISKER_PADDING), 1)

    @property
    def ticks(self) -> list[dict[str, Any]]:
        step = tick_step(self.high - self.low)
        count = round((self.high - self.low) / step)
        values = [round(self.low + index * step, 6) for index in range(count + 1)]
        return [{"x": self.x(value), "value": value, "is_threshold": value == self.threshold} for value in values]

    @property
    def threshold_x(self) -> float | None:
        return None if self.threshold is None else self.x(self.threshold)


def tick_step(span: float) -> float:
    """1, 2 or 5 times a power of ten, so that a span has about four steps."""
    rough = max(span, 1e-9) / 4
    power = 10.0 ** math.floor(math.log10(rough))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * 0.999)


def whisker(axis: Axis, mean: float, interval: tuple[float, float] | None) -> dict[str, Any]:
    """Dot and whisker of one row."""
    low, high = interval or (mean, mean)
    return {"low": axis.x(low), "high": axis.x(high), "mean": axis.x(mean)}


def share_bar(share: float, interval: tuple[float, float]) -> dict[str, float]:
    return {
        "width": round(share * SHARE_WIDTH, 1),
        "low": round(interval[0] * SHARE_WIDTH, 1),
        "high": round(interval[1] * SHARE_WIDTH, 1),
    }


def tiny_course(points: Sequence[tuple[float, float]], *, lowest: float, highest: float) -> dict[str, Any]:
    """A small line through (week, mean) points; larger values stand higher."""
    last_week = max((week for week, _value in points), default=0) or 1
    span = (highest - lowest) or 1
    drawn = [
        (
            round(TINY_PADDING + week / last_week * (TINY_WIDTH - 2 * TINY_PADDING), 1),
            round(TINY_HEIGHT - TINY_PADDING - (value - lowest) / span * (TINY_HEIGHT - 2 * TINY_PADDING), 1),
        )
        for week, value in points
    ]
    return {"path": path_of(drawn), "last": drawn[-1] if drawn else None}


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """One week of the curve, in the measure's own points."""

    weeks: int
    mean: float
    interval: tuple[float, float]
    bounds: tuple[float, float]


def curve(points: Sequence[CurvePoint], *, lowest: float, threshold_line: float | None) -> dict[str, Any]:
    """Paths of line, interval and bounds, with ticks. x grows with the weeks."""
    if not points:
        return {}
    tops = [end for point in points for end in (*point.interval, *point.bounds)]
    step = tick_step(max(tops) - lowest)
    highest = math.ceil(max(tops) / step) * step

    def x(weeks: float) -> float:
        return round(CURVE_LEFT + weeks / (points[-1].weeks or 1) * (CURVE_RIGHT - CURVE_LEFT), 1)

    def y(value: float) -> float:
        share = (min(max(value, lowest), highest) - lowest) / ((highest - lowest) or 1)
        return round(CURVE_BOTTOM - share * (CURVE_BOTTOM - CURVE_TOP), 1)

    def band(edges: Sequence[tuple[float, float]]) -> str:
        places = [x(point.weeks) for point in points]
        upper = [(place, y(high)) for place, (_low, high) in zip(places, edges, strict=True)]
        lower = [(place, y(low)) for place, (low, _high) in zip(places, edges, strict=True)]
        return f"{path_of([*upper, *reversed(lower)])}z"

    line = [(x(point.weeks), y(point.mean)) for point in points]
    last = points[-1]
    return {
        "line": path_of(line),
        "dots": line,
        "ribbon": band([point.interval for point in points]),
        "bounds": band([point.bounds for point in points]),
        "threshold": None if threshold_line is None else y(threshold_line),
        "y_ticks": [
            {"y": y(lowest + index * step), "value": round(lowest + index * step, 6)}
            for index in range(round((highest - lowest) / step) + 1)
        ],
        "weeks": [{"x": x(point.weeks), "weeks": point.weeks} for point in points],
        "last": {"mean": y(last.mean), **dict(zip(("low", "high"), map(y, last.bounds), strict=True))},
        "left": CURVE_LEFT,
        "right": CURVE_RIGHT,
    }


def path_of(points: Iterable[tuple[float, float]]) -> str:
    return "".join(f"{'L' if index else 'M'}{x} {y}" for index, (x, y) in enumerate(points))
