"""Points, angles and smooth outlines. Angles in degrees: 0 to the right, 90 up; y grows downwards."""

from collections.abc import Sequence
from math import cos, hypot, radians, sin

from clinic.ui.drawing import Command, Path

Point = tuple[float, float]
Profile = Sequence[tuple[float, float, float]]  # part of the length, half width in front, half width behind


def polar(origin: Point, angle: float, length: float) -> Point:
    return (origin[0] + length * cos(radians(angle)), origin[1] - length * sin(radians(angle)))


def distance(a: Point, b: Point) -> float:
    return hypot(b[0] - a[0], b[1] - a[1])


def between(a: Point, b: Point, part: float) -> Point:
    return (a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part)


def direction(a: Point, b: Point) -> Point:
    length = distance(a, b) or 1
    return ((b[0] - a[0]) / length, (b[1] - a[1]) / length)


def left_of(d: Point) -> Point:
    """The direction a quarter turn against the clock, as seen."""
    return (d[1], -d[0])


def moved(origin: Point, along: Point, x: float, aside: Point, y: float) -> Point:
    """`x` steps along, `y` steps aside."""
    return (origin[0] + along[0] * x + aside[0] * y, origin[1] + along[1] * x + aside[1] * y)


def bend(start: Point, end: Point, first: float, second: float, *, to_left: bool) -> Point:
    """Where the middle joint of two segments lies that reach from start to end. Raises ValueError out of reach."""
    far = distance(start, end)
    if not abs(first - second) < far <= first + second:
        raise ValueError(f"{end} is {far:.1f} away, the limb reaches {abs(first - second):.1f} to {first + second:.1f}")
    along = (first**2 - second**2 + far**2) / (2 * far)
    aside = max(first**2 - along**2, 0) ** 0.5
    d = direction(start, end)
    return moved(start, d, along, left_of(d), aside if to_left else -aside)


def outline(a: Point, b: Point, profile: Profile, scale: float = 1, *, round_ends: bool = True) -> list[Point]:
    """The points around a segment, front side first; the front is at the left of the way from a to b."""
    d, length = direction(a, b), distance(a, b)
    aside = left_of(d)
    front = [moved(a, d, length * t, aside, f * scale) for t, f, _ in profile]
    back = [moved(a, d, length * t, aside, -r * scale) for t, _, r in reversed(profile)]
    if not round_ends:
        return front + back
    return front + _cap(b, d, aside, profile[-1], scale) + back + _cap(a, d, aside, profile[0], scale)[::-1]


def _cap(at: Point, d: Point, aside: Point, station: tuple[float, float, float], scale: float) -> list[Point]:
    t, f, r = station
    way, mean = (1 if t > 0.5 else -1), (f + r) / 2 * scale
    turns = ((0.72, f * 0.72), (1.0, (f - r) * 0.5), (0.72, -r * 0.72))
    return [moved(at, d, way * mean * reach, aside, side * scale) for reach, side in turns]


def closed(points: Sequence[Point]) -> Path:
    """A smooth closed outline through the points, always turning the same way, so that overlaps stay filled."""
    if _area(points) < 0:
        points = points[::-1]
    n = len(points)
    path: list[Command] = [("M", points[0])]
    for i in range(n):
        path.append(_arc(points[i - 1], points[i], points[(i + 1) % n], points[(i + 2) % n]))
    return (*path, ("Z", ()))


def smooth(points: Sequence[Point]) -> Path:
    """A smooth open line through the points."""
    ends = [points[0], *points, points[-1]]
    arcs = [_arc(*ends[i : i + 4]) for i in range(len(points) - 1)]
    return (("M", points[0]), *arcs)


def straight(points: Sequence[Point], *, close: bool = False) -> Path:
    lines = tuple(("L", point) for point in points[1:])
    return (("M", points[0]), *lines, *((("Z", ()),) if close else ()))


def circle(at: Point, radius: float, squash: float = 1) -> Path:
    return closed([(at[0] + radius * cos(k * 0.7854), at[1] + radius * squash * sin(k * 0.7854)) for k in range(8)])


def rounded(x: float, y: float, width: float, height: float, radius: float) -> Path:
    """A rectangle with round corners."""
    right, low, k, r = x + width, y + height, radius * 0.45, radius
    return (
        ("M", (x + r, y)),
        *(("L", (right - r, y)), ("C", (right - k, y, right, y + k, right, y + r))),
        *(("L", (right, low - r)), ("C", (right, low - k, right - k, low, right - r, low))),
        *(("L", (x + r, low)), ("C", (x + k, low, x, low - k, x, low - r))),
        *(("L", (x, y + r)), ("C", (x, y + k, x + k, y, x + r, y))),
        ("Z", ()),
    )


def spot(path: Sequence[Point], at: float) -> tuple[Point, Point]:
    """Point and direction of the smooth line through the points: 0 the first, 1 the second, straight beyond."""
    last = len(path) - 1
    if at <= 0 or at >= last:
        a, b = (path[0], path[1]) if at <= 0 else (path[-2], path[-1])
        d = direction(a, b)
        return moved(path[0] if at <= 0 else path[-1], d, (at if at <= 0 else at - last) * distance(a, b), d, 0), d
    i = int(at)
    p0, p1, p2, p3 = path[max(i - 1, 0)], path[i], path[i + 1], path[min(i + 2, last)]
    here, next_ = _catmull(p0, p1, p2, p3, at - i), _catmull(p0, p1, p2, p3, at - i + 0.02)
    return here, direction(here, next_)


def _catmull(p0: Point, p1: Point, p2: Point, p3: Point, t: float) -> Point:
    def one(a: float, b: float, c: float, d: float) -> float:
        return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)

    return (one(p0[0], p1[0], p2[0], p3[0]), one(p0[1], p1[1], p2[1], p3[1]))


def _arc(p0: Point, p1: Point, p2: Point, p3: Point) -> Command:
    """From p1 to p2; the handles are as long as this piece asks for, so that uneven steps make no loops."""
    reach = distance(p1, p2) * 0.36
    leave, arrive = direction(p0, p2), direction(p1, p3)
    out, back = moved(p1, leave, reach, leave, 0), moved(p2, arrive, -reach, arrive, 0)
    return ("C", (*out, *back, *p2))


def _area(points: Sequence[Point]) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(points, [*points[1:], points[0]], strict=True))
