"""What became of the exercises for home: days done, share of what was asked, pain after."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from clinic.core import clock
from treatments.models import Adherence, Prescription
from treatments.outcomes.models import Score
from treatments.rules import adherence as rules

PAIN_MEASURE = "nprs"
Key = tuple[uuid.UUID, uuid.UUID]  # episode and exercise: a new dose goes on with the same course


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the strip."""

    on: dt.date
    state: str  # "done", "missed", or "before" it was given
    pain_after: int | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """How one exercise is kept to, over the last four weeks and over those doses that followed each other."""

    prescription: Prescription
    days: Sequence[Day]
    usual: float | None

    @property
    def asked(self) -> int | None:
        return rules.asked_days(times_per_week=self.prescription.times_per_week, days=self.day_count)

    @property
    def day_count(self) -> int:
        """Days since it was given; today counts once it is ticked."""
        given = [day for day in self.days if day.state != "before"]
        return len(given) - (1 if given and given[-1].state == "missed" else 0)

    @property
    def done(self) -> int:
        return sum(day.state == "done" for day in self.days)

    @property
    def percent(self) -> int | None:
        return rules.share_percent(done=self.done, asked=self.asked)

    @property
    def fortnight(self) -> Sequence[Day]:
        return self.days[-14:]

    @property
    def done_in_fortnight(self) -> int:
        return sum(day.state == "done" for day in self.fortnight)

    @property
    def pains(self) -> list[int]:
        return [day.pain_after for day in self.days if day.pain_after is not None]

    @property
    def last_pain(self) -> int | None:
        return self.pains[-1] if self.pains else None

    @property
    def is_rising(self) -> bool:
        return rules.is_rising(self.pains)

    @property
    def is_too_much(self) -> bool:
        """The last time it left more pain than it should."""
        return self.last_pain is not None and rules.is_too_much(self.last_pain, usual=self.usual)

    @property
    def needs_a_look(self) -> bool:
        return self.is_too_much or self.is_rising


def adherence_of(prescriptions: Iterable[Prescription], zone: ZoneInfo) -> list[Kept]:
    """In the order given. Three queries, however many exercises; none without any."""
    rows = list(prescriptions)
    if not rows:
        return []
    days = rules.days_until(clock.today(zone))
    episodes = {row.episode_id for row in rows}
    given_on, done = _given_on(rows, episodes, zone), _done(episodes, since=days[0])
    averages = averages_of(episodes)
    return [_kept(row, days, given_on[_key(row)], done[_key(row)], averages.get(row.episode_id)) for row in rows]


def averages_of(episodes: Iterable[uuid.UUID]) -> dict[uuid.UUID, float]:
    """The last average pain of each episode (one query)."""
    rows = Score.objects.filter(episode__in=list(episodes), measure__code=PAIN_MEASURE)
    newest = rows.order_by("episode", "-recorded_at").distinct("episode")
    return {episode: float(value) for episode, value in newest.values_list("episode", "value")}


def _key(row: Prescription) -> Key:
    return row.episode_id, row.exercise_id


def _given_on(rows: list[Prescription], episodes: set[uuid.UUID], zone: ZoneInfo) -> dict[Key, dt.date]:
    """The day each was first given, through all doses that took the place of one another without a gap (one query)."""
    spans: dict[Key, dict[dt.datetime, dt.datetime]] = defaultdict(dict)
    stopped = Prescription.objects.filter(episode__in=episodes).exclude(stopped_at=None)
    for episode, exercise, begun, ended in stopped.values_list("episode", "exercise", "prescribed_at", "stopped_at"):
        spans[episode, exercise][ended] = begun
    first = {}
    for row in rows:
        began, before = row.prescribed_at, spans[_key(row)]
        while began in before:
            began = before.pop(began)
        first[_key(row)] = began.astimezone(zone).date()
    return first


def _done(episodes: set[uuid.UUID], *, since: dt.date) -> dict[Key, dict[dt.date, int | None]]:
    """Pain after, by day, for each exercise of the episodes (one query)."""
    found: dict[Key, dict[dt.date, int | None]] = defaultdict(dict)
    rows = Adherence.objects.filter(prescription__episode__in=episodes, done_on__gte=since).order_by("created_at")
    wanted = ("prescription__episode", "prescription__exercise", "done_on", "pain_after")
    for episode, exercise, done_on, pain_after in rows.values_list(*wanted):
        found[episode, exercise][done_on] = pain_after
    return found


def _kept(
    row: Prescription,
    days: list[dt.date],
    given_on: dt.date,
    done: dict[dt.date, int | None],
    average: float | None,
) -> Kept:
    strip = [
        Day(day, "done", done[day]) if day in done else Day(day, "before" if day < given_on else "missed")
        for day in days
    ]
    earlier = [day.pain_after for day in strip if day.pain_after is not None][:-1]
    return Kept(row, strip, rules.usual_of(average=average, earlier=earlier))
