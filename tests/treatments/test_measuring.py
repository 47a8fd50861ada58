"""A change is called real only beyond the error of measurement that the knowledge names."""

import pytest

from intake.models import RangeOfMotion
from treatments.rules.measuring import Error, change, condition_of, error_of, fits, flags_for, leg_difference

FLEXION, ROTATION = Error(9.7, 9.7), Error(8.6, 13.0)


@pytest.mark.parametrize(
    ("now", "last", "error", "words", "kind"),
    [
        (112, 105, FLEXION, "+7", "within"),
        (115, 105, FLEXION, "+10", "beyond"),
        (95, 105, FLEXION, "−10", "beyond"),
        (105, 105, FLEXION, "±0", "within"),
        (38, 28, ROTATION, "+10", "unclear"),
        (41, 28, ROTATION, "+13", "unclear"),
        (42, 28, ROTATION, "+14", "beyond"),
        (60, 20, None, "+40", "unknown"),
    ],
)
def test_a_change_is_real_only_beyond_the_error(
    now: int, last: int, error: Error | None, words: str, kind: str
) -> None:
    found = change(now, last, error)
    assert found is not None
    assert (found.words, found.kind, found.is_real) == (words, kind, kind == "beyond")


def test_nothing_is_compared_with_what_was_not_measured() -> None:
    assert change(None, 5, FLEXION) is None
    assert change(0, None, FLEXION) is None
    assert change(0, 0, FLEXION) is not None


def test_every_error_of_the_knowledge_is_read(db: None) -> None:
    words = {row.code: error.words for row in RangeOfMotion.objects.all() if (error := error_of(row.data))}
    assert words == {
        "hip-flexion": "9.7",
        "hip-extension": "13",
        "hip-abduction": "8.6–13",
        "hip-internal-rotation": "8.6–13",
        "hip-external-rotation": "8.6–13",
        "lumbar-flexion": "12.8",
        "lumbar-extension": "6.4",
    }


@pytest.mark.parametrize(
    ("when", "value", "is_flagged"),
    [
        ("<=115", 115, True),
        ("<=115", 116, False),
        ("<15", 15, False),
        ("<15", 14, True),
        ("30-70 with familiar leg pain", 30, True),
        ("30-70 with familiar leg pain", 71, False),
        ("sometimes", 5, False),
    ],
)
def test_a_flag_is_read_as_the_knowledge_writes_it(when: str, value: int, is_flagged: bool) -> None:
    assert fits(when, value) is is_flagged


def test_every_flag_of_the_knowledge_can_be_raised(db: None) -> None:
    """A bound nobody can reach would be a flag that never shows."""
    flags = [flag for row in RangeOfMotion.objects.all() for flag in row.data.get("flags", ())]
    assert len(flags) == 3
    assert all(any(fits(flag["when"], value) for value in range(-30, 181)) for flag in flags)
    assert condition_of("30-70 with familiar leg pain") == "with familiar leg pain"


def test_a_flag_needs_one_of_the_two_sides() -> None:
    data = {"flags": [{"when": "<15", "means": "…"}]}
    assert flags_for(data, [None, 14])
    assert not flags_for(data, [None, 15])


def test_legs_are_compared_once_both_are_measured() -> None:
    assert leg_difference(880, 872) == 8
    assert leg_difference(880, None) is None
