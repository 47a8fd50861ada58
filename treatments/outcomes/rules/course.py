"""One episode's course on one measure."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from treatments.outcomes.rules.scale import Scale
from treatments.outcomes.rules.windows import BASELINE_DAYS_AFTER, BASELINE_DAYS_BEFORE, CURVE, Window


@dataclass(frozen=True, slots=True)
class Point:
    """One score. `day` is counted from the first treatment in the location's calendar; negative before it."""

    value: float
    at: dt.datetime
    day: int
    is_own_answer: bool


@dataclass(frozen=True, slots=True)
class Course:
    """What is kept of an episode's scores. `at_windows` is by the window's field."""

    baseline: Point | None = None
    latest: Point | None = None
    best: float | None = None
    change: float | None = None
    has_reached_mcid: bool | None = None
    mcid_reached_at: dt.datetime | None = None
    score_count: int = 0
    at_windows: dict[str, float | None] = field(default_factory=dict)


def summarise(points: Iterable[Point], scale: Scale, *, begins_at: dt.datetime | None = None) -> Course:
    """The course of one episode. Change is latest minus baseline.

    A rating of change has its baseline by definition, from `begins_at`: nobody is asked for it at the beginning.
    """
    ordered = sorted(points, key=lambda point: point.at)
    if not ordered:
        return Course(at_windows={window.field: None for window in CURVE})
    baseline = _defined_baseline(scale, begins_at) or baseline_of(ordered)
    latest = ordered[-1]
    values = [point.value for point in ordered]
    later = [point for point in ordered if baseline and point.at > baseline.at]
    could = bool(baseline and scale.can_respond(baseline.value))
    reached = first_held_response(baseline, later, scale) if baseline and could else None
    return Course(
        baseline=baseline,
        latest=latest,
        best=min(values) if scale.is_lower_better else max(values),
        change=latest.value - baseline.value if baseline else None,
        has_reached_mcid=reached is not None if could else None,
        mcid_reached_at=reached.at if reached else None,
        score_count=len(ordered),
        at_windows={window.field: score_at(window, later) for window in CURVE},
    )


def _defined_baseline(scale: Scale, begins_at: dt.datetime | None) -> Point | None:
    if scale.counts_from is None or begins_at is None:
        return None
    return Point(scale.counts_from, begins_at, 0, is_own_answer=True)


def baseline_of(points: Sequence[Point]) -> Point | None:
    """The last score of the fortnight before the first treatment or of its day; None when there is none.

    The client's own answer goes before one the therapist wrote down on that day: it was certainly given before the
    table, and follow-ups are the client's own answers too (convention `mode-and-language`: scores read out by staff run
    kinder).
    """
    in_time = [point for point in points if -BASELINE_DAYS_BEFORE <= point.day <= BASELINE_DAYS_AFTER]
    own = [point for point in in_time if point.is_own_answer]
    chosen = own or in_time
    return chosen[-1] if chosen else None


def score_at(window: Window, points: Iterable[Point]) -> float | None:
    """The score nearest the target inside the window, the earlier of two as near; never the best one.

    Choosing the best inflates results (windows: Clement and others, Acta Orthop 2015).
    """
    inside = [point for point in points if window.from_day <= point.day <= window.to_day]
    return min(inside, key=lambda point: (abs(point.day - window.target_days), point.at)).value if inside else None


def first_held_response(baseline: Point, later: Sequence[Point], scale: Scale) -> Point | None:
    """The first score better by the threshold that the next score holds: a single good day does not count."""
    for point, following in pairwise(later):
        if scale.has_responded(baseline.value, point.value) and scale.has_responded(baseline.value, following.value):
            return point
    return None
