"""Every shipped exercise is drawn, from one body, for pages and for paper."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import StringIO
from itertools import pairwise
from math import atan2, degrees
from pathlib import Path as File
from typing import Any

import pytest
from django.core.management import call_command

from clinic.ui.drawing import Path
from clinic.ui.pdf import Sheet
from intake.knowledge import source
from intake.models import Exercise
from treatments.figures.front import Front, FrontGhost, limbs
from treatments.figures.geometry import distance
from treatments.figures.poses import FIGURES
from treatments.figures.printed import drawing
from treatments.figures.scene import HEIGHT, WIDTH, Body, Clock, Ghost
from treatments.figures.skeleton import (
    FOREARM,
    LUMBAR,
    NECK,
    PELVIS,
    SHANK,
    THIGH,
    THORAX,
    UPPER_ARM,
    Joints,
    Limb,
    Pose,
    Turn,
    joints,
)
from treatments.figures.svg import svg
from treatments.models import ExercisePicture
from treatments.templatetags.exercise_figures import exercise_figure

EACH = pytest.mark.parametrize("code", sorted(FIGURES))
LENGTHS = {"leg": (THIGH, SHANK), "arm": (UPPER_ARM, FOREARM)}
HALF_A_LINE = 2.5


def test_every_shipped_exercise_is_drawn() -> None:
    assert set(FIGURES) == {row["code"] for row in source.entries("exercises")}


def test_a_clock_is_drawn_where_the_posture_is_held() -> None:
    held = {row["code"] for row in source.entries("exercises") if (row["dose"]["hold_seconds"] or 0) >= 20}
    assert {code for code, figure in FIGURES.items() if any(isinstance(item, Clock) for item in figure.items)} == held


def everybody(items: Sequence[Any]) -> Iterator[Any]:
    """Everybody in a drawing, earlier positions too."""
    yield from (item for item in items if isinstance(item, Body | Ghost | Front | FrontGhost))


def limbs_of(code: str) -> Iterator[tuple[str, Turn | Any, Limb, float]]:
    """Name, description, place and scale of each arm and leg."""
    for one in everybody(FIGURES[code].items):
        found = limbs(one.pose) if isinstance(one, Front | FrontGhost) else vars(joints(one.pose))
        for name in found:
            if name.endswith(("_leg", "_arm")):
                yield name, getattr(one.pose, name), found[name], one.pose.scale


@EACH
def test_arms_legs_and_trunk_are_as_long_in_every_drawing(code: str) -> None:
    for name, how, limb, scale in limbs_of(code):
        first, second = getattr(how, "short", (1, 1))
        upper, lower = LENGTHS[name[-3:]]
        assert distance(limb.root, limb.middle) == pytest.approx(upper * scale * first), name
        assert distance(limb.middle, limb.end) == pytest.approx(lower * scale * second), name
    for one in everybody(FIGURES[code].items):
        if isinstance(one.pose, Pose):
            spine = [*joints(one.pose).spine, joints(one.pose).head]
            lengths = [distance(a, b) / one.pose.scale for a, b in pairwise(spine)]
            assert lengths == pytest.approx([PELVIS, LUMBAR, THORAX, NECK])


@EACH
def test_knees_and_feet_bend_only_as_knees_and_feet_do(code: str) -> None:
    for one in everybody(FIGURES[code].items):
        if isinstance(one.pose, Pose):
            wrong_joints(joints(one.pose), one.pose)


def wrong_joints(body: Joints, pose: Pose) -> None:
    for name in ("near_leg", "far_leg"):
        limb, how = getattr(body, name), getattr(pose, name)
        if how.over or getattr(how, "short", (1, 1)) != (1, 1):
            continue  # turned towards whoever looks
        thigh, shank = heading(limb.root, limb.middle), heading(limb.middle, limb.end)
        assert -12 <= turned(thigh, shank) <= 160, (name, "knee")
        assert -8 <= turned(limb.angle, shank) <= 120, (name, "foot")
    trunk = [heading(a, b) for a, b in pairwise(body.spine)]
    assert all(abs(turned(a, b)) <= 40 for a, b in pairwise(trunk)), "spine"
    assert abs(turned(trunk[-1], heading(body.nape, body.head))) <= 50, "neck"


def heading(a: tuple[float, float], b: tuple[float, float]) -> float:
    return degrees(atan2(a[1] - b[1], b[0] - a[0]))


def turned(a: float, b: float) -> float:
    """From b to a against the clock, -180 to 180."""
    return (a - b + 180) % 360 - 180


def test_a_knee_that_bends_backwards_is_found() -> None:
    pose = FIGURES["walking"].items[1].pose  # type: ignore[attr-defined]
    with pytest.raises(AssertionError, match="knee"):
        wrong_joints(joints(replace(pose, near_leg=Turn(-90, -40, 50))), pose)


@EACH
def test_nothing_lies_outside_the_drawing(code: str) -> None:
    for part in FIGURES[code].parts():
        for x, y in ends(part.paths):
            edge = 0 if part.tone == "water" else HALF_A_LINE
            assert edge <= x <= WIDTH - edge, (part.tone, x, y)
            assert edge <= y <= HEIGHT - edge, (part.tone, x, y)


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


def test_it_shows_the_picture_that_the_practice_gave_it() -> None:
    exercise = Exercise(code="our-own")
    ExercisePicture(exercise=exercise, description='"Clam" <b>')
    html = exercise_figure(exercise, "/picture/?a&b")
    assert html == ('<img class="exercise-figure" src="/picture/?a&amp;b" alt="&quot;Clam&quot; &lt;b&gt;">')
    assert "<img" not in exercise_figure(Exercise(code="walking"), "/picture/")


def test_a_sheet_shows_every_one_for_whoever_draws_the_next(tmp_path: File) -> None:
    call_command("exercise_sheet", str(tmp_path / "sheet.html"), stdout=StringIO())
    html = (tmp_path / "sheet.html").read_text("utf-8")
    assert html.count("<svg") == 4 * len(FIGURES)
