"""Hours that hold on one date instead of the weekly ones."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.audit import services as audit
from clinic.core import clock
from clinic.core.errors import Refused
from clinic.people.models import Location, User
from clinic.people.permissions import Permission, require
from scheduling.models import DateHours
from scheduling.rules.days import check_ahead, check_times
from scheduling.rules.walltime import working_span
from scheduling.services.weeks import lock_therapist


@transaction.atomic
def set_date_hours(
    *,
    therapist: User,
    location: Location,
    on: dt.date,
    by: User,
    starts_at: dt.time | None = None,
    ends_at: dt.time | None = None,
    reason: str = "",
    date_hours: DateHours | None = None,
) -> DateHours:
    """Other hours on a date, or without times none; `date_hours` is the row to change.

    Several rows of a date add up. Raises Refused when they overlap, or when one says that there is no work at all.
    """
    if date_hours:
        require(by, Permission.MANAGE_SETTINGS, date_hours)
    lock_therapist(therapist, location, by)
    check_ahead(on, clock.today(location.zone))
    if (starts_at is None) != (ends_at is None):
        raise Refused(_("Give both times, or neither: then there is no work on that date."), code="one-time-only")
    if starts_at is not None and ends_at is not None:
        check_times(starts_at, ends_at)
    is_new = date_hours is None
    row = date_hours or DateHours()
    row.therapist, row.location, row.on = therapist, location, on
    row.starts_at, row.ends_at, row.reason = starts_at, ends_at, reason
    for other in DateHours.objects.filter(therapist=therapist, on=on).exclude(pk=row.pk).select_related("location"):
        _refuse_clash(row, other)
    row.save()
    audit.record(by, "date-hours.added" if is_new else "date-hours.changed", row, changes={"on": on.isoformat()})
    return row


@transaction.atomic
def remove_date_hours(*, date_hours: DateHours, by: User) -> None:
    """The date is as its week says again."""
    require(by, Permission.MANAGE_SETTINGS, date_hours)
    check_ahead(date_hours.on, clock.today(date_hours.location.zone))
    audit.record(by, "date-hours.removed", date_hours, changes={"on": date_hours.on.isoformat()})
    date_hours.delete()


def _refuse_clash(row: DateHours, other: DateHours) -> None:
    mine, theirs = _span(row), _span(other)
    if mine is None or theirs is None:
        words = _("There is something on that date already: %(hours)s. Change or remove that first.")
        raise Refused(words % {"hours": other}, code="date-hours-there")
    if mine[0] < theirs[1] and theirs[0] < mine[1]:
        words = _("There are hours on that date already: %(hours)s at %(location)s.")
        raise Refused(words % {"hours": other, "location": other.location}, code="hours-overlap")


def _span(row: DateHours) -> tuple[dt.datetime, dt.datetime] | None:
    if row.starts_at is None or row.ends_at is None:
        return None
    return working_span(row.on, row.starts_at, row.ends_at, row.location.zone)
