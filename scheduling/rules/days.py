"""Days and spans that somebody typed: nothing before this century, nothing that ends before it begins."""

import datetime as dt

from django.utils.translation import gettext as _

from clinic.core.errors import Refused

FIRST, LAST = dt.date(2000, 1, 1), dt.date(2100, 12, 31)
LONGEST = dt.timedelta(days=366)


def check_day(day: dt.date) -> None:
    """Raises Refused for a date in a year that can only be a slip of the keyboard."""
    if not FIRST <= day <= LAST:
        raise Refused(_("The year %(year)s cannot be meant.") % {"year": day.year}, code="bad-date")


def check_ahead(day: dt.date, today: dt.date) -> None:
    """Raises Refused for a date that is over: what was, stays on record."""
    check_day(day)
    if day < today:
        raise Refused(_("That day is over. Choose today or later."), code="in-the-past")


def check_span(starts_at: dt.datetime, ends_at: dt.datetime, *, now: dt.datetime) -> None:
    """Raises Refused for a span that ends before it begins, lasts for over a year, or is over."""
    if starts_at.tzinfo is None or ends_at.tzinfo is None:
        raise Refused(_("Say in which time zone that is."), code="naive-time")
    check_day(starts_at.date())
    check_day(ends_at.date())
    if ends_at <= starts_at:
        raise Refused(_("It must end after it begins."), code="ends-before-start")
    if ends_at - starts_at > LONGEST:
        raise Refused(_("At most a year at once."), code="too-long")
    if ends_at <= now:
        raise Refused(_("That time is over. Choose one that is still ahead."), code="in-the-past")


def check_times(starts_at: dt.time, ends_at: dt.time) -> None:
    """Raises Refused for wall times that end before they begin, or that no clock on the wall shows."""
    if any(each.second or each.microsecond for each in (starts_at, ends_at)):
        raise Refused(_("Give full minutes."), code="not-on-the-minute")
    if starts_at >= ends_at:
        raise Refused(_("The hours must end after they begin."), code="ends-before-start")
