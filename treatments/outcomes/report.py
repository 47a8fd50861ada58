"""The report by condition: figures, how surely they are known, and how they are drawn."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from intake.models import Condition, Reference
from treatments.outcomes import charts, querysets, rules
from treatments.outcomes.filters import Filters
from treatments.outcomes.querysets import Figures


@dataclass
class Row:
    """One condition. What may not be shown is None."""

    condition: Condition
    figures: Figures
    scale: rules.Scale
    window: rules.Window

    @property
    def level(self) -> rules.Enough:
        return rules.enough(self.figures.answered)

    @property
    def is_shown(self) -> bool:
        """Whether there are enough answers for a mean or a rate."""
        return self.level >= rules.Enough.FEW

    @property
    def is_few(self) -> bool:
        return self.level == rules.Enough.FEW

    @property
    def answer_rate(self) -> rules.AnswerRate:
        return rules.rate_answers(self.figures.answered, self.figures.due)

    @property
    def answered_share(self) -> float:
        return self.figures.answered / self.figures.due if self.figures.due else 0.0

    @property
    def rate_width(self) -> float:
        return round(self.answered_share * charts.RATE_WIDTH, 1)

    @property
    def missing(self) -> int:
        return self.figures.due - self.figures.answered

    @cached_property
    def interval(self) -> rules.Interval | None:
        """95% interval of the mean improvement."""
        if not self.is_shown or self.figures.mean_improvement is None or self.figures.sd_improvement is None:
            return None
        return rules.interval_of_mean(
            n=self.figures.answered, mean=self.figures.mean_improvement, sd=self.figures.sd_improvement
        )

    @property
    def share(self) -> float | None:
        """Responders among those who answered and whose baseline could reach the threshold."""
        is_known = self.scale.threshold is not None and rules.enough(self.figures.able) >= rules.Enough.FEW
        return self.figures.responders / self.figures.able if is_known else None

    @property
    def share_percent(self) -> float | None:
        """The same by the percentage rule, shown beside it where the measure has one."""
        if self.share is None or self.scale.threshold_percent is None:
            return None
        return self.figures.responders_percent / self.figures.able

    @cached_property
    def share_interval(self) -> rules.Interval | None:
        return None if self.share is None else rules.interval_of_share(self.figures.responders, self.figures.able)

    @property
    def share_bounds(self) -> rules.Interval | None:
        if self.share is None:
            return None
        return rules.bounds_if_missing_counted(
            hits=self.figures.responders, answered=self.figures.able, missing=self.figures.missing_able
        )

    @property
    def unable(self) -> int:
        """Answered, but the baseline left no room for the threshold."""
        return self.figures.answered - self.figures.able

    @property
    def share_bar(self) -> dict[str, float] | None:
        return (
            charts.share_bar(self.share, self.share_interval)
            if self.share is not None and self.share_interval
            else None
        )

    @property
    def tiny(self) -> dict[str, Any]:
        points = [(0.0, self.figures.mean_baseline)]
        points += [(window.weeks, self.figures.course.get(window.field)) for window in rules.CURVE]
        drawn = [(float(week), value) for week, value in points if value is not None]
        return charts.tiny_course(drawn, lowest=self.scale.lowest or 0, highest=self.scale.highest or 10)

    @property
    def missing_began(self) -> str:
        """How those who did not answer began, against those who did: worse, better or alike."""
        theirs, ours = self.figures.mean_baseline_of_missing, self.figures.mean_baseline
        if theirs is None or ours is None:
            return ""
        worse_by = self.scale.improvement(theirs, ours)
        margin = (self.scale.threshold or 1) / 8
        return "alike" if abs(worse_by) < margin else "worse" if worse_by > 0 else "better"


@dataclass(frozen=True, slots=True)
class Report:
    """All conditions with episodes, most episodes first: never by result."""

    rows: list[Row]
    axis: charts.Axis

    @property
    def shown(self) -> list[tuple[Row, dict[str, Any] | None]]:
        """Rows with their whiskers."""
        return [
            (row, charts.whisker(self.axis, row.figures.mean_improvement, row.interval))
            if row.is_shown and row.figures.mean_improvement is not None
            else (row, None)
            for row in self.rows
        ]

    @property
    def shown_count(self) -> int:
        return sum(row.is_shown for row in self.rows)


def episodes_of(filters: Filters, user: Any, now: dt.datetime, condition: Condition | None = None) -> Any:
    """The episodes behind a report, one for a person and condition, with their summary. A query, not yet run."""
    first = _first_episodes(filters, user, condition)
    return querysets.with_summary(first, measure=filters.measure, scale=filters.scale, window=filters.window, now=now)


def _first_episodes(filters: Filters, user: Any, condition: Condition | None) -> Any:
    episodes = filters.episodes(user)
    return querysets.first_episodes(episodes if condition is None else episodes.filter(condition=condition))


def build(filters: Filters, user: Any, now: dt.datetime, condition: Condition | None = None) -> Report:
    """The report, or the one row of a condition. Two queries."""
    found = querysets.figures(episodes_of(filters, user, now, condition), scale=filters.scale, window=filters.window)
    conditions = Condition.objects.in_bulk([figures.condition_id for figures in found])
    rows = [Row(conditions[figures.condition_id], figures, filters.scale, filters.window) for figures in found]
    intervals = [row.interval for row in rows if row.interval]
    return Report(rows, charts.Axis.over(intervals, filters.scale.threshold))


@dataclass(frozen=True, slots=True)
class Detail:
    """What one condition shows when it is opened."""

    row: Row
    points: list[dict[str, Any]]
    chart: dict[str, Any]
    median: rules.MedianTime | None

    @property
    def last_mean(self) -> float | None:
        return self.points[-1]["mean"] if self.points else None


def detail(row: Row, filters: Filters, user: Any, now: dt.datetime) -> Detail:
    """The course by week and the time to a response. Two queries."""
    episodes = querysets.with_scores(
        _first_episodes(filters, user, row.condition), measure=filters.measure, scale=filters.scale
    )
    points = [
        _point(point, filters.scale)
        for point in querysets.curve(episodes, now)
        if rules.enough(point.answered) >= rules.Enough.FEW
    ]
    drawn = [point["drawn"] for point in points]
    scale = filters.scale
    line = None
    if drawn and scale.threshold is not None:
        line = drawn[0].mean - scale.threshold if scale.is_lower_better else drawn[0].mean + scale.threshold
    chart = charts.curve(drawn, lowest=scale.lowest or 0, threshold_line=line) if len(drawn) > 1 else {}
    for point, week in zip(points, chart.get("weeks", []), strict=False):
        point["x"] = week["x"]
    reached, censored = querysets.times_to_response(episodes, measure=filters.measure)
    return Detail(
        row=row,
        points=points,
        chart=chart,
        median=rules.median_time(reached, censored),
    )


def _point(point: querysets.PointFigures, scale: rules.Scale) -> dict[str, Any]:
    mean = point.mean or 0.0
    interval = rules.interval_of_mean(n=point.answered, mean=mean, sd=point.sd or 0.0) or (mean, mean)
    best = (scale.lowest if scale.is_lower_better else scale.highest) or 0.0
    bounds = rules.mean_if_missing_counted(
        mean=mean,
        answered=point.answered,
        missing=point.missing,
        mean_baseline_of_missing=point.mean_baseline_of_missing or 0.0,
        best=best,
    ) or (mean, mean)
    return {
        "weeks": point.weeks,
        "due": point.due,
        "answered": point.answered,
        "mean": mean,
        "interval": interval,
        "bounds": bounds,
        "drawn": charts.CurvePoint(point.weeks, mean, interval, bounds),
    }


@dataclass(frozen=True, slots=True)
class Source:
    """Where a threshold comes from."""

    threshold: float
    percent: float | None
    population: str
    citations: list[str]


def source_of(filters: Filters) -> Source | None:
    """The threshold with its population and sources, to print under the report. One query."""
    if filters.measure is None or filters.scale.threshold is None:
        return None
    data = filters.measure.data
    codes = data["default_threshold"].get("sources", [])
    citations = Reference.objects.filter(code__in=codes).values_list("data__citation", flat=True)
    populations = [
        each.get("population", "") for each in data.get("mic", []) if each.get("value") == filters.scale.threshold
    ]
    return Source(
        threshold=filters.scale.threshold,
        percent=filters.scale.threshold_percent,
        population=next(iter(populations), ""),
        citations=[citation for citation in citations if citation],
    )
