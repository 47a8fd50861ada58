"""A trigger point's place: read strictly, told by its region, drawn with an arrow to where it refers."""

import json
import math

import pytest

from intake.body_map import views
from treatments.models import Finding
from treatments.reads.points import cut_out, figures_of
from treatments.rules.spots import Spot, lenient, parse, read, region_at, settled, side_of, spot_of_region

BUTTOCK = spot_of_region("buttock-upper.right")
THIGH = spot_of_region("posterior-thigh.right")
assert BUTTOCK is not None
assert THIGH is not None
ARROW = Spot("back", BUTTOCK.x, BUTTOCK.y, THIGH.at)


def test_a_spot_survives_being_written_and_read() -> None:
    for spot in (BUTTOCK, ARROW):
        assert parse(spot.as_text()) == spot
    assert parse("  ") is None


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        "7",
        '"back"',
        '{"view":"back"}',
        '{"view":"inside","x":560,"y":900}',
        '{"view":["back"],"x":560,"y":900}',
        '{"view":"back","x":2,"y":2}',
        '{"view":"back","x":1e400,"y":900}',
        '{"view":"back","x":NaN,"y":900}',
        '{"view":"back","x":true,"y":900}',
        '{"view":"back","x":"560","y":900}',
        '{"view":"back","x":560,"y":900,"to":{"x":2,"y":2}}',
        '{"view":"back","x":560,"y":900,"to":7}',
        "[" * 400,
        '{"view":"back","x":560,"y":900,"more":"' + "x" * 400 + '"}',
    ],
)
def test_what_is_no_point_on_a_body_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match="could not be read"):
        parse(text)


def test_a_stored_place_that_makes_no_sense_breaks_no_page() -> None:
    assert lenient({"view": "back"}) is None
    assert lenient("back") is None
    assert lenient({"view": "back", "x": math.inf, "y": 3}) is None


def test_the_middle_of_every_region_is_a_point_of_that_region_and_of_the_body() -> None:
    for key in {key for view in views().values() for key in view.regions}:
        spot = spot_of_region(key)
        assert spot is not None
        assert (spot.region, read(spot.as_json())) == (key, spot)


def test_the_side_is_that_of_the_place() -> None:
    assert [side_of(key) for key in ("groin.left", "groin.right", "sacrum", "")] == ["left", "right", "none", "none"]
    assert region_at("back", (2, 2)) == ""


def test_a_list_that_was_changed_after_pointing_wins() -> None:
    assert settled(ARROW, place="buttock-upper.right", refers_to="posterior-thigh.right") == (ARROW, THIGH.region)
    assert settled(ARROW, place="buttock-upper.right", refers_to="") == (BUTTOCK, "")
    assert settled(ARROW, place="groin.left", refers_to="") == (spot_of_region("groin.left"), "")
    assert settled(ARROW, place="", refers_to="foot") == (None, "foot")
    assert settled(ARROW, place=None, refers_to=None) == (ARROW, THIGH.region)
    assert settled(None, place="sacrum", refers_to=None) == (spot_of_region("sacrum"), "")


def finding(spot: Spot | None, refers_to: str = "") -> Finding:
    stored = spot.as_json() if spot else None
    return Finding(kind=Finding.Kind.TRIGGER_POINT, code="piriformis", spot=stored, refers_to=refers_to)


def test_points_are_numbered_as_in_the_list_and_drawn_on_their_views() -> None:
    rows = [finding(None), finding(BUTTOCK, THIGH.region), finding(spot_of_region("groin.left")), finding(ARROW)]
    back, front = figures_of(rows, earlier=[finding(THIGH)])
    assert [(f.view.name, [p.number for p in f.points], len(f.arrows), f.earlier) for f in (back, front)] == [
        ("back", [2, 4], 2, (THIGH.at,)),
        ("front", [3], 0, ()),
    ]
    drawn = back.arrows[1].lines
    assert (drawn[0][0], drawn[0][-1]) == (BUTTOCK.at, THIGH.at)
    json.dumps([back.box, back.arrows[0].path, [p.x for p in back.points]])


def test_a_figure_shows_all_its_points_and_arrows() -> None:
    left, top, width, height = cut_out(views()["back"], [BUTTOCK.at, (560, 1850)])
    assert left < 560 < left + width
    assert top < BUTTOCK.y
    assert top + height > 1850
