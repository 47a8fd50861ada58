"""Placing the demo's visits: pure, in local wall time, no therapist or client twice at once."""

import datetime as dt
import random
import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from clinic.demo.courses import Course, Picture, draw_course, draw_picture, pain_by_visit
from clinic.demo.ground import Week

STEP_MINUTES = 15
FIRST_VISIT_MINUTES = 60


@dataclass(slots=True)
class Visit:
    """One visit of an episode, at local wall time."""

    number: int  # 0 is the first
    starts_at: dt.datetime  # naive: wall time at the episode's place
    duration_minutes: int
    pain: int


@dataclass(slots=True)
class Plan:
    """An episode of one client with one therapist."""

    client: int
    therapist: int
    picture: Picture
    course: Course
    side: str
    visits: list[Visit] = field(default_factory=list)


def draw_uuid(chance: random.Random) -> uuid.UUID:
    """A version 4 UUID that the seed decides."""
    return uuid.UUID(int=chance.getrandbits(128), version=4)


class Diary:
    """Who is busy when. Days are looked at in quarters of an hour."""

    def __init__(self, weeks: list[Week], first_day: dt.date, chance: random.Random) -> None:
        self.weeks = weeks
        self.first_day = first_day
        self.chance = chance
        self._busy: dict[tuple[int, dt.date], set[int]] = defaultdict(set)

    def works(self, therapist: int, day: dt.date) -> bool:
        return (day - self.first_day).days % 7 not in self.weeks[therapist].off

    def place(self, therapist: int, day: dt.date, minutes: int) -> dt.datetime | None:
        """Take a free time on or just after `day`; None when nine days are full."""
        for ahead in range(9):
            candidate = day + dt.timedelta(days=ahead)
            if self.works(therapist, candidate):
                free = [step for step in self._steps(therapist) if self._is_free(therapist, candidate, step, minutes)]
                if free:
                    return self._take(therapist, candidate, self.chance.choice(free), minutes)
        return None

    def fill(self, therapist: int, day: dt.date, share: float) -> list[tuple[dt.datetime, int]]:
        """Take about `share` of a day, back to back with gaps, as a busy desk would."""
        taken = []
        for step in self._steps(therapist):
            minutes = self.chance.choice((30, 45, 45, 60))
            if self._is_free(therapist, day, step, minutes) and self.chance.random() < share:
                taken.append((self._take(therapist, day, step, minutes), minutes))
        return taken

    def keep_clear(self, plans: list[Plan], closed: Sequence[Collection[dt.date]]) -> None:
        """Take visits off the closed dates of their therapist: what was goes back in time, what comes on. No chance."""
        for plan in plans:
            for visit in plan.visits:
                if visit.starts_at.date() in closed[plan.therapist]:
                    visit.starts_at = self._elsewhere(plan.therapist, visit, closed[plan.therapist])

    def _elsewhere(self, therapist: int, visit: Visit, closed: Collection[dt.date]) -> dt.datetime:
        day, minutes = visit.starts_at.date(), visit.duration_minutes
        way = 1 if day > self.first_day else -1
        for away in range(1, 15):
            other = day + dt.timedelta(days=way * away)
            if other in closed or not self.works(therapist, other):
                continue
            for step in self._steps(therapist):
                if self._is_free(therapist, other, step, minutes):
                    return self._take(therapist, other, step, minutes)
        raise ValueError(f"two full weeks around {day}")

    def _steps(self, therapist: int) -> list[int]:
        week = self.weeks[therapist]
        return list(range(_quarter(week.starts_at), _quarter(week.ends_at)))

    def _is_free(self, therapist: int, day: dt.date, step: int, minutes: int) -> bool:
        week = self.weeks[therapist]
        wanted = range(step, step + minutes // STEP_MINUTES)
        lunch = range(_quarter(week.lunch_at), _quarter(week.lunch_at) + 3)
        busy = self._busy[therapist, day]
        return wanted.stop <= _quarter(week.ends_at) and not any(at in lunch or at in busy for at in wanted)

    def _take(self, therapist: int, day: dt.date, step: int, minutes: int) -> dt.datetime:
        self._busy[therapist, day].update(range(step, step + minutes // STEP_MINUTES))
        return dt.datetime.combine(day, dt.time()) + dt.timedelta(minutes=step * STEP_MINUTES)


def _quarter(at: dt.time) -> int:
    return (at.hour * 60 + at.minute) // STEP_MINUTES


def plan_all(
    *,
    clients: int,
    weeks: list[Week],
    today: dt.date,
    days_back: int,
    chance: random.Random,
    closed: Sequence[Collection[dt.date]],
) -> list[Plan]:
    """Every episode of the demo: first those that fill today, then the history behind and the weeks ahead.

    `closed`: for each therapist the dates on which nobody comes. They move visits only, and draw nothing.
    """
    diary = Diary(weeks, today, chance)
    unused = list(range(clients))
    chance.shuffle(unused)
    plans: list[Plan] = []
    for therapist in range(len(weeks)):
        if diary.works(therapist, today):
            for starts_at, minutes in diary.fill(therapist, today, 0.62):
                plans.append(_around_today(unused.pop(), therapist, starts_at, minutes, diary))
    returning = [*chance.sample(range(clients), clients), *chance.sample(range(clients), clients // 2)]
    home = {plan.client: plan.therapist for plan in plans}
    for client in [*unused, *returning]:
        therapist = home.setdefault(client, chance.randrange(len(weeks)))
        begins_on = today - dt.timedelta(days=chance.randrange(-12, days_back))
        plan = _episode(client, therapist, begins_on, diary)
        if plan.visits and not _collides(plan, plans):
            plans.append(plan)
    diary.keep_clear(plans, closed)
    return plans


def _new_plan(client: int, therapist: int, chance: random.Random) -> Plan:
    picture = draw_picture(chance)
    side = chance.choice(("left", "right")) if picture.side else "none"
    return Plan(client, therapist, picture, draw_course(picture, chance), side)


def _episode(client: int, therapist: int, begins_on: dt.date, diary: Diary) -> Plan:
    plan = _new_plan(client, therapist, diary.chance)
    visits = diary.chance.randint(2, 4) if plan.course is Course.LOST else diary.chance.randint(5, 12)
    pains = pain_by_visit(plan.picture, plan.course, visits, diary.chance)
    day = begins_on
    for number in range(visits):
        minutes = FIRST_VISIT_MINUTES if number == 0 else diary.chance.choice((30, 45, 45, 60))
        starts_at = diary.place(therapist, day, minutes)
        if starts_at is None:
            break
        plan.visits.append(Visit(number, starts_at, minutes, pains[number]))
        day = starts_at.date() + dt.timedelta(days=diary.chance.randint(6, 9))
    return plan


def _around_today(client: int, therapist: int, starts_at: dt.datetime, minutes: int, diary: Diary) -> Plan:
    """An episode that has its n-th visit today."""
    plan = _new_plan(client, therapist, diary.chance)
    behind = 0 if minutes == FIRST_VISIT_MINUTES else diary.chance.randint(1, 7)
    ahead = diary.chance.randint(1, 4)
    pains = pain_by_visit(plan.picture, plan.course, behind + 1 + ahead, diary.chance)
    times: list[tuple[dt.datetime, int]] = [(starts_at, minutes)]
    for sign, count in ((-1, behind), (1, ahead)):
        day = starts_at.date()
        for _ in range(count):
            day += dt.timedelta(days=sign * 9)
            length = FIRST_VISIT_MINUTES if sign < 0 else diary.chance.choice((30, 45))
            placed = diary.place(therapist, day, length)
            if placed is not None and all(abs(placed - at) >= dt.timedelta(days=1) for at, _ in times):
                times.append((placed, length))
    for number, (at, length) in enumerate(sorted(times)):
        plan.visits.append(Visit(number, at, length, pains[number]))
    return plan


def _collides(plan: Plan, others: list[Plan]) -> bool:
    """Whether the client would be in two episodes at once."""
    first, last = plan.visits[0].starts_at, plan.visits[-1].starts_at
    margin = dt.timedelta(days=20)
    return any(
        other.client == plan.client
        and other.visits
        and first - margin <= other.visits[-1].starts_at
        and other.visits[0].starts_at <= last + margin
        for other in others
    )
