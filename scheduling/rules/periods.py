"""Stretches of whole days that a report is about, and the ones before them. Pure: today is passed in."""

import datetime as dt
from dataclasses import dataclass

from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.core.errors import Refused

WEEKS = (4, 12, 52)
MONTHS = 6
LONGEST = dt.timedelta(days=366)
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """From one date to another, both included. `key` is how an address names it."""

    first_on: dt.date
    last_on: dt.date
    key: str = ""

    @property
    def before(self) -> "Period":
        """The month before a month; else as many days before."""
        last_on = self.first_on - _DAY
        if self.is_month:
            return Period(last_on.replace(day=1), last_on)
        return Period(last_on - (self.last_on - self.first_on), last_on)

    @property
    def is_month(self) -> bool:
        return self.first_on.day == 1 and self.last_on == month_of(self.first_on).last_on

    @property
    def label(self) -> str:
        if self.key.isdigit():
            weeks = int(self.key)
            return ngettext("%(number)s week", "%(number)s weeks", weeks) % {"number": weeks}
        if self.is_month:
            return date_format(self.first_on, "F Y")
        return self.days

    @property
    def days(self) -> str:
        return f"{date_format(self.first_on, 'j M')} – {date_format(self.last_on, 'j M Y')}"


def month_of(day: dt.date) -> Period:
    first_on = day.replace(day=1)
    last_on = (first_on + 31 * _DAY).replace(day=1) - _DAY
    return Period(first_on, last_on, f"{first_on:%Y-%m}")


def choices(today: dt.date) -> list[Period]:
    """Some weeks up to yesterday, and the last months that are over."""
    periods = [Period(today - each * 7 * _DAY, today - _DAY, str(each)) for each in WEEKS]
    month = month_of(today)
    for _each in range(MONTHS):
        month = month_of(month.first_on - _DAY)
        periods.append(month)
    return periods


def period_of(key: str, first: str, last: str, *, today: dt.date) -> Period:
    """What an address asks for: a choice by its key, or `first` and `last`; the first choice without either.

    Raises Refused.
    """
    if first or last:
        return _between(first, last)
    known = {each.key: each for each in choices(today)}
    if not key:
        return known[str(WEEKS[0])]
    if key in known:
        return known[key]
    day = _date(f"{key}-01") if len(key) == len("2026-01") else None
    if day is None:
        raise Refused(_("“%(text)s” is not a period.") % {"text": key[:20]}, code="bad-period")
    return month_of(day)


def _between(first: str, last: str) -> Period:
    begin, end = _date(first), _date(last)
    if begin is None or end is None:
        raise Refused(_("Give the first and the last day, as in 2026-01-31."), code="bad-period")
    if not begin <= end < begin + LONGEST:
        raise Refused(_("The last day comes after the first, by a year at most."), code="bad-period")
    return Period(begin, end)


def _date(text: str) -> dt.date | None:
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return day if day and 2000 <= day.year <= 2100 else None
