"""What may be said of a change of score, and when to think again. Pure rules over the knowledge as it ships."""

import pytest

from intake.knowledge import source
from treatments.rules.response import Verdict, error_of, is_due, least_that_matters, look_again_at, verdict

MEASURES = source.by_code("outcome_measures")


@pytest.mark.parametrize(
    ("code", "improvement", "expected"),
    [
        ("nprs", 2, Verdict.MATTERS),
        ("nprs", 1, Verdict.WITHIN_ERROR),
        ("nprs", -1, Verdict.WITHIN_ERROR),
        ("nprs", -2, Verdict.WORSE),
        ("psfs", 2.0, Verdict.BEYOND_ERROR),
        ("psfs", 2.3, Verdict.MATTERS),
        ("psfs", 1.9, Verdict.WITHIN_ERROR),
        ("rmdq", 4, Verdict.BELOW),
        ("rmdq", -5, Verdict.WORSE),
        ("hoos-12", 30, Verdict.UNKNOWN),
    ],
)
def test_a_change_is_judged_by_error_first_and_then_by_what_matters(
    code: str, improvement: float, expected: Verdict
) -> None:
    measure = MEASURES[code]
    matters, error = least_that_matters(measure), error_of(measure)
    found = verdict(improvement, matters=matters and matters.value, error=error and error.value)
    assert found is expected
    assert not {"effect", "works", "because"} & set(str(found.words).split())


def test_a_threshold_smaller_than_the_error_is_not_enough() -> None:
    assert verdict(5, matters=4, error=18) is Verdict.WITHIN_ERROR


def test_thresholds_name_whom_they_were_found_in_and_where_from() -> None:
    error = error_of(MEASURES["nprs"])
    assert error
    assert (error.value, error.population, error.sources) == (2.0, "low back pain", ("childs-2005-spine",))
    assert error_of(MEASURES["hagos"]) is None  # one for each subscale, none for the whole


@pytest.mark.parametrize(
    ("verdicts", "session", "due"),
    [
        ([Verdict.WITHIN_ERROR], 3, False),
        ([Verdict.WITHIN_ERROR], 4, True),
        ([Verdict.WORSE], 9, True),
        ([], 4, True),
        ([Verdict.WITHIN_ERROR, Verdict.BEYOND_ERROR], 4, False),
    ],
)
def test_it_is_time_to_think_again_when_nothing_moved_by_the_planned_visit(
    verdicts: list[Verdict], session: int, *, due: bool
) -> None:
    assert is_due(verdicts, session=session, look_again=look_again_at(reassess_at=4, planned=8)) is due
    assert not is_due(verdicts, session=99, look_again=look_again_at(reassess_at=None, planned=None))
