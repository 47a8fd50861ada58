"""A figure as SVG for a page: classes say what a shape is, the style sheet says how that looks."""

from functools import cache

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from clinic.ui.drawing import Path
from treatments.figures.body import Part
from treatments.figures.scene import HEIGHT, WIDTH, Figure


def svg(figure: Figure) -> SafeString:
    """The drawing; its words are for whoever does not see it."""
    return format_html(
        '<svg class="exercise-figure" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
        WIDTH,
        HEIGHT,
        figure.label,
        _shapes(figure),
    )


@cache
def _shapes(figure: Figure) -> SafeString:
    """Worked out once: the shapes are the same in every language and colour."""
    return mark_safe("".join(_element(part) for part in figure.parts()))  # noqa: S308  # only numbers and our names


def _element(part: Part) -> str:
    kind = f"{part.tone} apart" if part.halo else part.tone
    return f'<path class="{kind}" d="{"".join(_data(path) for path in part.paths)}"/>'


def _data(path: Path) -> str:
    """In tenths of a step and from point to point, which is half as long as places would be."""
    made: list[str] = []
    x = y = 0
    for letter, numbers in path:
        tenths = [round(number * 10) for number in numbers]
        steps = [number - (y if at % 2 else x) for at, number in enumerate(tenths)]
        made.append((letter.lower() if made else letter) + _numbers(steps))
        x, y = tenths[-2:] if tenths else (x, y)
    return "".join(made)


def _numbers(tenths: list[int]) -> str:
    return " ".join(f"{number / 10:g}" for number in tenths).replace(" -", "-")
