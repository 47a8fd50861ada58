"""What an episode is about: order, side and code. Pure rules over the knowledge as it ships."""

import pytest

from intake.knowledge import source
from treatments.rules import choosing

SCIATICA = source.by_code("conditions")["sciatica"]["icd10cm"]
HIP = source.by_code("conditions")["hip-osteoarthritis"]["icd10cm"]


class Known:
    def __init__(self, label: str, *regions: str) -> None:
        self.label, self.regions = label, regions


def test_conditions_stand_by_how_many_marked_regions_they_touch_then_by_alphabet() -> None:
    rows = [Known("b", "groin"), Known("A", "groin"), Known("c", "groin", "lumbar"), Known("d", "foot")]
    found = choosing.by_regions(rows, ["groin", "lumbar"])
    assert [(one.label, touched) for one, touched in found] == [("c", 2), ("A", 1), ("b", 1)]


@pytest.mark.parametrize(
    ("sides", "side"), [(["left", "midline"], "left"), (["left", "right"], "both"), (["midline"], "none"), ([], "none")]
)
def test_the_side_comes_from_the_map(sides: list[str], side: str) -> None:
    assert choosing.side_of(sides) == side


@pytest.mark.parametrize(
    ("codes", "side", "variant", "code"),
    [
        (SCIATICA, "left", "", "M54.32"),
        (SCIATICA, "right", "with_low_back_pain", "M54.41"),
        (SCIATICA, "both", "", "M54.30"),
        (SCIATICA, "left", "root_lumbar", "M54.16"),
        (HIP, "both", "", "M16.0"),
        (HIP, "none", "", "M16.9"),
        (None, "left", "", ""),
        ({}, "left", "unheard-of", ""),
    ],
)
def test_the_code_has_its_side_filled_in(codes: object, side: str, variant: str, code: str) -> None:
    assert choosing.code_for(codes, side, variant) == code


def test_another_side_keeps_the_variant_of_a_code() -> None:
    assert choosing.turned(SCIATICA, "M54.41", "left") == "M54.42"
    assert choosing.turned(SCIATICA, "M54.16", "left") == "M54.16"
    assert choosing.turned(SCIATICA, "X99", "left") == "M54.32"


def test_every_code_that_ships_is_found_for_some_side_or_variant() -> None:
    for condition in source.entries("conditions"):
        codes = choosing.codes_in(condition["icd10cm"])
        assert codes, condition["code"]
        assert all(len(one.code) <= 8 for one in codes)
