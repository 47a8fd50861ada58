"""Instants in words, as entries of the timeline say them."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _


def time_of(instant: dt.datetime, zone: ZoneInfo) -> str:
    """ "10:15"."""
    return date_format(instant.astimezone(zone), _("H:i"))


def day_of(instant: dt.datetime, zone: ZoneInfo) -> str:
    """ "Thu 19 March"."""
    return date_format(instant.astimezone(zone), _("D j F"))


def moment_of(instant: dt.datetime, zone: ZoneInfo) -> str:
    """ "Thu 19 March, 10:15"."""
    return date_format(instant.astimezone(zone), _("D j F, H:i"))


def day_beside(day: dt.date, today: dt.date) -> str:
    """ "Today", "Thu 3 December" ahead, "5 March" behind, the year where it is another one."""
    if day == today:
        return _("Today")
    if day.year != today.year:
        return date_format(day, _("j M Y"))
    return date_format(day, _("D j M") if day > today else _("j F"))


def time_or_day(instant: dt.datetime, beside: dt.datetime, zone: ZoneInfo) -> str:
    """The time alone when it is on the same day as `beside`, else the day."""
    local = instant.astimezone(zone)
    same = local.date() == beside.astimezone(zone).date()
    return date_format(local, _("H:i") if same else _("j M"))


def joined(*parts: str) -> str:
    """What there is, with dots between."""
    return " · ".join(part for part in parts if part)
