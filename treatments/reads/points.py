"""Trigger points as they stand on the body map: plain geometry, drawn alike on the page, in the note and on paper."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from intake import body_map
from intake.rules.shapes import Point, anchor_of, arrow_path, lines_of
from treatments.models import Finding
from treatments.rules.spots import Spot, lenient, parse

NEAR = ("lateral-hip", "groin", "anterior-hip", "buttock-upper", "buttock-lower", "iliac-crest", "sacrum", "sacroiliac")
MARGIN, LEAST = 60, 420
Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class PlacedPoint:
    """One point. `number` is its place in the note's list; `is_own_pain`: pressing it gives the client's own pain."""

    number: int
    x: int
    y: int
    is_own_pain: bool


@dataclass(frozen=True, slots=True)
class Arrow:
    """From a point to where it refers, bent to the outside: as path data, and as lines of points for paper."""

    number: int
    path: str

    @property
    def lines(self) -> list[list[Point]]:
        return lines_of(self.path)


@dataclass(frozen=True, slots=True)
class PointsFigure:
    """One view with its points, in the view's own units. `earlier` are those of the visit before, shown hollow."""

    view: body_map.View
    box: Box
    points: tuple[PlacedPoint, ...]
    arrows: tuple[Arrow, ...]
    earlier: tuple[tuple[int, int], ...] = ()

    @property
    def view_box(self) -> str:
        return " ".join(str(n) for n in self.box)

    @property
    def radius(self) -> float:
        """Of a point's disc: as large on the page whatever is cut out."""
        return round(max(self.box[2], self.box[3] * 0.75) / 17, 1)

    @property
    def letter(self) -> float:
        return round(self.radius * 1.25, 1)


def figures_of(findings: Iterable[Finding], earlier: Iterable[Finding] = ()) -> list[PointsFigure]:
    """A figure for every view on which a trigger point was placed, the one with most of them first. No query."""
    points = [row for row in findings if row.kind == Finding.Kind.TRIGGER_POINT]
    placed = [(number, row, spot) for number, row in enumerate(points, 1) if (spot := lenient(row.spot))]
    before = [spot for row in earlier if row.kind == Finding.Kind.TRIGGER_POINT and (spot := lenient(row.spot))]
    views = [spot.view for _number, _row, spot in placed]
    return [_figure(name, placed, before) for name in sorted(set(views), key=lambda name: (-views.count(name), name))]


def _figure(name: str, placed: list[tuple[int, Finding, Spot]], before: list[Spot]) -> PointsFigure:
    here = [(number, row, spot) for number, row, spot in placed if spot.view == name]
    view = body_map.views()[name]
    ends = {number: arrow_end(spot, row.refers_to) for number, row, spot in here}
    arrows = tuple(
        Arrow(number, arrow_path(spot.at, end, view.middle_x)) for number, _row, spot in here if (end := ends[number])
    )
    shown = [spot.at for _number, _row, spot in here] + [end for end in ends.values() if end]
    return PointsFigure(
        view,
        cut_out(view, shown),
        tuple(PlacedPoint(number, spot.x, spot.y, row.reproduces_pain) for number, row, spot in here),
        arrows,
        tuple(spot.at for spot in before if spot.view == name),
    )


def arrow_end(spot: Spot, refers_to: str) -> Point | None:
    """Where the arrow of a point ends: where it was pointed, else the middle of the region if the view shows it."""
    if spot.to:
        return spot.to
    path = body_map.views()[spot.view].regions.get(refers_to)
    return anchor_of(path) if path else None


def cut_out(view: body_map.View, points: Iterable[Point]) -> Box:
    """The hip of a view, and as much more as its points and arrows need."""
    left, top, width, height = near_hip(view.name)
    xs, ys = [left, left + width], [top, top + height]
    for x, y in points:
        xs += [round(x) - MARGIN, round(x) + MARGIN]
        ys += [round(y) - MARGIN, round(y) + MARGIN]
    return (min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))


def near_hip(name: str) -> Box:
    """The box round the hips of a view, with some room; the soles whole."""
    view = body_map.views()[name]
    boxes = [body_map.box_of(path) for key, path in view.regions.items() if key.partition(".")[0] in NEAR]
    if not boxes:
        return view.whole
    left, top = min(b[0] for b in boxes), min(b[1] for b in boxes)
    right, bottom = max(b[0] + b[2] for b in boxes), max(b[1] + b[3] for b in boxes)
    height = max(bottom - top + 2 * MARGIN, LEAST)
    return (left - MARGIN // 2, top - MARGIN, right - left + MARGIN, height)


def editing(points: Any, previous: Iterable[Finding], view: str) -> dict[str, Any]:
    """What the map of the editor begins with: its view, the crops of each view, and last visit's points."""
    before = [spot for row in previous if row.kind == Finding.Kind.TRIGGER_POINT and (spot := lenient(row.spot))]
    rows = [spot for form in points for spot in [_spot_of(form)] if spot]
    views = body_map.views()
    first = next((spot.view for spot in (*rows, *before)), view)
    return {
        "view": views[first],
        "box": " ".join(str(n) for n in near_hip(first)),
        "views": [(name, body_map.view_name(name)) for name in views if name != "soles"],
        "crops": {name: {"hip": near_hip(name), "leg": views[name].lower} for name in views},
        "middles": {name: view.middle_x for name, view in views.items()},
        "earlier": [(spot.view, spot.x, spot.y) for spot in before],
    }


def _spot_of(form: Any) -> Spot | None:
    value = form["spot"].value()
    try:
        return parse(str(value or ""))
    except ValueError:
        return None
