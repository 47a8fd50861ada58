"""The rules of outcomes against worked examples and the clinical knowledge they come from."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import yaml

from treatments.outcomes import rules
from treatments.outcomes.rules import windows as window_rules
from treatments.outcomes.rules.course import baseline_of, first_held_response, score_at

KNOWLEDGE = Path(__file__).parents[2] / "intake" / "data" / "knowledge"
BEGIN = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
NPRS = rules.Scale(lowest=0, highest=10, is_lower_better=True, threshold=2, threshold_percent=30)


def convention(code: str) -> dict[str, Any]:
    conventions = yaml.safe_load((KNOWLEDGE / "statistics.yaml").read_text())["conventions"]
    return next(entry["parameters"] for entry in conventions if entry["code"] == code)


def measure(code: str) -> dict[str, Any]:
    measures = yaml.safe_load((KNOWLEDGE / "outcome_measures.yaml").read_text())
    return next(entry for entry in measures if entry["code"] == code)


def point(value: float, day: int, *, own: bool = True) -> rules.Point:
    return rules.Point(value=value, at=BEGIN + dt.timedelta(days=day), day=day, is_own_answer=own)


def test_the_windows_are_those_of_the_clinical_knowledge() -> None:
    given = {entry["code"]: entry for entry in convention("follow-up-windows")["windows"] if entry["target_days"]}
    for window in rules.WINDOWS:
        entry = given.pop(window.code)
        assert (window.target_days, window.from_day, window.to_day) == (
            entry["target_days"],
            entry["from_day"],
            entry["to_day"],
        )
    assert not given


def test_the_baseline_window_is_that_of_the_clinical_knowledge() -> None:
    given = convention("baseline-window")
    assert given["days_before"] == window_rules.BASELINE_DAYS_BEFORE
    assert given["days_after"] == window_rules.BASELINE_DAYS_AFTER


def test_the_steps_and_rates_are_those_of_the_clinical_knowledge() -> None:
    assert [step.value for step in rules.Enough] == [0, *convention("minimum-to-show")["steps"]]
    rates = convention("flow-and-response")
    assert rules.rate_answers(59, 100) == "amber"
    assert rates["amber_below"] == 0.6
    assert rules.rate_answers(60, 100) == "good"
    assert rules.rate_answers(49, 100) == "red"
    assert rates["red_below"] == 0.5
    assert rules.rate_answers(50, 100) == "amber"
    assert rules.rate_answers(0, 0) == "red"


def test_the_scale_of_nprs_is_that_of_the_clinical_knowledge() -> None:
    assert rules.Scale.of(measure("nprs")) == NPRS


def test_a_measure_without_a_sourced_threshold_has_no_responders() -> None:
    scale = rules.Scale.of(measure("hagos"))
    assert not scale.can_respond(30)
    assert not scale.has_responded(0, 100)


def test_pain_of_less_than_two_cannot_fall_by_two() -> None:
    assert not NPRS.can_respond(1)
    assert NPRS.can_respond(2)
    assert NPRS.has_responded(2, 0)


def test_a_measure_where_more_is_better_counts_upwards() -> None:
    lefs = rules.Scale.of(measure("lefs"))
    assert lefs.improvement(40, 52) == 12
    assert lefs.has_responded(40, 49)
    assert not lefs.can_respond(72)


def test_the_baseline_is_the_last_own_answer_before_the_table() -> None:
    found = baseline_of([point(9, -15), point(8, -10), point(7, -1), point(5, 0, own=False), point(2, 3)])
    assert found
    assert found.value == 7


def test_the_note_of_the_first_day_is_the_baseline_when_nobody_answered_before() -> None:
    found = baseline_of([point(5, 0, own=False), point(2, 7)])
    assert found
    assert found.value == 5


def test_a_score_after_treatment_began_is_no_baseline() -> None:
    assert baseline_of([point(5, 1), point(4, 8)]) is None


def test_the_score_nearest_the_target_counts_and_not_the_best() -> None:
    window = rules.window_of("m3")
    assert score_at(window, [point(1, 75), point(4, 90), point(2, 110)]) == 4
    assert score_at(window, [point(3, 90), point(6, 92)]) == 3, "as near: the earlier"
    assert score_at(window, [point(3, 69), point(6, 113)]) is None
    assert score_at(window, [point(3, 70)]) == 3
    assert score_at(window, [point(6, 112)]) == 6


def test_a_single_good_day_does_not_count() -> None:
    baseline = point(7, 0)
    assert first_held_response(baseline, [point(4, 7), point(7, 14), point(6, 21)], NPRS) is None
    held = first_held_response(baseline, [point(6, 7), point(5, 14), point(5, 21)], NPRS)
    assert held
    assert held.day == 14


def test_a_course_is_summed_up() -> None:
    course = rules.summarise([point(7, -2), point(6, 7), point(4, 42), point(3, 91), point(4, 120)], NPRS)
    assert course.baseline
    assert course.baseline.value == 7
    assert (course.best, course.change, course.score_count) == (3, -3, 5)
    assert course.has_reached_mcid
    assert course.mcid_reached_at == BEGIN + dt.timedelta(days=42)
    assert course.at_windows == {"at_w2": 6, "at_w4": None, "at_w6": 4, "at_m3": 3, "at_m6": None, "at_m12": None}


def test_a_course_whose_baseline_could_not_respond_is_left_open() -> None:
    assert rules.summarise([point(1, 0), point(0, 42), point(0, 49)], NPRS).has_reached_mcid is None


def test_a_course_without_a_baseline_has_no_change() -> None:
    course = rules.summarise([point(5, 10)], NPRS)
    assert course.change is None
    assert course.baseline is None
    assert rules.summarise([], NPRS).score_count == 0


def test_the_wilson_interval_of_three_of_four_is_that_of_the_clinical_knowledge() -> None:
    """ "3 of 4: 75%, Wilson 95% CI 30% to 95%"."""
    found = rules.interval_of_share(3, 4)
    assert found
    assert [round(end * 100) for end in found] == [30, 95]
    assert rules.interval_of_share(0, 0) is None


def test_the_interval_of_a_mean_is_students() -> None:
    """n = 16, mean 3, sd 2: t(15) = 2.131, so 3 ± 1.066."""
    found = rules.interval_of_mean(n=16, mean=3, sd=2)
    assert found
    assert [round(end, 2) for end in found] == [1.93, 4.07]
    assert rules.interval_of_mean(n=1, mean=3, sd=0) is None


def test_the_missing_bound_the_share_from_both_sides() -> None:
    assert rules.bounds_if_missing_counted(hits=30, answered=60, missing=40) == (0.3, 0.7)
    assert rules.bounds_if_missing_counted(hits=0, answered=0, missing=0) is None


def test_the_missing_bound_the_mean_from_both_sides() -> None:
    found = rules.mean_if_missing_counted(mean=3, answered=60, missing=20, mean_baseline_of_missing=7, best=0)
    assert found == (2.25, 4.0)


@pytest.mark.parametrize(("answered", "step"), [(0, 0), (4, 0), (5, 5), (9, 5), (10, 10), (29, 10), (30, 30)])
def test_how_much_may_be_said_grows_with_the_answers(answered: int, step: int) -> None:
    assert rules.enough(answered) == step


def test_half_got_there_by_the_median_of_kaplan_and_meier() -> None:
    found = rules.median_time([7, 14, 21, 28, 35, 42], [50, 50, 50])
    assert found
    assert found.days == 35
    assert found.low_days is not None
    assert found.low_days < 35


def test_there_is_no_median_when_less_than_half_got_there_or_too_few_are_left() -> None:
    assert rules.median_time([7], [50] * 9) is None
    assert rules.median_time([], [50]) is None
    assert rules.median_time([7, 14, 21], []) is None


def test_the_median_stands_when_everybody_got_there() -> None:
    """The interval is undefined at the end of such a curve, which must not disturb the rest."""
    found = rules.median_time([7, 14, 21, 28, 35, 42, 49, 56, 63, 70], [])
    assert found
    assert found.days == 35
