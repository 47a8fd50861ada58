"""Chance cases around clock changes, and what must hold in each: told by looking at every minute."""

import datetime as dt
import functools
import random
import re
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from django.utils.timezone import localtime
from icalendar import Calendar, Event

from clinic.core.errors import Refused
from clinic.messaging import wordings
from clinic.people.api_access import InstantField
from clinic.people.models import Location
from clinic.ui.templatetags.ui import local_time
from scheduling.rules import slots
from scheduling.rules.slots import Busy, Stretch
from scheduling.rules.walltime import instant_of, offsets, working_span
from scheduling.views.parsing import instant_in

CHANGES = {
    "Europe/Berlin": [dt.date(2026, 3, 29), dt.date(2026, 10, 25), dt.date(2027, 3, 28)],
    "America/New_York": [dt.date(2026, 3, 8), dt.date(2026, 11, 1), dt.date(2027, 3, 14)],
    "Australia/Lord_Howe": [dt.date(2026, 10, 4), dt.date(2026, 4, 5), dt.date(2027, 4, 4)],
    "Asia/Kathmandu": [dt.date(2026, 3, 29), dt.date(2026, 10, 25)],
    "America/Phoenix": [dt.date(2026, 3, 8), dt.date(2026, 11, 1)],
}
ZONES = tuple(CHANGES)
MINUTE = 60


@dataclass(frozen=True, slots=True)
class Case:
    zone: str
    day: dt.date
    opens: dt.time
    closes: dt.time
    length: int  # minutes, as the two that follow
    buffer: int
    step: int
    visits: tuple[tuple[int, int], ...]  # minutes since the day began in UTC


@dataclass(slots=True)
class Verdict:
    wrong: list[str] = field(default_factory=list)
    slots: int = 0
    typed: list[str] = field(default_factory=list)


def case_of(chance: random.Random) -> Case:
    """Mostly at night, when clocks change."""
    zone = chance.choice(ZONES)
    day = chance.choice(CHANGES[zone]) + dt.timedelta(days=chance.choice((-1, 0, 0, 0, 1)))
    begin = chance.choice((0, 0, 1, 60, 90, 105, 120, 130, 135, 150, 165, 180, chance.randrange(0, 1300)))
    end = min(begin + chance.choice((10, 20, 45, 60, 90, 240, 480)), 1439)
    visits = []
    at = chance.randrange(-720, 720)
    for _ in range(chance.randrange(4)):
        at += chance.randrange(5, 200)
        visits.append((at, at + chance.choice((15, 30, 60))))
        at = visits[-1][1]
    return Case(
        zone, day, _time(begin), _time(end), chance.choice((5, 15, 30, 45, 60)), chance.choice((0, 0, 5, 15)),
        chance.choice((5, 10, 15, 20, 30, 60)), tuple(visits),
    )  # fmt: skip


def wrongs(case: Case, chance: random.Random) -> Verdict:
    """What is wrong with the free times of a case, and with a time that is typed on its day."""
    verdict = Verdict()
    found, expected = offered(case), by_minutes(case)
    verdict.slots = len(found)
    if len(set(found)) != len(found):
        verdict.wrong.append("a time comes twice")
    if found != expected:
        verdict.wrong.append(f"missing {sorted(set(expected) - set(found))}, too many {set(found) - set(expected)}")
    if found:
        verdict.wrong += _written(dt.datetime.fromtimestamp(chance.choice(found), dt.UTC), ZoneInfo(case.zone))
    local = dt.datetime.combine(case.day, _time(chance.choice((chance.randrange(60, 200), chance.randrange(1440)))))
    verdict.typed.append(_typed(local, case, verdict.wrong))
    return verdict


def offered(case: Case) -> list[int]:
    """As availability works it out."""
    zone = ZoneInfo(case.zone)
    span = working_span(case.day, case.opens, case.closes, zone)
    if span is None:
        return []
    opening = (int(span[0].timestamp()), int(span[1].timestamp()))
    length, occupied = case.length * MINUTE, (case.length + case.buffer) * MINUTE
    parts = offsets(*opening, zone)
    return [
        at
        for gap in slots.gaps(opening, Busy([]), Busy(_visits(case)), length=length, occupied=occupied)
        for at in slots.aligned(gap.first, gap.last, case.step * MINUTE, parts)
    ]


def by_minutes(case: Case) -> list[int]:
    """The same, by looking at each minute and at what the clock on the wall shows then."""
    shown = _wall(case.zone, case.day)
    opens, closes = (each.hour * 60 + each.minute for each in (case.opens, case.closes))
    begin = next((at for at, minute in shown if minute >= opens), None)
    end = next((at for at, minute in shown if minute >= closes), None)
    if begin is None or end is None:
        return []
    taken = _visits(case)
    return [
        at
        for at, minute in shown
        if begin <= at and at + case.length * MINUTE <= end and minute % case.step == 0
        and not any(start < at + (case.length + case.buffer) * MINUTE and at < until for start, until in taken)
    ]  # fmt: skip


@functools.cache
def _wall(zone: str, day: dt.date) -> list[tuple[int, int]]:
    """Every minute of a date, and the minutes since midnight that the clock shows: it may go back, or jump."""
    start = int(dt.datetime.combine(day, dt.time(12), tzinfo=dt.UTC).timestamp()) - 30 * 3600
    shown = []
    for at in range(start, start + 60 * 3600, MINUTE):
        local = dt.datetime.fromtimestamp(at, ZoneInfo(zone))
        if local.date() == day:
            shown.append((at, local.hour * 60 + local.minute))
    return shown


def _written(instant: dt.datetime, zone: ZoneInfo) -> list[str]:
    """What page, mail, calendar file and API write, read back."""
    local = localtime(instant, zone)
    page_text = str(local_time(instant, zone, "time"))
    page = re.search(r'datetime="([^"]+)"', str(local_time(instant, zone, "full")))
    mail = wordings.when(instant, Location(timezone=zone.key), "en")
    event = Event()
    event.add("dtstart", instant)
    calendar = Calendar()
    calendar.add_component(event)
    file = Calendar.from_ical(calendar.to_ical()).walk("VEVENT")[0].decoded("dtstart")
    field_ = InstantField()
    read_back = {
        "page": dt.datetime.fromisoformat(page.group(1)) if page else None,
        "page's value": instant_in(instant.isoformat()),
        "mail": _read_mail(mail, zone),
        "calendar file": file,
        "API": field_.to_internal_value(field_.to_representation(instant)),
        "wall time": instant_of(local.replace(tzinfo=None, fold=0), zone, fold=local.fold),
    }
    found = [f"{name} says {other}, not {instant}" for name, other in read_back.items() if other != instant]
    if local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset() and f"{local:%H:%M %Z}" not in page_text:
        found.append(f"the page does not say which {page_text} is meant")
    return found


def _read_mail(text: str, zone: ZoneInfo) -> dt.datetime | None:
    """The instant of that wall time at which the zone has the name that is given."""
    wall, name = text.removesuffix(")").rsplit(" (", 1)
    local = dt.datetime.strptime(wall, "%A %d %B %Y, %H:%M")  # noqa: DTZ007 the zone comes by its name
    both = (local.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    return next((each.astimezone(dt.UTC) for each in both if each.tzname() == name), None)


def _typed(local: dt.datetime, case: Case, wrong: list[str]) -> str:
    """Hold what becomes of a wall time against the minutes that show it."""
    meant = [at for at, minute in _wall(case.zone, case.day) if minute == local.hour * 60 + local.minute]
    try:
        got = [int(instant_of(local, ZoneInfo(case.zone)).timestamp())]
        what = "taken"
    except Refused as refusal:
        got = [int(dt.datetime.fromisoformat(each).timestamp()) for each in refusal.details.get("choices", [])]
        what = {"time-does-not-exist": "refused", "time-is-ambiguous": "asked about"}[refusal.code]
    if got != meant or what != {0: "refused", 1: "taken", 2: "asked about"}[len(meant)]:
        wrong.append(f"{local} is {what}: {got}, not {meant}")
    return what


def _visits(case: Case) -> list[Stretch]:
    noon = int(dt.datetime.combine(case.day, dt.time(), tzinfo=dt.UTC).timestamp())
    return [(noon + start * MINUTE, noon + end * MINUTE) for start, end in case.visits]


def _time(minute: int) -> dt.time:
    return dt.time(minute // 60, minute % 60)
