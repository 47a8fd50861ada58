"""An outside calendar reduced to when somebody is busy, line by line, before it is parsed.

What the events are about is dropped here and goes no further; what is left is small and simple enough to be parsed
safely, whoever wrote the file.
"""

import re
from collections.abc import Iterator

MOST_EVENTS = 20_000
MOST_TEXT = 64 * 1024
_KEPT = {
    "VEVENT": frozenset(
        ("UID", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "STATUS", "TRANSP")
    ),
    "VFREEBUSY": frozenset(("FREEBUSY",)),
    "VTIMEZONE": frozenset(("TZID",)),
    "STANDARD": frozenset(("DTSTART", "TZOFFSETFROM", "TZOFFSETTO", "RRULE", "RDATE")),
    "DAYLIGHT": frozenset(("DTSTART", "TZOFFSETFROM", "TZOFFSETTO", "RRULE", "RDATE")),
}
_PLACES = {
    "VEVENT": ("VCALENDAR",),
    "VFREEBUSY": ("VCALENDAR",),
    "VTIMEZONE": ("VCALENDAR",),
    "STANDARD": ("VCALENDAR", "VTIMEZONE"),
    "DAYLIGHT": ("VCALENDAR", "VTIMEZONE"),
}
_NAME = re.compile(r"[A-Za-z0-9-]+")
# A zone's clocks change once or twice a year, on a weekday or a date. Other rules take a parser hours to work out.
_ZONE_RULE = re.compile(
    r"RRULE:FREQ=YEARLY(;(BYMONTH=\d{1,2}|BYDAY=[+-]?\d?[A-Z]{2}|BYMONTHDAY=-?\d{1,2}(,-?\d{1,2}){0,9}"
    r"|UNTIL=[0-9TZ]{8,16}|WKST=[A-Z]{2}|INTERVAL=1))*"
)
MOST_ZONE_PARTS = 400


class NoCalendar(Exception):
    """Why a file cannot be used: `reason` is a word for programs."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def reduced(file: bytes) -> str:
    """The file with zones first, then the times of events, and nothing else. Raises NoCalendar."""
    text = file.decode("utf-8-sig", errors="replace")
    if not text.lstrip()[:15].upper().startswith("BEGIN:VCALENDAR"):
        raise NoCalendar("not-a-calendar")
    if not text.rstrip().upper().endswith("END:VCALENDAR"):
        raise NoCalendar("broken-off")
    zones: list[str] = []
    others: list[str] = []
    for path, line in _kept(text):
        (zones if "VTIMEZONE" in path else others).append(line)
    if others.count("BEGIN:VEVENT") > MOST_EVENTS or zones.count("BEGIN:STANDARD") > MOST_ZONE_PARTS:
        raise NoCalendar("too-many-events")
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Palpate//Busy//EN"]
    return "\r\n".join([*head, *zones, *others, "END:VCALENDAR", ""])


def _kept(text: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """The lines that count, each with the components it stands in."""
    path: tuple[str, ...] = ()
    for line in _unfolded(text):
        name = _NAME.match(line)
        said = name[0].upper() if name else ""
        component = line.partition(":")[2].strip().upper()
        if said == "BEGIN":
            if _PLACES.get(component) == path:
                yield (*path, component), f"BEGIN:{component}"
            path = (*path, component)[:8]
        elif said == "END":
            if path and path[-1] == component:
                if _PLACES.get(component) == path[:-1]:
                    yield path, f"END:{component}"
                path = path[:-1]
        elif path and _PLACES.get(path[-1]) == path[:-1] and said in _KEPT[path[-1]] and len(line) <= MOST_TEXT:
            if said == "RRULE" and "VTIMEZONE" in path and not _ZONE_RULE.fullmatch(line.strip()):
                continue
            yield path, line


def _unfolded(text: str) -> Iterator[str]:
    """Whole lines: one that begins with a space goes on from the one before (RFC 5545, 3.1)."""
    parts: list[str] = []
    for line in re.split(r"\r\n|\n|\r", text):
        if line[:1] in (" ", "\t"):
            parts.append(line[1:])
            continue
        if parts:
            yield "".join(parts)
        parts = [line]
    yield "".join(parts)
