"""When therapists work in a week, and when they pause."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from clinic.core.errors import Refused
from clinic.people.models import Location, User
from scheduling.models import WeeklyBreak, WorkingHours
from scheduling.services import weeks
from scheduling.services.transactions import retried


@retried
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
    return weeks.add(
        WorkingHours, therapist=therapist, location=location, weekdays=weekdays, starts_at=starts_at, ends_at=ends_at,
        valid_from=valid_from, valid_until=valid_until, every_n_weeks=every_n_weeks,
        by=by, noun="hours", check=_check_hours,
    )  # fmt: skip


@retried
def change_working_hours(*, hours: WorkingHours, by: User, since: dt.date | None = None, **values: Any) -> WorkingHours:
    """Other hours from `since` on (today, if it is not said); what was worked before stays on record.

    Returns the row that holds from then on. Raises Refused as adding does.
    """
    return weeks.change(hours, values=values, since=since, by=by, noun="hours", check=_check_hours)


@retried
def end_working_hours(*, hours: WorkingHours, on: dt.date, by: User) -> None:
    """The span does not hold from `on` any more; what was worked before stays on record."""
    weeks.end(hours, on=on, by=by, noun="hours")


@retried
def add_breaks(
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
    label: str = "",
) -> list[WeeklyBreak]:
    """Add a weekly break on each weekday. Raises Refused when the therapist does not work then, or pauses already."""
    return weeks.add(
        WeeklyBreak, therapist=therapist, location=location, weekdays=weekdays, starts_at=starts_at, ends_at=ends_at,
        valid_from=valid_from, valid_until=valid_until, every_n_weeks=every_n_weeks, label=label,
        by=by, noun="break", check=_check_break,
    )  # fmt: skip


@retried
def change_break(*, pause: WeeklyBreak, by: User, since: dt.date | None = None, **values: Any) -> WeeklyBreak:
    """Another break from `since` on. Returns the row that holds from then on. Raises Refused as adding does."""
    return weeks.change(pause, values=values, since=since, by=by, noun="break", check=_check_break)


@retried
def end_break(*, pause: WeeklyBreak, on: dt.date, by: User) -> None:
    """No break from `on` on."""
    weeks.end(pause, on=on, by=by, noun="break")


def _check_hours(hours: WorkingHours) -> None:
    """One person is in one place at a time. Raises Refused naming the span that is in the way."""
    weeks.check(hours)
    other = weeks.overlapping(hours)
    if other:
        words = _("There are hours on that day already: %(hours)s at %(location)s.")
        raise Refused(words % {"hours": other, "location": other.location}, code="hours-overlap")


def _check_break(pause: WeeklyBreak) -> None:
    weeks.check(pause)
    still_valid = Q(valid_until=None) | Q(valid_until__gte=pause.valid_from)
    worked = WorkingHours.objects.filter(
        still_valid, therapist=pause.therapist_id, location=pause.location_id, weekday=pause.weekday,
        starts_at__lt=pause.ends_at, ends_at__gt=pause.starts_at,
    )  # fmt: skip
    if pause.valid_until:
        worked = worked.filter(valid_from__lte=pause.valid_until)
    if not worked.exists():
        words = _("%(therapist)s does not work at %(location)s then (%(break)s). A break lies within working hours.")
        values = {"therapist": pause.therapist, "location": pause.location, "break": pause}
        raise Refused(words % values, code="break-outside-hours")
    other = weeks.overlapping(pause)
    if other:
        raise Refused(_("There is a break already: %(break)s.") % {"break": other}, code="break-overlap")
