"""When and where therapists work: weekly hours less breaks, dates that differ, holidays. Not time off, not bookings."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Model, Q, QuerySet, TextField, Value

from clinic.people.models import Location, User
from scheduling.models import DateHours, Holiday, WeeklyBreak, WorkingHours
from scheduling.rules.walltime import Span, falls_on, subtract, working_span

Key = tuple[uuid.UUID, uuid.UUID]  # therapist, location
M = TypeVar("M", bound=Model)

_WHERE = ("location_id", "location__name", "location__timezone")
_KINDS = {"work", "break", "date", "closed"}
_WHO = ("therapist_id", "therapist__name", *_WHERE)


@dataclass(frozen=True, slots=True)
class Opening:
    """A span in which a therapist works at a location."""

    span: Span
    therapist: User
    location: Location


class _Pattern(NamedTuple):
    """One weekday of weekly hours or of a break."""

    therapist_id: uuid.UUID
    location_id: uuid.UUID
    weekday: int
    starts_at: dt.time
    ends_at: dt.time
    valid_from: dt.date
    valid_until: dt.date | None
    every_n_weeks: int

    @property
    def key(self) -> Key:
        return self.therapist_id, self.location_id


class _OnDate(NamedTuple):
    location_id: uuid.UUID
    starts_at: dt.time | None
    ends_at: dt.time | None


@dataclass(slots=True)
class Timetable:
    """The hours of some therapists, read once and laid out on as many days as are asked for."""

    people: dict[uuid.UUID, User] = field(default_factory=dict)
    locations: dict[uuid.UUID, Location] = field(default_factory=dict)
    work: dict[int, list[_Pattern]] = field(default_factory=lambda: defaultdict(list))
    breaks: dict[int, list[_Pattern]] = field(default_factory=lambda: defaultdict(list))
    dated: dict[tuple[uuid.UUID, dt.date], list[_OnDate]] = field(default_factory=lambda: defaultdict(list))
    closed: dict[tuple[uuid.UUID, dt.date], str] = field(default_factory=dict)
    places: set[uuid.UUID] | None = None
    more: list[tuple[Any, ...]] = field(default_factory=list)

    def on(self, day: dt.date) -> dict[Key, list[Span]]:
        """Who works where on a date, and from when to when."""
        spans = self.without_breaks(day)
        pauses = self.pauses(day)
        if not pauses:
            return spans
        return {key: subtract(each, pauses[key]) if key in pauses else each for key, each in spans.items()}

    def without_breaks(self, day: dt.date) -> dict[Key, list[Span]]:
        """The hours of a date as if nobody paused."""
        spans: dict[Key, list[Span]] = defaultdict(list)
        for pattern in self.work[day.weekday()]:
            if (pattern.therapist_id, day) not in self.dated and falls_on(pattern, day):
                self._add(spans, pattern.key, day, pattern.starts_at, pattern.ends_at)
        for (therapist_id, on), rows in self.dated.items():
            if on == day:
                for row in rows:
                    self._add(spans, (therapist_id, row.location_id), day, row.starts_at, row.ends_at)
        return spans

    def pauses(self, day: dt.date) -> dict[Key, list[Span]]:
        """The breaks of a date; a date with hours of its own has none."""
        spans: dict[Key, list[Span]] = defaultdict(list)
        for pattern in self.breaks[day.weekday()]:
            if (pattern.therapist_id, day) not in self.dated and falls_on(pattern, day):
                self._add(spans, pattern.key, day, pattern.starts_at, pattern.ends_at)
        return spans

    def between(self, first_day: dt.date, last_day: dt.date) -> Iterator[tuple[dt.date, Key, Span]]:
        """Every span from `first_day` to `last_day`, by date."""
        for offset in range((last_day - first_day).days + 1):
            day = first_day + dt.timedelta(days=offset)
            for key, spans in self.on(day).items():
                for span in spans:
                    yield day, key, span

    def add(
        self, kind: str, therapist_id: uuid.UUID, name: str, location_id: uuid.UUID, place: str, zone: str, *row: Any
    ) -> None:
        """Take in a row of the union that `read` asks for."""
        starts_at, ends_at, valid_from, valid_until, every, weekdays = row
        if kind not in _KINDS:
            self.more.append((kind, therapist_id, name, location_id, place, zone, every, weekdays))
            return
        if location_id not in self.locations:
            self.locations[location_id] = known(Location, id=location_id, name=place, timezone=zone)
        if kind == "closed":
            self.closed[location_id, valid_from] = name
            return
        if therapist_id not in self.people:
            self.people[therapist_id] = known(User, id=therapist_id, name=name)
        if kind == "date":
            self.dated[therapist_id, valid_from].append(_OnDate(location_id, starts_at, ends_at))
            return
        patterns = self.work if kind == "work" else self.breaks
        for weekday in weekdays:
            pattern = _Pattern(therapist_id, location_id, weekday, starts_at, ends_at, valid_from, valid_until, every)
            patterns[weekday].append(pattern)

    def _add(
        self, spans: dict[Key, list[Span]], key: Key, day: dt.date, starts_at: dt.time | None, ends_at: dt.time | None
    ) -> None:
        place = key[1]
        if starts_at is None or ends_at is None or (place, day) in self.closed:
            return
        if self.places is None or place in self.places:
            span = working_span(day, starts_at, ends_at, self.locations[place].zone)
            if span:
                spans[key].append(span)


def openings(
    *,
    therapists: Iterable[User] | None = None,
    location: Location | None = None,
    locations: Iterable[Location] | None = None,
    first_day: dt.date,
    last_day: dt.date,
    user: User | None = None,
) -> list[Opening]:
    """Who works where on the dates from `first_day` to `last_day`, in order of time. 1 query.

    People and places that are not given know their names (and zones) only; what else is asked of them is read then.
    """
    people = None if therapists is None else {each.pk: each for each in therapists}
    places = None if locations is None else {each.pk: each for each in locations}
    if location:
        places = {location.pk: location}
    whose = Q() if people is None else Q(therapist__in=people)
    table = read(whose, first_day=first_day, last_day=last_day, places=places, user=user)
    found = [(span, key) for _day, key, span in table.between(first_day, last_day)]
    people, places = table.people | (people or {}), table.locations | (places or {})
    laid_out = [Opening(span, people[key[0]], places[key[1]]) for span, key in found]
    return sorted(laid_out, key=lambda each: (each.span, each.therapist.name))


def read(
    whose: Q,
    *,
    first_day: dt.date,
    last_day: dt.date,
    places: Iterable[uuid.UUID] | None = None,
    user: User | None = None,
    more: Sequence[Any] = (),
) -> Timetable:
    """The timetable of the therapists that `whose` picks, at `places` and where `user` may look. 1 query.

    `more`: queries of as many columns, whose rows come along in `Timetable.more` without a trip of their own.
    """
    table = Timetable(places=_scope(places, user))
    if table.places is not None and not table.places:
        return table
    hours = WorkingHours.objects.valid_between(first_day, last_day).filter(whose)
    pauses = WeeklyBreak.objects.valid_between(first_day, last_day).filter(whose)
    closed = Holiday.objects.closed_between(first_day, last_day)
    if table.places is not None:
        here = Q(location__in=table.places)
        hours, pauses, closed = hours.filter(here), pauses.filter(here), closed.filter(here)
    # Hours on a date count at whichever place they are: there the therapist is not here.
    dated = DateHours.objects.between(first_day, last_day).filter(whose)
    rows = _weekly("work", hours).union(_weekly("break", pauses), _dated(dated), _closed(closed), *more, all=True)
    for row in rows:
        table.add(*row)
    return table


def _scope(places: Iterable[uuid.UUID] | None, user: User | None) -> set[uuid.UUID] | None:
    """The locations looked at; None for all of them."""
    wanted = None if places is None else set(places)
    if user is None or (user.is_active and user.is_owner):
        return wanted
    seen = set(user.location_ids) if user.is_active and user.roles else set()
    return seen if wanted is None else wanted & seen


def known(model: type[M], **values: Any) -> M:
    """A row of which some columns are known; any other is read when it is asked for."""
    names = [each.attname for each in model._meta.concrete_fields if each.attname in values]
    return model.from_db("default", names, [values[name] for name in names])


def _weekly(kind: str, patterns: QuerySet[Any]) -> Any:
    """Spans that differ in their weekday only come as one row."""
    times = ("starts_at", "ends_at", "valid_from", "valid_until", "every_n_weeks")
    named = patterns.order_by().annotate(kind=Value(kind))
    return (
        named.values("kind", *_WHO, *times)
        .annotate(days=ArrayAgg("weekday"))
        .values_list("kind", *_WHO, *times, "days")
    )


def _dated(rows: QuerySet[Any]) -> Any:
    named = rows.order_by().annotate(kind=Value("date"), **nothing("until", "every", "days"))
    return named.values_list("kind", *_WHO, "starts_at", "ends_at", "on", "until", "every", "days")


def _closed(holidays: QuerySet[Any]) -> Any:
    named = holidays.order_by().annotate(
        kind=Value("closed"), **nothing("who", "begin", "end", "until", "every", "days")
    )
    return named.values_list("kind", "who", "name", *_WHERE, "begin", "end", "on", "until", "every", "days")


def nothing(*names: str) -> dict[str, Value]:
    """Columns that a kind of row does not have, for the union."""
    return {name: Value(None, output_field=TextField()) for name in names}
