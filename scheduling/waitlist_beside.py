"""What the desk sees of the waitlist beside a day: gaps and whom they fit, what is offered, what came of it."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from clinic.core import clock
from clinic.people.models import Location, User
from scheduling import waiting
from scheduling.availability.openings import openings
from scheduling.models import (
    Appointment,
    BookingRules,
    OutsideBusy,
    SlotHold,
    TimeOff,
    WaitlistEntry,
    WaitlistOffer,
)
from scheduling.rules import waitlist as rules
from scheduling.rules.walltime import Span, subtract
from scheduling.services.offer_rows import with_all
from scheduling.waitlist_words import wish_of

State = WaitlistOffer.State
MOST_GAPS, MOST_PEOPLE, MOST_OTHERS = 4, 3, 5
MOST_READ = 60  # of the entries, in turn
NEWS = dt.timedelta(minutes=30)
_TOLD = [State.ACCEPTED, State.DECLINED, State.EXPIRED]


@dataclass(frozen=True, slots=True)
class Fit:
    """Somebody a gap fits, from when, and the value that the button sends."""

    entry: WaitlistEntry
    wish: str
    starts_at: dt.datetime
    value: str


@dataclass(slots=True)
class FreeTime:
    """A stretch in which a therapist could see somebody. `is_freed`: somebody cancelled."""

    therapist: User
    location: Location
    starts_at: dt.datetime
    ends_at: dt.datetime
    is_freed: bool = False
    fits: list[Fit] = field(default_factory=list)
    more: int = 0

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at) / dt.timedelta(minutes=1))


def beside(*, location: Location, day: dt.date, user: User) -> dict[str, Any]:
    """The panel of one day. 12 queries, however many wait."""
    now = clock.now()
    entries = waiting_at(location, user, now)
    step = dt.timedelta(minutes=BookingRules.current().slot_step_minutes)
    gaps = _with_fits(free_times(location, day, rules.on_step(now, step)), entries, now, step)[:MOST_GAPS]
    shown = {fit.entry.pk for gap in gaps for fit in gap.fits}
    others = [each for each in entries if each.pk not in shown and each.state == WaitlistEntry.State.WAITING]
    return {
        "count": len(entries),
        "gaps": gaps,
        "offered": _offered(location, user),
        "news": _news(location, user, now),
        "others": [{"entry": each, "wish": wish_of(each)} for each in others[:MOST_OTHERS]],
        "more": max(0, len(others) - MOST_OTHERS),
    }


def waiting_at(location: Location, user: User, now: dt.datetime) -> list[WaitlistEntry]:
    """Who would come to a location, in turn. 4 queries."""
    here = Q(locations=None) | Q(locations=location)
    open_ones = WaitlistEntry.objects.visible_to(user).filter(
        here, state__in=["waiting", "offered"], client__archived_at=None, client__merged_into=None
    )
    current = open_ones.filter(Q(latest_on=None) | Q(latest_on__gte=now.astimezone(location.zone).date())).distinct()
    rows = list(waiting.with_wishes(current.order_by("-priority", "created_at"))[:MOST_READ])
    return sorted(rows, key=lambda each: rules.turn(waiting.wanted_of(each, now)))


def free_times(location: Location, day: dt.date, since: dt.datetime) -> list[FreeTime]:
    """Where nobody is booked, away or kept, from `since` on; what came free first. 6 queries."""
    start, end = clock.day_bounds(day, location.zone)
    opened = openings(location=location, first_day=day, last_day=day)
    people = {each.therapist.pk for each in opened}
    taken = _taken(people, start, end)
    left = (
        FreeTime(each.therapist, location, *span)
        for each in opened
        for span in subtract([each.span], [*taken[each.therapist.pk], (start, max(start, since))])
    )
    gone = _given_up(people, start, end)
    gaps = []
    for gap in left:
        freed = [at for at in gone[gap.therapist.pk] if gap.starts_at <= at < gap.ends_at]
        if freed:
            gap.starts_at, gap.is_freed = min(freed), True
        gaps.append(gap)
    return sorted(gaps, key=lambda gap: (not gap.is_freed, gap.starts_at, gap.therapist.name))


def _taken(people: set[uuid.UUID], start: dt.datetime, end: dt.datetime) -> dict[uuid.UUID, list[Span]]:
    """4 queries."""
    rows: dict[uuid.UUID, list[Span]] = defaultdict(list)
    booked = Appointment.objects.occupying(start, end)
    held = SlotHold.objects.live(clock.now()).occupying(start, end)
    busy: list[tuple[QuerySet[Any], str]] = [
        (booked, "occupies"),
        (held, "occupies"),
        (TimeOff.objects.overlapping(start, end), "during"),
        (OutsideBusy.objects.overlapping(start, end), "during"),
    ]
    for queryset, period in busy:
        for therapist, span in queryset.filter(therapist__in=people).order_by().values_list("therapist_id", period):
            rows[therapist].append((span.lower, span.upper))
    return rows


def _given_up(people: set[uuid.UUID], start: dt.datetime, end: dt.datetime) -> dict[uuid.UUID, list[dt.datetime]]:
    """When cancelled visits would have begun. 1 query."""
    found: dict[uuid.UUID, list[dt.datetime]] = defaultdict(list)
    rows = Appointment.objects.filter(therapist__in=people, status__in=["cancelled", "late-cancelled"])
    for therapist, during in rows.overlapping(start, end).values_list("therapist_id", "during"):
        found[therapist].append(during.lower)
    return found


def _with_fits(
    gaps: Iterable[FreeTime], entries: list[WaitlistEntry], now: dt.datetime, step: dt.timedelta
) -> list[FreeTime]:
    """Gaps that fit somebody, with whom; one that was free all along names nobody twice."""
    wanted = [
        (each, waiting.wanted_of(each, now), set(_offering(each)))
        for each in entries
        if each.state == WaitlistEntry.State.WAITING
    ]
    found: list[FreeTime] = []
    seen: set[uuid.UUID] = set()
    for free in gaps:
        zone = free.location.zone
        gap = rules.Gap(free.starts_at, free.ends_at, free.therapist.pk, free.location.pk, zone)
        fitting = [
            (entry, at)
            for entry, wish, offering in wanted
            if free.therapist.pk in offering
            and (free.is_freed or entry.pk not in seen)
            and (at := rules.first_fit(gap, wish, now, step=step))
        ]
        if fitting:
            free.fits = [Fit(entry, wish_of(entry), at, value_of(free, at)) for entry, at in fitting[:MOST_PEOPLE]]
            free.more = len(fitting) - len(free.fits)
            seen |= {fit.entry.pk for fit in free.fits}
            found.append(free)
    return found


def _offering(entry: WaitlistEntry) -> Iterable[uuid.UUID]:
    """Who offers the service; prefetched."""
    return (each.pk for each in entry.service.therapists.all())


def value_of(gap: FreeTime, starts_at: dt.datetime) -> str:
    """As a free time of the booking sheet; the room is chosen when it is offered."""
    return f"{starts_at.isoformat()}|{gap.therapist.pk}|"


def _offered(location: Location, user: User) -> list[WaitlistOffer]:
    """What waits for an answer at a location, whichever day it is about. 1 query."""
    open_ones = WaitlistOffer.objects.visible_to(user).filter(state=State.OPEN, hold__location=location)
    return list(with_all(open_ones.order_by("expires_at")))


def _news(location: Location, user: User, now: dt.datetime) -> list[WaitlistOffer]:
    """Answers of the last half hour. 1 query."""
    answered = WaitlistOffer.objects.visible_to(user).filter(
        state__in=_TOLD, answered_at__gt=now - NEWS, hold__location=location
    )
    return list(with_all(answered.order_by("-answered_at"))[:MOST_OTHERS])
