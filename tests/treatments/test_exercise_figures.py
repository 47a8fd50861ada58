"""Every shipped exercise is drawn, from one body, for pages and for paper."""

import re

import pytest

from clinic.ui.drawing import Path
from clinic.ui.pdf import Sheet
from intake.models import Exercise
from treatments.figures.poses import FIGURES
from treatments.figures.printed import drawing
from treatments.figures.scene import HEIGHT, WIDTH
from treatments.figures.svg import svg
from treatments.templatetags.exercise_figures import exercise_figure

EACH = pytest.mark.parametrize("code", sorted(FIGURES))


@EACH
def test_nothing_lies_outside_the_drawing(code: str) -> None:
    for part in FIGURES[code].parts():
        for x, y in ends(part.paths):
            assert -1 <= x <= WIDTH + 1, (part.tone, x, y)
            assert -1 <= y <= HEIGHT + 1, (part.tone, x, y)


def ends(paths: tuple[Path, ...]) -> list[tuple[float, ...]]:
    """Where each piece of a line ends."""
    return [numbers[-2:] for path in paths for _letter, numbers in path if numbers]


@EACH
def test_it_is_a_picture_with_words_and_nothing_inline(code: str) -> None:
    html = str(svg(FIGURES[code]))
    assert 'role="img"' in html
    assert len(re.search(r'aria-label="([^"]*)"', html)[1]) > 20  # type: ignore[index]
    assert not re.search(r"style|script|nan|inf|\son\w+=|#[0-9a-f]{3}", html)


def test_paper_shows_every_one() -> None:
    sheet = Sheet(title="Exercises", author="Palpate")
    for code in FIGURES:
        shown = drawing(code)
        assert shown
        assert all(shape.fill or shape.stroke for shape in shown.shapes)
        sheet.figure(shown, beside=[code, shown.label])
    assert sheet.build(foot="").startswith(b"%PDF")


def test_an_exercise_of_the_practice_has_no_drawing() -> None:
    assert exercise_figure(Exercise(code="our-own")) == ""
    assert drawing("our-own") is None
