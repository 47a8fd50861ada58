"""The weeks to come as they really are: hours, breaks, dates that differ, closed days, time off. Three queries."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from clinic.core import clock
from clinic.people.models import Location, User
from scheduling.availability import openings
from scheduling.availability.openings import Timetable
from scheduling.models import DateHours, TimeOff
from scheduling.rules.walltime import Span, falls_on, merge, subtract

EARLIEST, LATEST = 7 * 60, 19 * 60


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of a day, in minutes since midnight at its place."""

    start: int
    end: int
    kind: str  # work, break, off

    @property
    def width(self) -> int:
        return self.end - self.start


@dataclass(slots=True)
class WorkDay:
    date: dt.date
    is_today: bool
    bars: list[Bar] = field(default_factory=list)
    hours: list[tuple[str, list[str]]] = field(default_factory=list)  # the place, "08:00–12:00" and so on
    notes: list[tuple[str, str]] = field(default_factory=list)  # kind, words


@dataclass(slots=True)
class Picture:
    """Dates by therapist, and from when to when bars are drawn."""

    first_day: dt.date
    days: dict[uuid.UUID, list[WorkDay]]
    start: int = EARLIEST
    end: int = LATEST

    @property
    def length(self) -> int:
        return self.end - self.start

    def weeks_of(self, therapist: User) -> list[list[WorkDay]]:
        days = self.days[therapist.pk]
        return [days[at : at + 7] for at in range(0, len(days), 7)]


def picture(*, therapists: Iterable[User], first_day: dt.date, weeks: int, user: User) -> Picture:
    """`weeks` weeks from the Monday `first_day` on, where `user` may look."""
    people = list(therapists)
    last_day = first_day + dt.timedelta(days=7 * weeks - 1)
    whose = Q(therapist__in=[each.pk for each in people])
    table = openings.read(whose, first_day=first_day, last_day=last_day, user=user)
    start, end = clock.now(), clock.now()
    if table.locations:
        zones = [place.zone for place in table.locations.values()]
        start = min(clock.day_bounds(first_day, zone)[0] for zone in zones)
        end = max(clock.day_bounds(last_day, zone)[1] for zone in zones)
    off = list(TimeOff.objects.visible_to(user).filter(whose).overlapping(start, end))
    said = list(DateHours.objects.visible_to(user).filter(whose).between(first_day, last_day))
    found = Picture(first_day, {each.pk: [] for each in people})
    for offset in range((last_day - first_day).days + 1):
        facts = _Facts(table, first_day + dt.timedelta(days=offset), off, said)
        for each in people:
            found.days[each.pk].append(facts.day_of(each))
    bars = [bar for days in found.days.values() for day in days for bar in day.bars]
    found.start = min([EARLIEST, *(bar.start // 60 * 60 for bar in bars)])
    found.end = max([LATEST, *(-(-bar.end // 60) * 60 for bar in bars)])
    return found


class _Facts:
    """One date, for everybody."""

    def __init__(self, table: Timetable, day: dt.date, off: list[TimeOff], said: list[DateHours]) -> None:
        self.table, self.day, self.off = table, day, off
        self.said = [each for each in said if each.on == day]
        self.worked, self.paused = table.without_breaks(day), table.pauses(day)

    def day_of(self, therapist: User) -> WorkDay:
        away = [each for each in self.off if each.therapist_id == therapist.pk]
        absent: list[Span] = [(each.during.lower, each.during.upper) for each in away]
        places = [place for place in self.table.locations.values() if (therapist.pk, place.pk) in self.worked]
        today = clock.today(places[0].zone) if places else clock.now().date()
        shown = WorkDay(self.day, self.day == today)
        missing: set[str] = set()
        for place in places:
            key = (therapist.pk, place.pk)
            work, pauses = merge(self.worked[key]), self.paused.get(key, [])
            present = subtract(work, absent)
            self._draw(shown, place, work, pauses, present)
            missing |= {each.reason for each in away if _meets(each, work)}
        shown.bars.sort(key=lambda bar: bar.start)
        shown.notes += self._notes(therapist)
        shown.notes += [("off", reason or _("Time off")) for reason in sorted(missing)]
        return shown

    def _draw(self, shown: WorkDay, place: Location, work: list[Span], pauses: list[Span], present: list[Span]) -> None:
        """Bars of one place: what is worked, what is paused within it, and what time off takes away."""
        at_work = subtract(present, pauses)
        for kind, spans in (
            ("work", at_work),
            ("break", subtract(present, at_work)),
            ("off", subtract(work, present)),
        ):
            shown.bars += [self._bar(span, place, kind) for span in spans]
        if at_work:
            shown.hours.append((place.name, [_told(span, place) for span in at_work]))

    def _bar(self, span: Span, place: Location, kind: str) -> Bar:
        start, end = (instant.astimezone(place.zone) for instant in span)
        until = end.hour * 60 + end.minute if end.date() == self.day else 24 * 60
        return Bar(start.hour * 60 + start.minute, until, kind)

    def _notes(self, therapist: User) -> list[tuple[str, str]]:
        """Why the date is not as the week says."""
        mine = [each for each in self.said if each.therapist_id == therapist.pk]
        notes = [("changed", each.reason or (_("Other hours") if each.starts_at else _("Day off"))) for each in mine]
        usual = {
            pattern.location_id
            for pattern in self.table.work[self.day.weekday()]
            if pattern.therapist_id == therapist.pk and falls_on(pattern, self.day)
        }
        places = {each.location_id for each in mine} if mine else usual
        closed = {self.table.closed.get((place, self.day), "") for place in places} - {""}
        return list(dict.fromkeys([*(("closed", name) for name in sorted(closed)), *notes]))


def _meets(absence: TimeOff, spans: list[Span]) -> bool:
    return any(absence.during.lower < end and start < absence.during.upper for start, end in spans)


def _told(span: Span, place: Location) -> str:
    words: list[Any] = [time_format(instant.astimezone(place.zone).time(), "H:i") for instant in span]
    return "–".join(words)
