"""Recurrence rules (RRULE of RFC 5545): which dates they give, and at which instants a wall time falls on them."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Literal, NoReturn
from zoneinfo import ZoneInfo

from dateutil import rrule
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.core.errors import Refused
from scheduling.rules.walltime import instant_of

MOST_VISITS = 52
FARTHEST = dt.timedelta(days=2 * 366)
LONGEST_TEXT = 300
FREQUENCIES: dict[str, Literal[1, 2, 3]] = {"DAILY": rrule.DAILY, "WEEKLY": rrule.WEEKLY, "MONTHLY": rrule.MONTHLY}
# Beyond these nothing could come back within the two years a series may last.
MOST_BETWEEN = {"DAILY": 366, "WEEKLY": 52, "MONTHLY": 12}
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_PARTS = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "WKST"})
_DAY = re.compile(r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)")
_NUMBER = re.compile(r"[0-9]{1,9}")
_UNTIL = re.compile(r"([0-9]{8})(?:T([0-9]{6})(Z?))?")


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A rule that has been read: every frequency, but always an end, and no more than can be booked."""

    frequency: str
    interval: int = 1
    days: tuple[tuple[int, int], ...] = ()  # (which of the month or 0, weekday)
    month_days: tuple[int, ...] = ()
    count: int | None = None
    until: dt.date | None = None

    @property
    def text(self) -> str:
        """The rule as it is kept."""
        parts = [f"FREQ={self.frequency}"]
        if self.interval > 1:
            parts.append(f"INTERVAL={self.interval}")
        if self.days:
            parts.append("BYDAY=" + ",".join(f"{nth or ''}{DAYS[day]}" for nth, day in self.days))
        if self.month_days:
            parts.append("BYMONTHDAY=" + ",".join(map(str, self.month_days)))
        parts.append(f"COUNT={self.count}" if self.count else f"UNTIL={self.until:%Y%m%d}")
        return ";".join(parts)

    @property
    def weekdays(self) -> tuple[int, ...]:
        return tuple(day for _nth, day in self.days)


@dataclass(frozen=True, slots=True)
class Moment:
    """A wall time on one date. `choices` are its instants: none when the clocks skip it, two when it comes twice."""

    on: dt.date
    local: dt.datetime
    choices: tuple[dt.datetime, ...]
    zone: ZoneInfo

    @property
    def starts_at(self) -> dt.datetime | None:
        """The instant, unless there is a question to ask."""
        return self.choices[0] if len(self.choices) == 1 else None


def read(text: str, *, zone: ZoneInfo, begins_at: dt.time) -> Recurrence:
    """Read a rule. Raises Refused naming the part that cannot be, and what to write instead.

    An `UNTIL` with a time, in UTC or floating, counts as the last date on which a visit at `begins_at` still begins.
    """
    parts = _parts_of(text)
    frequency = parts.get("FREQ", "")
    if frequency not in FREQUENCIES:
        _refuse(_("A series repeats daily, weekly or monthly: FREQ=DAILY, WEEKLY or MONTHLY."), "frequency")
    if ("COUNT" in parts) == ("UNTIL" in parts):
        _refuse(_("Say when the series ends: after so many visits (COUNT), or on a date (UNTIL)."), "no-end")
    read_rule = Recurrence(
        frequency=frequency,
        interval=_number(parts, "INTERVAL", default=1, most=MOST_BETWEEN[frequency]) or 1,
        days=_days(parts, frequency),
        month_days=_month_days(parts, frequency),
        count=_number(parts, "COUNT", default=None, most=MOST_VISITS),
        until=_until(parts["UNTIL"], zone, begins_at) if "UNTIL" in parts else None,
    )
    if frequency == "DAILY" and read_rule.days and read_rule.interval > 1:
        _refuse(_("Every few days on certain weekdays may never come. Say it by weeks."), "never")
    if read_rule.days and read_rule.month_days:
        _refuse(_("Name weekdays or days of the month, not both."), "bad-rule")
    return read_rule


def dates(recurrence: Recurrence, *, first_on: dt.date) -> list[dt.date]:
    """The dates of a rule, the first on or after `first_on`. Raises Refused: none, too many, too far ahead."""
    if recurrence.until and recurrence.until < first_on:
        _refuse(_("The series ends before it begins. Choose a later last day."), "ends-before-start")
    last = first_on + FARTHEST
    if recurrence.until and recurrence.until > last:
        _refuse(_("A series lasts at most two years. Choose an earlier last day."), "too-far-ahead")
    rule = rrule.rrule(
        FREQUENCIES[recurrence.frequency],
        dtstart=dt.datetime.combine(first_on, dt.time.min),
        interval=recurrence.interval,
        byweekday=[rrule.weekday(day, nth or None) for nth, day in recurrence.days] or None,
        bymonthday=recurrence.month_days or None,
        count=recurrence.count,
        until=dt.datetime.combine(recurrence.until, dt.time.min) if recurrence.until else None,
    )
    found = [each.date() for each in islice(rule, MOST_VISITS + 1)]
    if not found:
        _refuse(_("No date matches that before the series ends. Choose a later last day."), "no-dates")
    if len(found) > MOST_VISITS:
        _refuse(_("That is more than %(most)d visits. Choose an earlier last day.") % {"most": MOST_VISITS}, "too-many")
    if found[-1] > last:
        _refuse(_("A series lasts at most two years. Choose fewer visits."), "too-far-ahead")
    return found


def moments(days: Sequence[dt.date], begins_at: dt.time, zone: ZoneInfo) -> list[Moment]:
    """The wall time of each date: ten o'clock stays ten o'clock when the clocks change, and nothing is guessed."""
    return [_moment(day, begins_at, zone) for day in days]


def weekly(weekdays: Sequence[int], *, count: int, interval: int = 1) -> Recurrence:
    """The plainest rule."""
    return Recurrence("WEEKLY", interval, tuple((0, day) for day in sorted(set(weekdays))), count=count)


def on_other_weekday(recurrence: Recurrence, *, old: int, new: int) -> Recurrence:
    """The rule with one weekday put in place of another. Raises Refused where that has no plain meaning."""
    if old == new:
        return recurrence
    if recurrence.frequency != "WEEKLY":
        _refuse(_("Only a weekly series has a weekday to change. End this one and book another."), "weekday-not-weekly")
    days = recurrence.weekdays or (old,)
    if old not in days or new in days:
        _refuse(_("The series has a visit on that weekday already. Choose another weekday."), "weekday-taken")
    moved = sorted({new if day == old else day for day in days})
    return replace(recurrence, days=tuple((0, day) for day in moved))


def described(recurrence: Recurrence, begins_at: dt.time, *, first_on: dt.date, words: "Words") -> str:
    """The rule in words: “every week on Tuesday at 10:00, 8 times”."""
    values = {
        "every": _every(recurrence),
        "days": words.joined(_days_in_words(recurrence, first_on, words)),
        "time": words.time(begins_at),
    }
    said = (_("%(every)s on %(days)s at %(time)s") if values["days"] else _("%(every)s at %(time)s")) % values
    if recurrence.until:
        return _("%(said)s, until %(date)s") % {"said": said, "date": words.date(recurrence.until)}
    count = recurrence.count or 0
    return ngettext("%(said)s, once", "%(said)s, %(count)d times", count) % {"said": said, "count": count}


class Words:
    """How dates and times are written, so that the rule itself needs no locale; pages pass their own."""

    def date(self, on: dt.date) -> str:
        return f"{on:%Y-%m-%d}"

    def time(self, at: dt.time) -> str:
        return f"{at:%H:%M}"

    def weekday(self, day: int) -> str:
        return DAYS[day]

    def joined(self, parts: Sequence[str]) -> str:
        if len(parts) < 2:
            return "".join(parts)
        return _("%(some)s and %(last)s") % {"some": ", ".join(parts[:-1]), "last": parts[-1]}


def _moment(day: dt.date, begins_at: dt.time, zone: ZoneInfo) -> Moment:
    local = dt.datetime.combine(day, begins_at)
    try:
        return Moment(day, local, (instant_of(local, zone),), zone)
    except Refused as refusal:
        if refusal.code == "time-does-not-exist":
            return Moment(day, local, (), zone)
        return Moment(day, local, (instant_of(local, zone, fold=0), instant_of(local, zone, fold=1)), zone)


def _refuse(message: str, code: str) -> NoReturn:
    raise Refused(message, code=code)


def _parts_of(text: str) -> dict[str, str]:
    if len(text) > LONGEST_TEXT:
        _refuse(_("The rule is too long."), "bad-rule")
    parts: dict[str, str] = {}
    for part in text.strip().upper().removeprefix("RRULE:").rstrip(";").split(";"):
        name, equals, value = part.partition("=")
        if not equals or not value or name in parts:
            _refuse(_("A rule looks like FREQ=WEEKLY;BYDAY=TU;COUNT=8."), "bad-rule")
        if name not in _PARTS:
            _refuse(
                _("A series cannot have %(part)s. Use FREQ, INTERVAL, BYDAY, BYMONTHDAY, and COUNT or UNTIL.")
                % {"part": name[:20]},
                "bad-rule",
            )
        parts[name] = value
    if parts.get("WKST", "MO") != "MO":
        _refuse(_("Weeks begin on Monday here: leave WKST out."), "bad-rule")
    return parts


def _number(parts: Mapping[str, str], name: str, *, default: int | None, most: int) -> int | None:
    if name not in parts:
        return default
    number = int(parts[name]) if _NUMBER.fullmatch(parts[name]) else 0
    if not 1 <= number <= most:
        _refuse(_("%(part)s is a number from 1 to %(most)d.") % {"part": name, "most": most}, "bad-number")
    return number


def _days(parts: Mapping[str, str], frequency: str) -> tuple[tuple[int, int], ...]:
    if "BYDAY" not in parts:
        return ()
    found = [_DAY.fullmatch(each) for each in parts["BYDAY"].split(",")]
    days = sorted({(int(each[1] or 0), DAYS.index(each[2])) for each in found if each})
    if not all(found) or (any(nth for nth, _day in days) and frequency != "MONTHLY"):
        _refuse(_("BYDAY names weekdays: MO, TU, …; in a monthly series also 2TU or -1FR."), "bad-day")
    return tuple(days)


def _month_days(parts: Mapping[str, str], frequency: str) -> tuple[int, ...]:
    if "BYMONTHDAY" not in parts:
        return ()
    found = parts["BYMONTHDAY"].split(",")
    days = {int(each) for each in found if re.fullmatch(r"-?[0-9]{1,2}", each)}
    if frequency != "MONTHLY" or len(days) != len(found) or not all(1 <= abs(day) <= 31 for day in days):
        _refuse(_("BYMONTHDAY names days of a monthly series: 1 to 31, or -1 for the last."), "bad-day")
    return tuple(sorted(days))


def _until(text: str, zone: ZoneInfo, begins_at: dt.time) -> dt.date:
    match = _UNTIL.fullmatch(text)
    try:
        written = match[1] + (match[2] or "235959") if match else ""
        at = dt.datetime.strptime(written, "%Y%m%d%H%M%S").replace(tzinfo=dt.UTC)
    except ValueError:
        at = dt.datetime.min.replace(tzinfo=dt.UTC)
    if match is None or not 2000 <= at.year <= 2100:
        _refuse(_("UNTIL is a date such as 20261224, or an instant such as 20261224T170000Z."), "bad-until")
    local = at.astimezone(zone) if match[3] else at
    return local.date() if begins_at <= local.time() else local.date() - dt.timedelta(days=1)


def _every(recurrence: Recurrence) -> str:
    """Each frequency has a sentence of its own: other languages inflect."""
    sentence = {
        "DAILY": ngettext("every day", "every %(number)d days", recurrence.interval),
        "WEEKLY": ngettext("every week", "every %(number)d weeks", recurrence.interval),
        "MONTHLY": ngettext("every month", "every %(number)d months", recurrence.interval),
    }[recurrence.frequency]
    return sentence % {"number": recurrence.interval} if "%" in sentence else sentence


def _days_in_words(recurrence: Recurrence, first_on: dt.date, words: Words) -> list[str]:
    if recurrence.frequency == "DAILY" and not recurrence.days:
        return []
    if recurrence.frequency == "MONTHLY" and not recurrence.days:
        days = recurrence.month_days or (first_on.day,)
        return [_("the last day") if day == -1 else _("day %(day)d") % {"day": day} for day in days]
    named = recurrence.days or ((0, first_on.weekday()),)
    return [_nth(nth) % {"weekday": words.weekday(day)} for nth, day in named]


def _nth(nth: int) -> str:
    return {
        0: "%(weekday)s",
        1: _("the first %(weekday)s"),
        2: _("the second %(weekday)s"),
        3: _("the third %(weekday)s"),
        4: _("the fourth %(weekday)s"),
        5: _("the fifth %(weekday)s"),
        -1: _("the last %(weekday)s"),
    }.get(nth, _("the %(nth)d. %(weekday)s") % {"nth": nth, "weekday": "%(weekday)s"})
