"""Reads for the reports: every figure is counted by the database, in a number of queries that does not grow."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import (
    Avg,
    Case,
    Count,
    DecimalField,
    F,
    FilteredRelation,
    FloatField,
    Q,
    QuerySet,
    StdDev,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce

from treatments.models import Episode
from treatments.outcomes import rules
from treatments.outcomes.models import EpisodeSummary, Score

Rows = QuerySet[Any]


@dataclass(frozen=True, slots=True)
class Figures:
    """What is known of one condition's episodes at one window. Means and deviations are of people with both scores."""

    condition_id: Any
    episodes: int
    with_baseline: int
    due: int
    answered: int
    mean_baseline: float | None
    mean_follow_up: float | None
    mean_improvement: float | None
    sd_improvement: float | None
    able: int
    responders: int
    responders_percent: int
    worse: int
    missing_able: int
    mean_baseline_of_missing: float | None
    course: dict[str, float | None] = field(default_factory=dict)


def first_episodes(episodes: Rows) -> Rows:
    """One episode for a person and condition, the first: people with many would count many times."""
    first = episodes.order_by("condition_id", "client_id", "opened_at", "pk").distinct("condition_id", "client_id")
    chosen: Rows = Episode.objects.filter(pk__in=first.values("pk"))
    return chosen


def with_scores(episodes: Rows, *, measure: Any, scale: rules.Scale) -> Rows:
    """Episodes joined to their `summary` on one measure, and its `baseline`: a rating of change gives one to all."""
    baseline: Any = F("summary__baseline")
    if scale.counts_from is not None:
        baseline = Coalesce(baseline, Value(Decimal(str(scale.counts_from))), output_field=DecimalField())
    joined: Rows = episodes.annotate(
        summary=FilteredRelation("summaries", condition=Q(summaries__measure=measure)),
        baseline=baseline,
    )
    return joined


def with_summary(episodes: Rows, *, measure: Any, scale: rules.Scale, window: rules.Window, now: dt.datetime) -> Rows:
    """Episodes with `baseline`, `value` at the window, `improvement`, `is_due` and `is_answered` on one measure.

    Due means that the window has closed (with a day to spare for time zones) on an episode that has a baseline: then
    answers and silence are counted alike.
    """
    closes_before = now - dt.timedelta(days=window.to_day + 1)
    is_due = Q(opened_at__lte=closes_before, baseline__isnull=False)
    value = f"summary__{window.field}"
    annotated: Rows = with_scores(episodes, measure=measure, scale=scale).annotate(
        value=F(value),
        improvement=_improvement(scale, f"summary__{window.field}"),
        is_due=Case(When(is_due, then=True), default=False),
        is_answered=Case(When(is_due & Q(**{f"{value}__isnull": False}), then=True), default=False),
    )
    return annotated


def figures(rows: Rows, *, scale: rules.Scale, window: rules.Window) -> list[Figures]:
    """The figures of each condition, most episodes first. One query."""
    answered, missing = Q(is_answered=True), Q(is_due=True, is_answered=False)
    able = _is_able(scale)
    percent = (scale.threshold_percent or 0) / 100
    found = (
        rows.values("condition_id")
        .annotate(
            episodes=Count("pk"),
            with_baseline=Count("baseline"),
            due=Count("pk", filter=Q(is_due=True)),
            answered=Count("pk", filter=answered),
            mean_baseline=Avg("baseline", filter=answered, output_field=FloatField()),
            mean_follow_up=Avg("value", filter=answered, output_field=FloatField()),
            mean_improvement=Avg("improvement", filter=answered),
            sd_improvement=StdDev("improvement", sample=True, filter=answered),
            able=Count("pk", filter=answered & able),
            responders=Count("pk", filter=responders(scale)),
            responders_percent=Count(
                "pk", filter=answered & able & Q(improvement__gte=Cast(F("baseline"), FloatField()) * percent)
            ),
            worse=Count("pk", filter=worse(scale)),
            missing_able=Count("pk", filter=missing & able),
            mean_baseline_of_missing=Avg("baseline", filter=missing, output_field=FloatField()),
            **{f"course_{each.field}": _mean_at(each) for each in rules.CURVE if each.to_day <= window.to_day},
        )
        .order_by("-episodes", "condition__label")
    )
    return [_figures(row) for row in found]


@dataclass(frozen=True, slots=True)
class PointFigures:
    """One point of the course: answers due and given, and where those who were silent began."""

    weeks: int
    due: int
    answered: int
    mean: float | None
    sd: float | None
    mean_baseline_of_missing: float | None

    @property
    def missing(self) -> int:
        return self.due - self.answered


# Each episode stands once at every point that is due. In one aggregate for each figure of each point, putting the
# query together would take longer than the answer.
CURVE = """
SELECT point.place, COUNT(*), COUNT(point.value), AVG(point.value)::float8, STDDEV_SAMP(point.value::float8),
       AVG(episode.baseline) FILTER (WHERE point.value IS NULL)::float8
FROM ({episodes}) AS episode ({columns})
CROSS JOIN LATERAL (VALUES {points}) AS point (place, opened_by, value)
WHERE episode.opened_at <= point.opened_by
GROUP BY point.place
"""


def curve(rows: Rows, now: dt.datetime) -> list[PointFigures]:
    """The course of one condition's episodes from `with_scores`: the first visit, then each point. One query."""
    windows = rules.CURVE
    values = [f"summary__{window.field}" for window in windows]
    episodes = rows.filter(baseline__isnull=False).order_by().values_list("opened_at", "baseline", *values)
    inner, params = episodes.query.sql_with_params()
    points: list[tuple[int, Any, str]] = [(0, "infinity", "baseline")]
    points += [(window.weeks, now - dt.timedelta(days=window.to_day + 1), window.field) for window in windows]
    sql = CURVE.format(
        episodes=inner,
        columns=", ".join(["opened_at", "baseline", *(window.field for window in windows)]),
        points=", ".join(f"({weeks}, %s::timestamptz, episode.{column})" for weeks, _opened_by, column in points),
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*params, *(opened_by for _weeks, opened_by, _column in points)])
        found = {weeks: PointFigures(weeks, *figures) for weeks, *figures in cursor.fetchall()}
    return [found.get(weeks, PointFigures(weeks, 0, 0, None, None, None)) for weeks, *_ in points]


def times_to_response(rows: Rows, *, measure: Any) -> tuple[list[float], list[float]]:
    """Days from opening to a held response, and days followed without one. One query."""
    summaries = EpisodeSummary.objects.filter(
        measure=measure, episode__in=rows.values("pk"), has_reached_mcid__isnull=False
    ).values_list("episode__opened_at", "mcid_reached_at", "latest_at")
    reached: list[float] = []
    censored: list[float] = []
    for opened_at, reached_at, latest_at in summaries:
        until = reached_at or latest_at or opened_at
        days = max((until - opened_at).total_seconds() / 86_400, 0.5)
        (reached if reached_at else censored).append(days)
    return reached, censored


def scores_of(episode_ids: list[Any], *, measure: Any) -> dict[Any, list[float]]:
    """The scores of some episodes in order of time, for small courses in a list. One query."""
    found: dict[Any, list[float]] = {}
    rows = Score.objects.filter(episode__in=episode_ids, measure=measure).order_by("recorded_at")
    for episode_id, value in rows.values_list("episode_id", "value"):
        found.setdefault(episode_id, []).append(float(value))
    return found


def responders(scale: rules.Scale) -> Q:
    """Rows of `with_summary` that improved by the threshold, of those who could."""
    if scale.threshold is None:
        return Q(pk__isnull=True)
    return Q(is_answered=True, improvement__gte=scale.threshold) & _is_able(scale)


def worse(scale: rules.Scale) -> Q:
    """Rows that went the other way by as much."""
    if scale.threshold is None:
        return Q(pk__isnull=True)
    return Q(is_answered=True, improvement__lte=-scale.threshold)


def _improvement(scale: rules.Scale, value: str) -> Any:
    change = F("summary__baseline") - F(value) if scale.is_lower_better else F(value) - F("summary__baseline")
    return Cast(change, FloatField())


def _is_able(scale: rules.Scale) -> Q:
    """In SQL what Scale.can_respond says of one baseline."""
    if scale.threshold is None:
        return Q(pk__isnull=True)
    if scale.is_lower_better:
        return Q() if scale.lowest is None else Q(baseline__gte=scale.lowest + scale.threshold)
    return Q() if scale.highest is None else Q(baseline__lte=scale.highest - scale.threshold)


def _mean_at(window: rules.Window) -> Avg:
    return Avg(f"summary__{window.field}", filter=Q(baseline__isnull=False), output_field=FloatField())


def _figures(row: dict[str, Any]) -> Figures:
    course = {key.removeprefix("course_"): row.pop(key) for key in list(row) if key.startswith("course_")}
    return Figures(**row, course=course)
