"""What weekly hours and weekly breaks have in common: their shape, their overlaps, how they change and end."""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from clinic.audit import services as audit
from clinic.core import clock
from clinic.core.errors import Refused
from clinic.people.models import Location, User
from clinic.people.permissions import Permission, require
from scheduling.models import WeeklyBreak, WorkingHours
from scheduling.rules.days import check_ahead, check_day, check_times
from scheduling.rules.walltime import Span, weekly_spans
from scheduling.services.locks import lock

MOST_WEEKS = 12
W = TypeVar("W", WorkingHours, WeeklyBreak)


def lock_therapist(therapist: User, location: Location, by: User) -> None:
    """Permission and scope, then the therapist's row. Raises NotAllowed, Missing, and Refused for another's place."""
    require(by, Permission.MANAGE_SETTINGS, therapist)
    require(by, Permission.MANAGE_SETTINGS, location)
    lock(therapists=[therapist], rooms=[], client=None)
    if not therapist.locations.filter(pk=location.pk).exists():
        words = _("%(therapist)s does not belong to %(location)s. Add the location under Settings → Staff first.")
        raise Refused(words % {"therapist": therapist, "location": location}, code="not-at-location")


def check(row: WorkingHours | WeeklyBreak) -> None:
    """Raises Refused for times, dates and rhythms that cannot be meant."""
    check_times(row.starts_at, row.ends_at)
    check_day(row.valid_from)
    if row.valid_until:
        check_day(row.valid_until)
        if row.valid_until < row.valid_from:
            raise Refused(_("The last day is before the first."), code="ends-before-start")
    if not 1 <= row.every_n_weeks <= MOST_WEEKS:
        raise Refused(_("Every week, or every 2 to %(most)s weeks.") % {"most": MOST_WEEKS}, code="bad-rhythm")
    if not 0 <= row.weekday <= 6:
        raise Refused(_("Weekdays go from 0, Monday, to 6, Sunday."), code="bad-weekday")


def overlapping(new: W) -> W | None:
    """Another row of the therapist in the same time, by the instants: two places may have different clocks."""
    others = type(new)._default_manager.filter(therapist=new.therapist).exclude(pk=new.pk).select_related("location")
    near = {(new.weekday + days) % 7 for days in (-1, 0, 1)}
    for other in others.filter(weekday__in=near):
        if other.weekday == new.weekday and other.location.timezone == new.location.timezone:
            if other.starts_at >= new.ends_at or new.starts_at >= other.ends_at:
                continue
        elif other.location.timezone == new.location.timezone:
            continue
        if _meet(new, other):
            found: W = other
            return found
    return None


def _meet(one: W, other: W) -> bool:
    """Whether they ever fall into the same time: looked at for as long as their rhythms and a year's clocks take."""
    first = max(one.valid_from, other.valid_from)
    last = first + max(dt.timedelta(weeks=54), dt.timedelta(weeks=one.every_n_weeks * other.every_n_weeks + 1))
    mine, theirs = (_spans(each, first, last) for each in (one, other))
    at = 0
    for start, end in mine:
        while at < len(theirs) and theirs[at][1] <= start:
            at += 1
        if at < len(theirs) and theirs[at][0] < end:
            return True
    return False


def _spans(row: WorkingHours | WeeklyBreak, first: dt.date, last: dt.date) -> list[Span]:
    return sorted(weekly_spans(row, row.location.zone, first - dt.timedelta(days=1), last))


def add(
    kind: type[W],
    *,
    therapist: User,
    location: Location,
    weekdays: Iterable[int],
    by: User,
    noun: str,
    check: Callable[[W], None],
    **values: Any,
) -> list[W]:
    """One row for each weekday: all of them or none."""
    lock_therapist(therapist, location, by)
    added = []
    for weekday in sorted(set(weekdays)):
        row = kind(therapist=therapist, location=location, weekday=weekday, **values)
        check(row)
        row.save()
        audit.record(by, f"{noun}.added", row, changes={"weekday": weekday})
        added.append(row)
    return added


def change(
    row: W, *, values: dict[str, Any], since: dt.date | None, by: User, noun: str, check: Callable[[W], None]
) -> W:
    """Change what holds from `since` on: what holds before then ends the day before, and a new row takes its place."""
    require(by, Permission.MANAGE_SETTINGS, row)
    lock_therapist(row.therapist, values.get("location", row.location), by)
    row = type(row)._default_manager.select_related("therapist", "location").get(pk=row.pk)
    today = clock.today(row.location.zone)
    since = since or max(today, row.valid_from)
    check_ahead(since, today)
    holds_before = row.valid_from < since
    new = _copy(row) if holds_before else row
    old_rhythm = (row.valid_from, row.every_n_weeks)
    for name, value in values.items():
        setattr(new, name, value)
    if holds_before:
        _end_before(row, since)
        since = _in_rhythm(old_rhythm, new.every_n_weeks, since)
    new.valid_from = since
    check(new)
    new.save()
    audit.record(by, f"{noun}.changed", new, changes={"weekday": new.weekday, "since": since.isoformat()})
    return new


def end(row: WorkingHours | WeeklyBreak, *, on: dt.date, by: User, noun: str) -> None:
    """The row does not hold from `on` any more; what was before stays on record."""
    require(by, Permission.MANAGE_SETTINGS, row)
    check_day(on)
    row = type(row)._default_manager.select_for_update().get(pk=row.pk)
    if row.valid_from >= on:
        audit.record(by, f"{noun}.removed", row, changes={"weekday": row.weekday})
        row.delete()
        return
    row.valid_until = on - dt.timedelta(days=1)
    row.save()
    audit.record(by, f"{noun}.ended", row, changes={"weekday": row.weekday})


def _copy(row: W) -> W:
    kept = [each.attname for each in row._meta.concrete_fields if each.name not in {"id", "created_at", "updated_at"}]
    return type(row)(**{name: getattr(row, name) for name in kept})


def _end_before(row: W, since: dt.date) -> None:
    if row.valid_until and row.valid_until < since:
        raise Refused(_("It has ended before that. Add a new one."), code="has-ended")
    row.valid_until = since - dt.timedelta(days=1)
    row.save(update_fields=["valid_until", "updated_at"])


def _in_rhythm(old: tuple[dt.date, int], every_n_weeks: int, since: dt.date) -> dt.date:
    """The first day from which the new row falls into the same weeks as the old one did."""
    began_on, before = old
    if every_n_weeks != before or every_n_weeks == 1:
        return since
    behind = ((_monday(since) - _monday(began_on)).days // 7) % every_n_weeks
    return since if not behind else _monday(since) + dt.timedelta(weeks=every_n_weeks - behind)


def _monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())
