"""The geometry of the body map at the server: outlines, anchors, arrows, as in `body-map-geometry.js`.

All lengths are in a view's own units.
"""

import math
import re
from collections.abc import Iterable
from functools import lru_cache

Point = tuple[float, float]
Outline = tuple[Point, ...]
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
COMMAND = re.compile(r"([MLQ])([^MLQ]*)")
ARROW_BEND, ARROW_HEAD, WING = 0.28, 30, 0.5
CURVE_STEPS = 16


@lru_cache(maxsize=512)
def outlines_of(path: str) -> tuple[Outline, ...]:
    """Outlines of a path made of absolute `M`, relative `l` and `z`."""
    return tuple(_outline([float(n) for n in NUMBER.findall(part)]) for part in path.split("M")[1:])


def _outline(numbers: list[float]) -> Outline:
    x, y = numbers[0], numbers[1]
    points = [(x, y)]
    for dx, dy in zip(numbers[2::2], numbers[3::2], strict=False):
        x, y = x + dx, y + dy
        points.append((x, y))
    return tuple(points)


def double_area(points: Outline) -> float:
    """Twice the signed area of an outline."""
    return sum(p[0] * q[1] - q[0] * p[1] for p, q in _edges(points))


def area_of(path: str) -> float:
    """The area of a path's outlines together."""
    return sum(abs(double_area(points)) for points in outlines_of(path)) / 2


def _edges(points: Outline) -> Iterable[tuple[Point, Point]]:
    return zip(points, (*points[1:], points[0]), strict=True)


def _crossings(points: Outline, y: float) -> list[float]:
    """Where a level line meets the outline, from left to right."""
    met = [(q[0] - p[0]) * (y - p[1]) / (q[1] - p[1]) + p[0] for p, q in _edges(points) if (p[1] > y) != (q[1] > y)]
    return sorted(met)


def contains(points: Outline, point: Point) -> bool:
    """Whether a point lies inside an outline (even-odd)."""
    return sum(point[0] < x for x in _crossings(points, point[1])) % 2 == 1


@lru_cache(maxsize=512)
def anchor_of(path: str) -> Point:
    """A point that surely lies inside the largest part of a region."""
    largest = max(outlines_of(path), key=lambda points: abs(double_area(points)))
    xs, ys = [p[0] for p in largest], [p[1] for p in largest]
    centre = ((min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2)
    if contains(largest, centre):
        return centre
    met = _crossings(largest, centre[1] + 0.5)
    low, high = max(zip(met[::2], met[1::2], strict=False), key=lambda pair: pair[1] - pair[0])
    return ((low + high) / 2, centre[1] + 0.5)


def arrow_path(start: Point, end: Point, middle_x: float, head: float = ARROW_HEAD) -> str:
    """An arrow from one point to another, bent to the outside of the figure, as path data."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = math.hypot(dx, dy) or 1
    normal = (-dy / length, dx / length)
    out = -1 if (start[0] + end[0]) / 2 < middle_x else 1
    sign = 1 if math.copysign(1, normal[0] or 1) == out else -1
    bend = tuple((start[i] + end[i]) / 2 + sign * normal[i] * length * ARROW_BEND for i in (0, 1))
    angle = math.atan2(end[1] - bend[1], end[0] - bend[0])
    wings = [
        _at((end[0] - head * math.cos(angle + turn), end[1] - head * math.sin(angle + turn))) for turn in (WING, -WING)
    ]
    return f"M{_at(start)}Q{_at((bend[0], bend[1]))} {_at(end)}M{wings[0]}L{_at(end)}L{wings[1]}"


def _at(point: Point) -> str:
    return f"{whole(point[0])} {whole(point[1])}"


def whole(number: float) -> int:
    """Rounded as browsers do: a half goes up."""
    return math.floor(number + 0.5)


def lines_of(path: str) -> list[list[Point]]:
    """A path of absolute `M`, `L` and `Q` as lines of points, its curves in short pieces."""
    lines: list[list[Point]] = []
    for command, rest in COMMAND.findall(path):
        numbers = [float(n) for n in NUMBER.findall(rest)]
        points = list(zip(numbers[::2], numbers[1::2], strict=True))
        if command == "M":
            lines.append(points)
        elif command == "L":
            lines[-1].extend(points)
        else:
            lines[-1].extend(_curve(lines[-1][-1], points[0], points[1]))
    return lines


def _curve(start: Point, bend: Point, end: Point) -> list[Point]:
    steps = [step / CURVE_STEPS for step in range(1, CURVE_STEPS + 1)]
    return [(_between(start[0], bend[0], end[0], t), _between(start[1], bend[1], end[1], t)) for t in steps]


def _between(start: float, bend: float, end: float, t: float) -> float:
    return (1 - t) ** 2 * start + 2 * (1 - t) * t * bend + t**2 * end
