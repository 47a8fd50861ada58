"""When therapists work, and when they do not."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _

from clinic.audit import services as audit
from clinic.core.errors import Refused
from clinic.people.models import Location, User
from clinic.people.permissions import Permission, require
from scheduling.models import Appointment, TimeOff, WorkingHours
from scheduling.rules.walltime import days_of

LONGEST_OFF = dt.timedelta(days=366)


@transaction.atomic
def add_working_hours(
    *,
    therapist: User,
    location: Location,
    weekdays: Sequence[int],
    starts_at: dt.time,
    ends_at: dt.time,
    valid_from: dt.date,
    by: User,
    valid_until: dt.date | None = None,
    every_n_weeks: int = 1,
) -> list[WorkingHours]:
    """Add a weekly span on each weekday. Raises Refused when it ends before it begins, or meets another span."""
    require(by, Permission.MANAGE_SETTINGS, therapist)
    require(by, Permission.MANAGE_SETTINGS, location)
    if starts_at >= ends_at:
        raise Refused(_("The hours must end after they begin."), code="ends-before-start")
    if valid_until and valid_until < valid_from:
        raise Refused(_("The last day is before the first."), code="ends-before-start")
    User.objects.select_for_update(no_key=True).get(pk=therapist.pk)
    added = []
    for weekday in sorted(set(weekdays)):
        hours = WorkingHours(
            therapist=therapist, location=location, weekday=weekday, starts_at=starts_at, ends_at=ends_at,
            valid_from=valid_from, valid_until=valid_until, every_n_weeks=every_n_weeks,
        )  # fmt: skip
        _refuse_overlap(hours)
        hours.save()
        audit.record(by, "hours.added", hours, changes={"weekday": weekday})
        added.append(hours)
    return added


@transaction.atomic
def end_working_hours(*, hours: WorkingHours, on: dt.date, by: User) -> None:
    """The span does not hold from `on` any more; what was worked before stays on record."""
    require(by, Permission.MANAGE_SETTINGS, hours)
    hours = WorkingHours.objects.select_for_update().get(pk=hours.pk)
    if hours.valid_from >= on:
        audit.record(by, "hours.removed", hours, changes={"weekday": hours.weekday})
        hours.delete()
        return
    hours.valid_until = on - dt.timedelta(days=1)
    hours.save()
    audit.record(by, "hours.ended", hours, changes={"weekday": hours.weekday})


@transaction.atomic
def add_time_off(
    *, therapist: User, starts_at: dt.datetime, ends_at: dt.datetime, by: User, reason: str = ""
) -> tuple[TimeOff, int]:
    """Take a therapist out of the calendar. Returns also how many appointments lie in it: none is moved."""
    require(by, Permission.MANAGE_SETTINGS, therapist)
    if ends_at <= starts_at:
        raise Refused(_("Time off must end after it begins."), code="ends-before-start")
    if ends_at - starts_at > LONGEST_OFF:
        raise Refused(_("At most a year at once. For longer, end the working hours."), code="too-long")
    absence = TimeOff.objects.create(therapist=therapist, during=DateTimeTZRange(starts_at, ends_at), reason=reason)
    audit.record(by, "time-off.added", absence)
    booked = Appointment.objects.active().overlapping(starts_at, ends_at).filter(therapist=therapist).count()
    return absence, booked


@transaction.atomic
def remove_time_off(*, absence: TimeOff, by: User) -> None:
    """The therapist is there after all."""
    require(by, Permission.MANAGE_SETTINGS, absence)
    audit.record(by, "time-off.removed", absence)
    absence.delete()


def _refuse_overlap(new: WorkingHours) -> None:
    """One person is in one place at a time. Raises Refused naming the span that is in the way."""
    same_day = WorkingHours.objects.filter(
        therapist=new.therapist, weekday=new.weekday, starts_at__lt=new.ends_at, ends_at__gt=new.starts_at
    ).select_related("location")
    last = new.valid_from + dt.timedelta(days=366)
    mine = set(days_of(new, new.valid_from, last))
    for other in same_day:
        if mine.intersection(days_of(other, new.valid_from, last)):
            raise Refused(
                _("There are hours on that day already: %(hours)s at %(location)s.")
                % {"hours": other, "location": other.location},
                code="hours-overlap",
            )
