"""A pain map as a sheet of shapes and words: what the SVG and the PNG both draw, in the same order."""

import datetime as dt
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from intake import body_map
from intake.exports.palette import COLOURS, on_pain, pain_colour
from intake.figures import Drawn, Patch, as_mark, drawn
from intake.rules import Mark

WIDTH, FIGURE_HEIGHT, EDGE = 640, 760, 28
HEAD, SIDES, SCALE, LINE = 64, 34, 58, 24
LINE_LETTERS = 66


@dataclass(frozen=True, slots=True)
class Shape:
    """A path in the figure's units. `is_closed` paths are regions (M, l, z), the others lines (M, L, Q)."""

    d: str
    fill: str = ""
    stroke: str = ""
    width: float = 0
    opacity: float = 1.0
    is_dashed: bool = False
    is_closed: bool = True


@dataclass(frozen=True, slots=True)
class Words:
    """A line of text on the sheet; x and y are its anchor at the base line."""

    text: str
    x: float
    y: float
    size: int
    colour: str
    anchor: str = "start"  # start, middle, end
    is_bold: bool = False
    halo: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    width: float
    height: float
    fill: str = ""


@dataclass(frozen=True, slots=True)
class Scene:
    """`placed` is how the figure's units lie on the sheet: scale, left, top. `window` is what is seen of the figure."""

    width: int
    height: int
    title: str
    spoken: str
    placed: tuple[float, float, float]
    window: Box
    shapes: tuple[Shape, ...]
    boxes: tuple[Box, ...]
    words: tuple[Words, ...]


def scene_of(marks: Iterable[object], view: str, *, drawn_on: dt.date) -> Scene:
    """A sheet with the view's name, the day, whose left and right, every mark with its number, and a scale."""
    known = [as_mark(mark) for mark in marks]
    figure = drawn(known, view)
    crop = _crop(figure)
    placed = _placed(crop)
    window = Box((WIDTH - crop[2] * placed[0]) / 2, HEAD, crop[2] * placed[0], FIGURE_HEIGHT)
    foot = HEAD + FIGURE_HEIGHT
    lines = list(_lines(known, figure.view))
    height = foot + SIDES + SCALE + LINE * len(lines) + EDGE
    day, name = date_format(drawn_on, "DATE_FORMAT"), body_map.view_name(view)
    words = (
        Words(_("Pain map: %(view)s") % {"view": name}, EDGE, 42, 24, COLOURS["ink"], is_bold=True),
        Words(day, WIDTH - EDGE, 42, 20, COLOURS["ink-soft"], "end"),
        *_side_words(view, foot + 24),
        *_numbers(figure, placed),
        *_scale_words(foot + SIDES),
        *(
            Words(line, EDGE, foot + SIDES + SCALE + 22 + LINE * row, 16, COLOURS["ink"])
            for row, line in enumerate(lines)
        ),
    )
    return Scene(
        WIDTH,
        height,
        _("Pain map, %(view)s, %(day)s") % {"view": name, "day": day},
        body_map.spoken(known) or _("Nothing was marked."),
        placed,
        window,
        tuple(_shapes(figure)),
        tuple(_scale_boxes(foot + SIDES)),
        words,
    )


def _crop(figure: Drawn) -> body_map.Box:
    """The lower half when everything marked lies in it, else the whole figure."""
    left, top, width, height = figure.view.lower
    boxes = [body_map.box_of(patch.d) for patch in figure.patches]
    fits = all(x >= left and y >= top and x + w <= left + width and y + h <= top + height for x, y, w, h in boxes)
    return figure.view.lower if fits else figure.view.whole


def _placed(crop: body_map.Box) -> tuple[float, float, float]:
    scale = min((WIDTH - 2 * EDGE) / crop[2], FIGURE_HEIGHT / crop[3])
    left = (WIDTH - crop[2] * scale) / 2 - crop[0] * scale
    top = HEAD + (FIGURE_HEIGHT - crop[3] * scale) / 2 - crop[1] * scale
    return scale, left, top


def _shapes(figure: Drawn) -> Iterator[Shape]:
    view = figure.view
    yield Shape(view.outline, fill=COLOURS["skin"])
    for path in view.regions.values():
        yield Shape(path, stroke=COLOURS["skin-seam"], width=2.5)
    for patch in figure.patches:
        yield _patch(patch)
    for path in view.shades:
        yield Shape(path, fill=COLOURS["skin-shade"], opacity=0.11)
    yield Shape(view.outline, stroke=COLOURS["skin-outline"], width=4)
    for path in figure.arrows:
        yield Shape(path, stroke=COLOURS["ink-soft"], width=6, is_closed=False)
    for path in figure.strokes:
        yield Shape(path, stroke=COLOURS["info"], width=5, is_closed=False)


def _patch(patch: Patch) -> Shape:
    opacity = 0.45 if patch.is_spread else 1.0
    return Shape(patch.d, pain_colour(patch.pain), COLOURS["pain-edge"], 3, opacity, patch.is_spread)


def _side_words(view: str, y: float) -> tuple[Words, ...]:
    """Whose left and right: the figure is seen as the client stands before you, or turned round."""
    left, right = _("Client's left"), _("Client's right")
    sides = {"front": (right, left), "back": (left, right), "soles": (right, left)}
    if view not in sides:
        middle = _("Client's left side") if view == "left" else _("Client's right side")
        return (Words(middle, WIDTH / 2, y, 16, COLOURS["ink-soft"], "middle"),)
    first, second = sides[view]
    return (
        Words(first, EDGE, y, 16, COLOURS["ink-soft"]),
        Words(second, WIDTH - EDGE, y, 16, COLOURS["ink-soft"], "end"),
    )


def _numbers(figure: Drawn, placed: tuple[float, float, float]) -> Iterator[Words]:
    """Each mark's number on its place: it reads without colour."""
    scale, left, top = placed
    for patch in figure.patches:
        if patch.pain is None or patch.is_spread:
            continue
        x, y = patch.anchor
        at = (left + x * scale, top + y * scale + 6)
        yield Words(str(patch.pain), *at, 17, on_pain(patch.pain), "middle", is_bold=True, halo=pain_colour(patch.pain))


def _scale_boxes(y: float) -> Iterator[Box]:
    step = (WIDTH - 2 * EDGE) / 11
    for pain in range(11):
        yield Box(EDGE + pain * step, y + 4, step, 18, pain_colour(pain))


def _scale_words(y: float) -> Iterator[Words]:
    step = (WIDTH - 2 * EDGE) / 11
    for pain in range(11):
        yield Words(str(pain), EDGE + (pain + 0.5) * step, y + 18, 13, on_pain(pain), "middle", is_bold=True)
    yield Words(_("No pain"), EDGE, y + 40, 14, COLOURS["ink-soft"])
    yield Words(_("Worst imaginable"), WIDTH - EDGE, y + 40, 14, COLOURS["ink-soft"], "end")


def _lines(marks: list[Mark], view: body_map.View) -> Iterator[str]:
    """Every mark in words; those that another view shows say so."""
    words = body_map.quality_words()
    for mark in marks:
        facts = [_("%(number)s of 10") % {"number": mark.intensity}] if mark.intensity is not None else []
        facts += [words.get(code, code).lower() for code in mark.qualities]
        if mark.spreads_to:
            facts.append(_("spreads to %(place)s") % {"place": body_map.place_words(mark.spreads_to)})
        if mark.key not in view.regions:
            facts.append(_("not seen from here"))
        line = f"{body_map.place_name(mark.key)}: {', '.join(facts)}" if facts else body_map.place_name(mark.key)
        yield from textwrap.wrap(line, LINE_LETTERS, subsequent_indent="    ")
