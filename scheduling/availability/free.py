"""Walks through free starting times, some hours at a time, so that the next few cost little however many work here."""

import datetime as dt
import heapq
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from scheduling.availability import taken
from scheduling.availability.openings import Key, Timetable
from scheduling.availability.taken import Question, Taken
from scheduling.rules import slots
from scheduling.rules.slots import Busy
from scheduling.rules.walltime import offsets

HOUR = 3600
DAY = 24 * HOUR
SHORTEST_WINDOW = 4 * HOUR
LONGEST_WINDOW = 60 * DAY  # of a few therapists
SHARED_WINDOW = 30 * DAY  # divided among many: the more they are, the sooner one is free
GROWTH = 3
FEW = 2  # of so few therapists a long time is read at once, with the rooms they have most
NOTHING = Busy([])
EPOCH = dt.date(1970, 1, 1)

Opening = tuple[int, int, Key]
Full = set[tuple[uuid.UUID, int]]


class Start(NamedTuple):
    """A time that can be booked, with whoever and whichever room suits best."""

    at: int
    therapist_id: uuid.UUID
    location_id: uuid.UUID
    room_id: uuid.UUID
    waste: tuple[int, int]
    date: int  # days since 1970 at the location


class _Candidate(NamedTuple):
    """Ordered by time; at one time by what it wastes, then by name."""

    at: int
    location_id: uuid.UUID
    waste: tuple[int, int]
    name: str
    therapist_id: uuid.UUID
    date: int


@dataclass(slots=True)
class Walk:
    """One search: what is looked for, and what has been read for it. Times are seconds since 1970."""

    table: Timetable
    question: Question
    rooms: dict[uuid.UUID, list[uuid.UUID]]  # location → those that fit
    since: int
    until: int  # the last time at which a visit may begin
    length: int
    occupied: int
    step: int
    full_days: Callable[[dt.date, dt.date], set[tuple[uuid.UUID, dt.date]]]
    floors: dict[uuid.UUID, int] = field(default_factory=dict)  # location → its own earliest time
    _days: dict[dt.date, list[Opening]] = field(default_factory=dict)
    _order: tuple[tuple[Any, ...], list[tuple[uuid.UUID, Busy]]] | None = None

    def starts(self) -> Iterator[Start]:
        """Every time and place that can be booked, in order; of several therapists the one who wastes least."""
        many = len(self.question.therapists)
        size = LONGEST_WINDOW if many <= FEW else max(SHORTEST_WINDOW, SHARED_WINDOW // many)
        begin = self.since
        while begin <= self.until:
            end = min(begin + size, self.until + 1)
            openings = self._openings(begin, end)
            if openings:
                yield from self._window(openings, begin, end)
                size *= GROWTH
            begin = end

    def _openings(self, begin: int, end: int) -> list[Opening]:
        """Openings in which a visit may begin within [begin, end)."""
        zones = {place.zone for place in self.table.locations.values()}
        first = min((dt.datetime.fromtimestamp(begin, zone).date() for zone in zones), default=dt.date.max)
        last = max((dt.datetime.fromtimestamp(end, zone).date() for zone in zones), default=dt.date.min)
        found: list[Opening] = []
        for offset in range((last - first).days + 1):
            day = first + dt.timedelta(days=offset)
            if day not in self._days:
                self._days[day] = self._on(day)
            found += [each for each in self._days[day] if each[0] < end and each[1] - self.length >= begin]
        return found

    def _on(self, day: dt.date) -> list[Opening]:
        return [
            (int(span[0].timestamp()), int(span[1].timestamp()), key)
            for key, spans in self.table.on(day).items()
            if key[1] in self.rooms
            for span in spans
        ]

    def _window(self, openings: list[Opening], begin: int, end: int) -> Iterator[Start]:
        first = max(begin, min(each[0] for each in openings))
        span = (first - slots.DEAD, end + self.occupied + slots.DEAD)
        is_long = len(self.question.therapists) <= FEW and end - first > 3 * DAY
        known = taken.read(self._of_places(openings), span, is_usual_enough=is_long)
        self._order = None
        full = self._full(begin, end)
        candidates: Iterator[_Candidate] = heapq.merge(
            *(self._candidates(each, known, full, begin, end) for each in openings)
        )
        if is_long:
            found = list(candidates)
            self._read_other_rooms(found, known)
            candidates = iter(found)
        for _key, together in groupby(candidates, key=lambda each: (each.at, each.location_id)):
            best = next((start for each in together if (start := self._start(each, known))), None)
            if best:
                yield best

    def _of_places(self, openings: list[Opening]) -> Question:
        """Only the rooms of the places where somebody works then."""
        places = {key[1] for _begin, _end, key in openings}
        return replace(self.question, rooms=[room for place in places for room in self.rooms[place]])

    def _full(self, begin: int, end: int) -> Full:
        first, last = (dt.datetime.fromtimestamp(at, dt.UTC).date() for at in (begin, end))
        full = self.full_days(first - dt.timedelta(days=1), last + dt.timedelta(days=1))
        return {(therapist_id, (day - EPOCH).days) for therapist_id, day in full}

    def _candidates(self, opening: Opening, known: Taken, full: Full, begin: int, end: int) -> Iterator[_Candidate]:
        """The times at which a therapist and the client are free, rooms not asked yet."""
        therapist_id, location_id = opening[2]
        zone: ZoneInfo = self.table.locations[location_id].zone
        name = self.table.people[therapist_id].name
        begin = max(begin, self.floors.get(location_id, begin))
        away, visits = known.away.get(therapist_id, NOTHING), known.visits.get(therapist_id, NOTHING)
        clock = offsets(opening[0], opening[1], zone)
        for gap in slots.gaps(opening[:2], away, visits, length=self.length, occupied=self.occupied):
            for at in slots.aligned(max(gap.first, begin), min(gap.last, end - 1), self.step, clock):
                date = (at + next(offset for until, offset in clock if at < until)) // DAY
                if known.client.is_free(at, at + self.length) and (therapist_id, date) not in full:
                    yield _Candidate(at, location_id, gap.waste(at), name, therapist_id, date)

    def _start(self, each: _Candidate, known: Taken) -> Start | None:
        room_id = self._room(each, known)
        if room_id is None:
            return None
        return Start(each.at, each.therapist_id, each.location_id, room_id, each.waste, each.date)

    def _room(self, each: _Candidate, known: Taken) -> uuid.UUID | None:
        """A free room: the one the therapist has that day if it can be, then the one they have most."""
        end = each.at + self.occupied
        for room, busy in self._rooms_in_order(each, known):
            if busy.is_free(each.at, end):
                return room
        return None

    def _rooms_in_order(self, each: _Candidate, known: Taken) -> list[tuple[uuid.UUID, Busy]]:
        """Kept for the next candidate, which is mostly of the same therapist and day."""
        whose = (each.therapist_id, each.location_id, each.at // DAY, len(known.rooms))
        if self._order is None or self._order[0] != whose:
            here = self.rooms[each.location_id]
            usual = [room for room in known.usual_rooms(each.therapist_id, each.at // DAY) if room in here]
            rooms = dict.fromkeys([*usual, *here])
            self._order = (whose, [(room, known.rooms[room]) for room in rooms if room in known.rooms])
        return self._order[1]

    def _read_other_rooms(self, found: list[_Candidate], known: Taken) -> None:
        """Where the usual rooms are taken, the others are asked for, at those times only."""
        lacking = [each for each in found if self._room(each, known) is None]
        if not lacking:
            return
        others = {room for each in lacking for room in self.rooms[each.location_id]} - known.rooms.keys()
        if others:
            only_at = slots.union((each.at, each.at + self.occupied) for each in lacking)
            question = Question(
                therapists=[], rooms=sorted(others), now=self.question.now,
                moving=self.question.moving, hold=self.question.hold,
            )  # fmt: skip
            whole = (only_at[0][0], only_at[-1][1])
            known.add_rooms(taken.read(question, whole, only_at=only_at), only_at)
