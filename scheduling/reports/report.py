"""Puts the report together: plain values, for the page, the tables and the API alike."""

import math
from collections import Counter
from dataclasses import dataclass

from clinic.people.models import Location
from scheduling.reports.figures import FIGURES, count_all
from scheduling.reports.filters import Filters
from scheduling.reports.hours import Open, open_hours
from scheduling.reports.tally import Booked, Kind, Side, tally
from scheduling.rules.figures import Cells


@dataclass(frozen=True, slots=True)
class Use:
    """One therapist or room: hours open and hours of visits in them, by hour of the week and in sum."""

    id: str
    name: str
    open_cells: Cells
    booked_cells: Cells
    open_before: float
    booked_before: float

    @property
    def open_hours(self) -> float:
        return sum(self.open_cells.values())

    @property
    def booked_hours(self) -> float:
        return sum(self.booked_cells.values())

    @property
    def share(self) -> float | None:
        return share_of(self.booked_hours, self.open_hours)

    @property
    def share_before(self) -> float | None:
        return share_of(self.booked_before, self.open_before)


@dataclass(frozen=True, slots=True)
class Numbers:
    """What was counted in one period."""

    counts: dict[str, int]
    seen: int
    median_lead_days: float | None
    median_first_lead_days: float | None

    @property
    def returning(self) -> int:
        """Clients who were seen and had been here before."""
        return max(0, self.seen - self.counts["new"])


@dataclass(frozen=True, slots=True)
class Report:
    filters: Filters
    now: Numbers
    before: Numbers
    therapists: list[Use]
    rooms: list[Use]

    @property
    def has_visits(self) -> bool:
        return bool(self.now.counts["coming"] + self.now.counts["cancelled"] + self.before.counts["coming"])


def build(filters: Filters) -> Report:
    """How the practice ran. 8 queries, however many visits, people and days."""
    counted, opened = tally(filters), open_hours(filters)
    people = opened.people
    therapists = [
        _use(str(pk), people[pk].name, opened.therapists.get(pk), counted.therapists.get(pk))
        for pk in {*opened.therapists, *counted.therapists} & {*people}
    ]
    is_one = len(filters.places) == 1
    rooms = [
        _use(str(room.pk), _called(room.name, room.location, is_one=is_one), open_, counted.rooms.get(room.pk))
        for room, open_ in opened.rooms.items()
    ]
    return Report(
        filters,
        _numbers(counted.now),
        _numbers(counted.before),
        sorted(therapists, key=lambda use: use.name),
        rooms,
    )


def share_of(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _called(name: str, location: Location, *, is_one: bool) -> str:
    return name if is_one else f"{name}, {location.name}"


def _use(pk: str, name: str, open_: Open | None, booked: Booked | None) -> Use:
    return Use(
        pk,
        name,
        open_.cells if open_ else {},
        booked.cells if booked else {},
        open_.hours_before if open_ else 0.0,
        booked.hours_before if booked else 0.0,
    )


def _numbers(side: Side) -> Numbers:
    return Numbers(
        count_all(side.kinds),
        side.seen,
        _median_lead(side.kinds, "waited"),
        _median_lead(side.kinds, "first-waited"),
    )


def _median_lead(kinds: Counter[Kind], key: str) -> float | None:
    """Whole days from booking to visit, the middle of all; None without any."""
    days: Counter[int] = Counter()
    for kind, count in FIGURES[key].only(kinds).items():
        days[kind.lead_days] += count
    total = sum(days.values())
    if not total:
        return None
    return (_nth(days, math.floor((total - 1) / 2)) + _nth(days, math.ceil((total - 1) / 2))) / 2


def _nth(days: Counter[int], index: int) -> int:
    for day in sorted(days):
        index -= days[day]
        if index < 0:
            return day
    raise IndexError
