"""The dates of a series against the calendar, read once for all of them: ten queries, however many visits."""

import datetime as dt
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from clinic.core import clock
from scheduling.rules.walltime import Span, merge
from scheduling.services.grounds import FREE, Grounds, Setting, Visit

MOST_ALTERNATIVES = 3
WEEK = dt.timedelta(days=7)

__all__ = ["FREE", "Setting", "Visit", "look"]


def look(setting: Setting, visits: list[Visit]) -> list[Visit]:
    """Say of each visit whether its time is free, who or what is there, and what is free near it."""
    moving = {each.appointment.pk for each in visits if each.appointment and not each.is_skipped}
    wanted = [each for each in visits if each.starts_at and not each.is_skipped]
    if not visits:
        return visits
    grounds = Grounds(setting, moving, _days(setting, visits))
    grounds.read(merge((each.starts_at, each.starts_at + setting.occupied) for each in wanted if each.starts_at))
    for visit in visits:
        if not visit.is_skipped:
            visit.state, visit.message, visit.room = grounds.verdict(visit)
    grounds.explain(visits)
    questions = [each for each in visits if each.is_in_question]
    if questions:
        _offer(grounds, questions, [each for each in wanted if each not in questions])
    return visits


def _days(setting: Setting, visits: Iterable[Visit]) -> tuple[dt.date, dt.date]:
    """The first and last date of the weeks in which visits are."""
    days = [each.moment.on for each in visits]
    days += [each.starts_at.astimezone(setting.location.zone).date() for each in visits if each.starts_at]
    return min(days) - WEEK, max(days) + WEEK


def _offer(grounds: Grounds, questions: list[Visit], others: list[Visit]) -> None:
    """The nearest free times of the same day, then the same time on other days of the week."""
    setting = grounds.setting
    weeks = {visit.moment.on: _week(setting, visit.moment.on) for visit in questions}
    grounds.read(merge(weeks.values()))
    grounds.take((each.starts_at, each.starts_at + setting.occupied) for each in others if each.starts_at)
    for visit in questions:
        asked = list(visit.moment.choices) if visit.state == "twice" else []
        free = [each for each in grounds.free(weeks[visit.moment.on]) if each not in asked]
        near = _nearest(free, visit.moment.local, setting.location.zone)
        visit.alternatives = asked + sorted(near[: MOST_ALTERNATIVES - len(asked)])


def _nearest(free: list[dt.datetime], wished: dt.datetime, zone: ZoneInfo) -> list[dt.datetime]:
    """Nearest first; of every other day the best time alone."""
    nearest: dict[object, dt.datetime] = {}
    for at in sorted(free, key=lambda at: _distance(at, wished, zone)):
        day = at.astimezone(zone).date()
        nearest.setdefault(at if day == wished.date() else day, at)
    return list(nearest.values())


def _distance(at: dt.datetime, wished: dt.datetime, zone: ZoneInfo) -> tuple[bool, int, int, bool]:
    """How far a time is from the one that was wished; of two equally far, the later one is nearer."""
    local = at.astimezone(zone)
    minutes = local.hour * 60 + local.minute - wished.hour * 60 - wished.minute
    days = abs((local.date() - wished.date()).days)
    return days > 0, abs(minutes), days, minutes < 0


def _week(setting: Setting, on: dt.date) -> Span:
    """From the Monday of a date, or from now, to the Sunday."""
    monday = on - dt.timedelta(days=on.weekday())
    zone = setting.location.zone
    start = clock.day_bounds(monday, zone)[0]
    end = clock.day_bounds(monday + dt.timedelta(days=6), zone)[1]
    return min(max(start, clock.now()), end), end
