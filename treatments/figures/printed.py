"""A figure as plain shapes with colours of ink on paper, for a PDF."""

from functools import cache

from clinic.ui.drawing import Drawing, Path, Shape
from treatments.figures.body import Part
from treatments.figures.poses import FIGURES
from treatments.figures.scene import HEIGHT, WIDTH, Figure

PAPER = "#ffffff"
FILLS = {
    "trousers": "#2d3734",
    "trousers-far": "#8f9895",
    "shirt": "#7fa99c",
    "shirt-far": "#c3d5cf",
    "skin": "#b69b8c",
    "skin-far": "#dccec6",
    "hair": "#59625f",
    "eye": "#17211e",
    "ghost": "#dfe2e1",
    "guide": "#0c5a4e",
    "glow": "#d9a04f",
    "mat": "#e4e3df",
    "mat-edge": "#bcbab4",
    "prop": "#ffffff",
    "belt": "#ffffff",
    "shoe": "#6b7471",
    "shoe-far": "#b9bfbd",
    "mark": "#48524f",
    "moon": "#d9a04f",
    "water": "#e8f0f9",
}
STROKES = {
    "move": ("#0c5a4e", 5.0),
    "floor": ("#d5d3ce", 3.0),
    "prop": ("#84817a", 2.0),
    "sign": ("#5b6763", 3.0),
    "belt": ("#0c5a4e", 2.5),
    "ring": ("#d5d3ce", 2.5),
    "lines": ("#17211e", 1.6),
    "wave": ("#b3cbe8", 3.0),
    "strap": ("#84817a", 4.0),
}


def drawing(code: str) -> Drawing | None:
    """The drawing of a shipped exercise; None for one that has none."""
    figure = FIGURES.get(code)
    if figure is None:
        return None
    return Drawing(_shapes(figure), WIDTH, HEIGHT, str(figure.label))


@cache
def _shapes(figure: Figure) -> tuple[Shape, ...]:
    """Worked out once."""
    return tuple(_shape(part) for part in figure.parts())


def _shape(part: Part) -> Shape:
    joined: Path = tuple(command for path in part.paths for command in path)
    stroke, width = STROKES.get(part.tone, (None, 0.0))
    halo = (PAPER, 2.2) if part.halo and stroke is None else (None, 0.0)
    return Shape(joined, FILLS.get(part.tone), stroke, width, *halo)
