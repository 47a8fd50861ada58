"""Visits still ahead that lie outside what has been set up since they were booked. Nothing is moved by itself."""

import datetime as dt
import functools
import operator
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from clinic.audit import services as audit
from clinic.core import clock
from clinic.people.models import User
from scheduling.availability.openings import openings
from scheduling.models import Appointment, Holiday, RoomClosure, TimeOff
from scheduling.rules.walltime import merge

AT_ONCE, MOST_SHOWN = 5, 60


@dataclass(frozen=True, slots=True)
class Stranded:
    """The first of them, and how many there are: some at once, more on demand."""

    appointments: list[Appointment]
    count: int

    @property
    def first(self) -> list[Appointment]:
        return self.appointments[:AT_ONCE]

    @property
    def more(self) -> list[Appointment]:
        return self.appointments[AT_ONCE:]

    @property
    def is_cut(self) -> bool:
        return self.count > len(self.appointments)


def in_time_off(user: User) -> Stranded:
    """Of therapists who are away then. 2 queries."""
    off = TimeOff.objects.filter(therapist=OuterRef("therapist"), during__overlap=OuterRef("during"))
    return _first(user, _ahead(user).filter(Exists(off)))


def in_closed_rooms(user: User) -> Stranded:
    """2 queries."""
    closed = RoomClosure.objects.filter(room=OuterRef("room"), during__overlap=OuterRef("occupies"))
    return _first(user, _ahead(user).filter(Exists(closed)))


def on_closed_dates(user: User) -> Stranded:
    """At locations that are closed that day. 3 queries."""
    yesterday = clock.now().date() - dt.timedelta(days=1)
    closed = Holiday.objects.visible_to(user).filter(is_closed=True).from_day(yesterday).select_related("location")
    days = [
        Q(location=each.location_id, during__overlap=clock.day_bounds(each.on, each.location.zone)) for each in closed
    ]
    return _first(user, _ahead(user).filter(functools.reduce(operator.or_, days, Q(pk__in=()))))


def outside_hours(user: User, therapist: User) -> Stranded:
    """Of one therapist, outside the weekly hours, in a break, or on a date that differs. 2 queries."""
    ahead = list(_ahead(user).filter(therapist=therapist))
    if not ahead:
        return Stranded([], 0)
    one = dt.timedelta(days=1)
    first_day, last_day = ahead[0].starts_at.date() - one, ahead[-1].starts_at.date() + one
    open_at: dict[Any, list[tuple[dt.datetime, dt.datetime]]] = {}
    for opening in openings(therapists=[therapist], first_day=first_day, last_day=last_day):
        open_at.setdefault(opening.location.pk, []).append(opening.span)
    merged = {place: merge(spans) for place, spans in open_at.items()}
    return _told(
        user,
        [
            each
            for each in ahead
            if not any(
                start <= each.starts_at and each.ends_at <= end for start, end in merged.get(each.location_id, ())
            )
        ],
    )


def _ahead(user: User) -> QuerySet[Appointment]:
    visits = Appointment.objects.visible_to(user).active().filter(during__startswith__gt=clock.now())
    return visits.with_people().order_by("during", "pk")


def _first(user: User, visits: QuerySet[Appointment]) -> Stranded:
    count = visits.count()
    return _read(user, Stranded(list(visits[:MOST_SHOWN]) if count else [], count))


def _told(user: User, visits: list[Appointment]) -> Stranded:
    return _read(user, Stranded(visits[:MOST_SHOWN], len(visits)))


def _read(user: User, found: Stranded) -> Stranded:
    """Names of clients are shown: that is on record."""
    if found.appointments:
        audit.record(user, "appointment.listed", changes={"shown": len(found.appointments)})
    return found
