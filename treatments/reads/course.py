"""The scores of episodes, for charts and sentences."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from intake.models import Measure
from treatments.models import Episode
from treatments.outcomes.models import Score
from treatments.rules import course
from treatments.vocabulary import at_hand

MOST_POINTS = 12


@dataclass(frozen=True, slots=True)
class Course:
    """One measure over one episode, oldest first: the first score and the newest ones."""

    measure: Measure
    values: list[Decimal]
    instants: list[dt.datetime]
    zone: ZoneInfo

    @property
    def label(self) -> str:
        return _("Average pain, 0 to 10") if self.is_pain else self.measure.label

    @property
    def low(self) -> float:
        return float(self.measure.data.get("score_min") or 0)

    @property
    def high(self) -> float:
        return float(self.measure.data.get("score_max") or 10)

    @property
    def threshold(self) -> float | None:
        """The least change that matters, as the knowledge gives it."""
        found = (self.measure.data.get("default_threshold") or {}).get("absolute")
        return float(found) if isinstance(found, int | float) else None

    @property
    def start(self) -> Decimal:
        """The first score; on a rating of change, where it counts from."""
        counts_from = self.measure.data.get("counts_from")
        return self.values[0] if counts_from is None else Decimal(counts_from)

    @property
    def goal(self) -> float | None:
        goal = course.goal(self.start, threshold=self.threshold, is_lower_better=self.is_lower_better)
        return None if goal is None or goal > self.high else goal

    @property
    def is_lower_better(self) -> bool:
        return bool(self.measure.data.get("better") != "higher")

    @property
    def is_pain(self) -> bool:
        return self.measure.code == "nprs"

    @property
    def numbers(self) -> list[float]:
        return [float(value) for value in self.values]

    @property
    def latest(self) -> str:
        return course.plain(self.values[-1])

    @property
    def words(self) -> str:
        return course.since_start(self.start, self.values[-1])

    @property
    def chart(self) -> course.Chart:
        return self._chart(course.NARROW)

    @property
    def wide_chart(self) -> course.Chart:
        return self._chart(course.WIDE)

    def _chart(self, width: float) -> course.Chart:
        """The newest scores, with the day of each."""
        values, instants = self.values[-MOST_POINTS:], self.instants[-MOST_POINTS:]
        labels = [date_format(timezone.localtime(at, self.zone), "j M") for at in instants]
        return course.chart(
            values,
            _thinned(labels),
            low=self.low,
            high=self.high,
            goal=self.goal,
            width=width,
            is_lower_better=self.is_lower_better,
            is_pain=self.is_pain,
        )


def _thinned(labels: list[str]) -> list[str]:
    """Room for six days under a chart; the last one always stands."""
    step = max(1, -(-len(labels) // 6))
    return [label if (len(labels) - 1 - index) % step == 0 else "" for index, label in enumerate(labels)]


def courses_of(episodes: Iterable[Episode], zone: ZoneInfo) -> dict[Any, list[Course]]:
    """The courses of each episode by its id, pain first: one query, and one for the knowledge in memory."""
    rows: dict[tuple[Any, Any], list[tuple[Decimal, dt.datetime]]] = defaultdict(list)
    for episode, measure, value, at in _first_and_newest(episodes):
        rows[episode, measure].append((value, at))
    measures = at_hand().measures
    found: dict[Any, list[Course]] = defaultdict(list)
    for (episode, measure), own in rows.items():
        values, instants = [value for value, _at in own], [at for _value, at in own]
        found[episode].append(Course(measures[measure], values, instants, zone))
    for courses in found.values():
        courses.sort(key=lambda one: (one.measure.code != "nprs", one.measure.label))
    return found


def _first_and_newest(episodes: Iterable[Episode]) -> Iterable[tuple[Any, Any, Decimal, dt.datetime]]:
    """Of each course the first score and as many of the newest as a chart shows, oldest first: no history is longer."""
    course_of = [F("episode"), F("measure")]
    oldest, newest = ["recorded_at", "created_at"], [F("recorded_at").desc(), F("created_at").desc()]
    scores = Score.objects.filter(episode__in=[episode.pk for episode in episodes]).annotate(
        nth=Window(RowNumber(), partition_by=course_of, order_by=oldest),
        nth_newest=Window(RowNumber(), partition_by=course_of, order_by=newest),
    )
    shown = scores.filter(Q(nth=1) | Q(nth_newest__lte=MOST_POINTS)).order_by(*oldest)
    return shown.values_list("episode", "measure", "value", "recorded_at")
