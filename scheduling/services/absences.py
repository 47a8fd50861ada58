"""When therapists are away although their week says otherwise."""

import datetime as dt
from collections.abc import Sequence

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _

from clinic.audit import services as audit
from clinic.core import clock
from clinic.core.errors import Refused
from clinic.people.models import User
from clinic.people.permissions import Permission, require
from scheduling.models import TimeOff
from scheduling.rules.days import check_span
from scheduling.services.locks import lock
from scheduling.services.transactions import retried


@retried
def add_time_off(
    *, therapists: Sequence[User], starts_at: dt.datetime, ends_at: dt.datetime, by: User, reason: str = ""
) -> list[TimeOff]:
    """Take therapists out of the calendar; what is booked then stays. All of them, or nobody. Raises Refused."""
    for therapist in therapists:
        require(by, Permission.MANAGE_SETTINGS, therapist)
    lock(therapists=therapists, rooms=[], client=None)
    return [
        _save(TimeOff(therapist=each), starts_at, ends_at, reason, by, "time-off.added")
        for each in sorted(set(therapists), key=lambda each: each.name)
    ]


@retried
def change_time_off(
    *, absence: TimeOff, starts_at: dt.datetime, ends_at: dt.datetime, by: User, reason: str = ""
) -> TimeOff:
    """Away at another time. Raises Refused."""
    require(by, Permission.MANAGE_SETTINGS, absence)
    lock(therapists=[absence.therapist], rooms=[], client=None)
    return _save(absence, starts_at, ends_at, reason, by, "time-off.changed")


@retried
def remove_time_off(*, absence: TimeOff, by: User) -> None:
    """The therapist is there after all."""
    require(by, Permission.MANAGE_SETTINGS, absence)
    audit.record(by, "time-off.removed", absence)
    absence.delete()


def _save(
    absence: TimeOff, starts_at: dt.datetime, ends_at: dt.datetime, reason: str, by: User, action: str
) -> TimeOff:
    check_span(starts_at, ends_at, now=clock.now())
    others = TimeOff.objects.filter(therapist=absence.therapist).exclude(pk=absence.pk).overlapping(starts_at, ends_at)
    if others.exists():
        words = _("%(therapist)s has time off in that time already. Change that one instead.")
        raise Refused(words % {"therapist": absence.therapist}, code="time-off-overlap")
    absence.during = DateTimeTZRange(starts_at, ends_at)
    absence.reason = reason
    absence.save()
    audit.record(by, action, absence)
    return absence
