"""Reads of the waitlist: whom a free time fits, in turn."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from scheduling.models import Appointment, WaitlistEntry
from scheduling.rules import waitlist as rules
from scheduling.rules.status import MOVABLE
from scheduling.rules.waitlist import Gap, Wanted, Window


def with_wishes(entries: QuerySet[WaitlistEntry]) -> QuerySet[WaitlistEntry]:
    """With all that an entry asks for, and who offers it: 5 queries, however many."""
    return entries.select_related("client", "service", "replaces").prefetch_related(
        "therapists", "locations", "windows", "service__therapists"
    )


def fitting(gap: Gap, *, among: Any, now: dt.datetime) -> list[WaitlistEntry]:
    """Who waits for what the gap could be, in turn; none who is elsewhere then. 6 queries."""
    day = gap.starts_at.astimezone(gap.zone).date()
    likely = among.waiting().filter(earliest_on__lte=day, service__is_active=True, service__therapists=gap.therapist)
    entries = [each for each in with_wishes(likely) if rules.fits(gap, wanted_of(each, now), now)]
    busy = _busy(entries, gap.starts_at)
    free = [each for each in entries if not _is_elsewhere(each, gap.starts_at, busy)]
    return sorted(free, key=lambda each: rules.turn(wanted_of(each, now)))


def wanted_of(entry: WaitlistEntry, now: dt.datetime) -> Wanted:
    """What an entry asks for; its relations are read already."""
    service, replaced = entry.service, entry.replaces
    is_given_up = replaced is not None and replaced.status in MOVABLE and replaced.starts_at > now
    return Wanted(
        length=dt.timedelta(minutes=service.duration_minutes),
        occupied=dt.timedelta(minutes=service.duration_minutes + service.buffer_minutes),
        earliest_on=entry.earliest_on,
        latest_on=entry.latest_on,
        notice=dt.timedelta(minutes=entry.notice_minutes),
        priority=entry.priority,
        since=entry.created_at,
        therapists={each.pk for each in entry.therapists.all()},
        locations={each.pk for each in entry.locations.all()},
        windows=[Window(each.weekday, each.starts_at, each.ends_at) for each in entry.windows.all()],
        before=replaced.starts_at if replaced and is_given_up else None,
    )


def _busy(entries: Iterable[WaitlistEntry], starts_at: dt.datetime) -> dict[uuid.UUID, list[Appointment]]:
    """What the clients have that day anyway. 1 query."""
    clients = {each.client_id for each in entries}
    found: dict[uuid.UUID, list[Appointment]] = defaultdict(list)
    there = Appointment.objects.active().overlapping(starts_at, starts_at + dt.timedelta(hours=8))
    for appointment in there.filter(client__in=clients).only("client_id", "during", "status") if clients else []:
        found[appointment.client_id].append(appointment)
    return found


def _is_elsewhere(entry: WaitlistEntry, starts_at: dt.datetime, busy: dict[uuid.UUID, list[Appointment]]) -> bool:
    ends_at = starts_at + dt.timedelta(minutes=entry.service.duration_minutes)
    return any(each.starts_at < ends_at and each.pk != entry.replaces_id for each in busy[entry.client_id])
