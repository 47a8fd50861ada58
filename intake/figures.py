"""What stands on a figure: marked places, where they run to, arrows between, lines drawn by hand.

The tag in templates, the SVG file and the PNG file draw from the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from intake import body_map
from intake.rules import Mark
from intake.rules.shapes import Point, anchor_of, arrow_path
from intake.rules.strokes import Stroke, read

ENOUGH = 0.2  # of a place must be seen for a view to count as showing it


@dataclass(frozen=True, slots=True)
class Patch:
    """One filled place. `pain` is None when nobody said how strong."""

    key: str
    pain: int | None
    d: str
    is_spread: bool = False

    @property
    def anchor(self) -> Point:
        return anchor_of(self.d)


@dataclass(frozen=True, slots=True)
class Drawn:
    """Marks as they stand on one view, in the order they are painted."""

    view: body_map.View
    patches: tuple[Patch, ...]
    arrows: tuple[str, ...]
    strokes: tuple[str, ...]


def drawn(marks: Iterable[Any], view: str = "") -> Drawn:
    """`marks` are PainMark rows or rules.Mark. `view` empty: the one that shows most."""
    shown = [as_mark(mark) for mark in marks]
    chosen = body_map.views()[view or body_map.best_view(shown)]
    return Drawn(
        chosen,
        (*_spreads(shown, chosen), *_patches(shown, chosen)),
        tuple(filter(None, (_arrow(mark, chosen) for mark in shown))),
        tuple(mark.stroke.path for mark in shown if mark.stroke and mark.stroke.view == chosen.name),
    )


def as_mark(mark: Any) -> Mark:
    """A row or a Mark as a Mark."""
    if isinstance(mark, Mark):
        return mark
    return Mark(
        mark.region,
        mark.side,
        tuple(mark.qualities),
        mark.intensity,
        mark.course,
        mark.spreads_to,
        _stroke(mark.stroke),
    )


def _stroke(stored: Any) -> Stroke | None:
    return read(stored) if stored else None


def _patches(marks: list[Mark], view: body_map.View) -> list[Patch]:
    return [Patch(mark.key, mark.intensity, view.regions[mark.key]) for mark in marks if mark.key in view.regions]


def _spreads(marks: list[Mark], view: body_map.View) -> list[Patch]:
    """Each place that pain runs to once, as strong as the strongest that runs there."""
    own = {mark.key for mark in marks}
    levels: dict[str, int] = {}
    for mark in marks:
        if mark.spreads_to in view.regions and mark.spreads_to not in own:
            levels[mark.spreads_to] = max(levels.get(mark.spreads_to, 0), mark.intensity or 0)
    return [Patch(key, level, view.regions[key], is_spread=True) for key, level in levels.items()]


def _arrow(mark: Mark, view: body_map.View) -> str:
    start, end = view.regions.get(mark.key), view.regions.get(mark.spreads_to)
    if start is None or end is None:
        return ""
    return arrow_path(anchor_of(start), anchor_of(end), view.middle_x)


def views_for(marks: Iterable[Mark]) -> list[str]:
    """The fewest views that show every mark, the one that shows most first; the front when nothing is marked."""
    left = {mark.key for mark in marks}
    chosen: list[str] = []
    while left:
        seen = {name: {key for key in left if body_map.share_seen(key, name) >= ENOUGH} for name in body_map.views()}
        best = max(seen, key=lambda name: len(seen[name]))
        if not seen[best]:
            break
        chosen.append(best)
        left -= seen[best]
    return chosen or ["front"]
