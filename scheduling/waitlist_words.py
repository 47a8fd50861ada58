"""What an entry of the waitlist asks for, in as few words as the desk needs."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scheduling.models import WaitlistEntry, WaitlistWindow

_HOUR, _DAY = 60, 24 * 60


def wish_of(entry: WaitlistEntry) -> str:
    """ "Mon–Fri 08:00–12:00 · Amina or Tomás · until 12 June". Reads nothing when the relations were prefetched."""
    return " · ".join(filter(None, [when_of(entry), who_of(entry), where_of(entry), days_of(entry)]))


def when_of(entry: WaitlistEntry) -> str:
    """Parts of the week, those with the same hours together."""
    parts = grouped(entry.windows.all())
    return ", ".join(f"{_weekdays(days)} {_hours(start, end)}" for start, end, days in parts) or _("any time")


def grouped(windows: Iterable[WaitlistWindow]) -> list[tuple[dt.time, dt.time, list[int]]]:
    """Windows as a form shows them: hours, and the weekdays that have them."""
    by_hours: dict[tuple[dt.time, dt.time], list[int]] = defaultdict(list)
    for window in windows:
        by_hours[window.starts_at, window.ends_at].append(window.weekday)
    return [(start, end, days) for (start, end), days in by_hours.items()]


def who_of(entry: WaitlistEntry) -> str:
    names = [each.name.split(" ", 1)[0] for each in entry.therapists.all()]
    return _either(names) or _("anyone")


def where_of(entry: WaitlistEntry) -> str:
    return _either([each.name for each in entry.locations.all()])


def days_of(entry: WaitlistEntry) -> str:
    """From when until when, as far as it still limits anything."""
    until = date_format(entry.latest_on, _("j M")) if entry.latest_on else ""
    if entry.earliest_on > entry.created_at.date():
        begin = date_format(entry.earliest_on, _("j M"))
        if until:
            return _("%(first)s to %(last)s") % {"first": begin, "last": until}
        return _("from %(day)s") % {"day": begin}
    return _("until %(day)s") % {"day": until} if until else ""


def notice_of(entry: WaitlistEntry) -> str:
    """ "1 hour": how soon they can be here."""
    minutes = entry.notice_minutes
    if minutes and minutes % _DAY == 0:
        return ngettext("%(number)s day", "%(number)s days", minutes // _DAY) % {"number": minutes // _DAY}
    if minutes and minutes % _HOUR == 0:
        return ngettext("%(number)s hour", "%(number)s hours", minutes // _HOUR) % {"number": minutes // _HOUR}
    return ngettext("%(number)s minute", "%(number)s minutes", minutes) % {"number": minutes}


def _either(names: Sequence[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return _("%(some)s or %(last)s") % {"some": ", ".join(names[:-1]), "last": names[-1]}


def _weekdays(days: Sequence[int]) -> str:
    """ "Mon–Fri", "Mon, Wed"."""
    ordered = sorted(set(days))
    if len(ordered) == 7:
        return _("daily")
    names = [str(WEEKDAYS_ABBR[day]) for day in ordered]
    if len(ordered) > 2 and ordered[-1] - ordered[0] == len(ordered) - 1:
        return f"{names[0]}–{names[-1]}"
    return ", ".join(names)


def _hours(start: dt.time, end: dt.time) -> str:
    return f"{time_format(start, 'H:i')}–{time_format(end, 'H:i')}"
