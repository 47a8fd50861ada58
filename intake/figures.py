"""What stands on a figure: marked places, where they run to, arrows between, lines drawn by hand.

The tag in templates, the SVG file and the PNG file draw from the same.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from intake import body_map
from intake.knowledge import source
from intake.rules import Mark, split_key
from intake.rules.marks import MIDLINE
from intake.rules.shapes import Point, anchor_of, arrow_path
from intake.rules.strokes import Stroke, read

LETTER = 14  # a letter's width on the figure, in its units
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


@dataclass(frozen=True, slots=True)
class Overlay:
    """What can be laid over a figure for staff: labels of dermatomes; the sides on which structures are outlined."""

    labels: tuple[tuple[int, int, str], ...]
    sides: str


def overlay_of(figure: Drawn, marks: Iterable[Mark]) -> Overlay:
    """Dermatomes from the clinical knowledge, on the regions wide enough for a label."""
    known = source.by_code("regions")
    labels = []
    for key, path in figure.view.regions.items():
        levels = known[split_key(key)[0]].get("dermatomes") or ()
        words = span_of(levels)
        if levels and body_map.box_of(path)[2] >= LETTER * len(words):
            x, y = anchor_of(path)
            labels.append((round(x), round(y), words))
    sides = {mark.side for mark in marks} - {MIDLINE}
    return Overlay(tuple(labels), " ".join(sorted(sides or {"left", "right"})))


def span_of(levels: Sequence[str]) -> str:
    """L1, L2, L3 as "L1–3"; L5, S1 as "L5 S1"."""
    spans: list[list[str]] = []
    for level in levels:
        is_next = spans and spans[-1][-1][0] == level[0] and int(spans[-1][-1][1:]) + 1 == int(level[1:])
        if is_next:
            spans[-1].append(level)
        else:
            spans.append([level])
    return " ".join(span[0] if len(span) == 1 else f"{span[0]}–{span[-1][1:]}" for span in spans)
