"""What ticks and pain after an exercise say."""

import datetime as dt

import pytest

from treatments.rules import adherence as rules

TODAY = dt.date(2026, 3, 13)


@pytest.mark.parametrize(
    ("pain", "usual", "expected"),
    [(7, None, True), (6, None, False), (7, 9.0, True), (5, 2.0, True), (4, 2.0, False), (5, 2.5, False)],
)
def test_seven_or_three_more_than_usual_is_too_much(pain: int, usual: float | None, expected: bool) -> None:
    assert rules.is_too_much(pain, usual=usual) is expected


@pytest.mark.parametrize(
    ("pains", "expected"),
    [([2, 2, 2, 4, 4, 4], True), ([2, 2, 2, 3, 4, 4], False), ([6, 5, 4, 3, 2, 1], False), ([1, 1, 9, 9, 9], False)],
)
def test_pain_rises_once_three_times_stand_two_points_above_those_before(pains: list[int], expected: bool) -> None:
    assert rules.is_rising(pains) is expected


@pytest.mark.parametrize(
    ("times", "days", "asked"), [(7, 28, 28), (3, 28, 12), (14, 7, 7), (1, 3, 1), (3, 0, 0), (None, 28, None)]
)
def test_several_times_a_day_are_one_day_asked(times: int | None, days: int, asked: int | None) -> None:
    assert rules.asked_days(times_per_week=times, days=days) == asked


def test_more_than_was_asked_is_all_of_it_and_nothing_asked_is_no_share() -> None:
    assert rules.share_percent(done=9, asked=6) == 100
    assert rules.share_percent(done=3, asked=12) == 25
    assert rules.share_percent(done=3, asked=None) is None
    assert rules.share_percent(done=0, asked=0) is None


@pytest.mark.parametrize(("days_ago", "expected"), [(-1, False), (0, True), (1, True), (7, True), (8, False)])
def test_a_day_to_come_and_one_long_ago_are_not_ticked(days_ago: int, expected: bool) -> None:
    on = TODAY - dt.timedelta(days=days_ago)
    assert rules.may_be_ticked(on, today=TODAY, since=TODAY - dt.timedelta(days=30)) is expected


def test_a_day_before_it_was_given_is_not_ticked() -> None:
    assert not rules.may_be_ticked(TODAY - dt.timedelta(days=1), today=TODAY, since=TODAY)


def test_usual_pain_is_the_average_told_else_what_earlier_times_left() -> None:
    assert rules.usual_of(average=3, earlier=[8, 8]) == 3
    assert rules.usual_of(average=None, earlier=[2, 4]) == 3
    assert rules.usual_of(average=None, earlier=[]) is None
