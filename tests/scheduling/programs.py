"""Calendar programs, and what each understands of a file."""

import datetime as dt
import json
import subprocess
from pathlib import Path
from typing import NamedTuple

from click.testing import CliRunner
from icalendar import Calendar
from khal.cli import main_khal

ROOT = Path(__file__).resolve().parents[2]
KHAL = """[calendars]
[[feed]]
path = {folder}/events
[locale]
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%dT%H:%M
longdatetimeformat = %Y-%m-%dT%H:%M
local_timezone = UTC
default_timezone = UTC
[sqlite]
path = {folder}/khal.db
[default]
default_calendar = feed
"""


class Seen(NamedTuple):
    """An event as a program shows it."""

    start: str
    end: str
    summary: str
    location: str
    is_off: bool


def by_icalendar(file: str) -> dict[str, Seen]:
    return {
        str(event["UID"]): Seen(
            _minute(event.decoded("DTSTART")),
            _minute(event.decoded("DTEND")),
            str(event["SUMMARY"]),
            str(event["LOCATION"]),
            event["STATUS"] == "CANCELLED",
        )
        for event in Calendar.from_ical(file).walk("VEVENT")
    }


def by_ical_js(file: str) -> dict[str, Seen]:
    read = ["node", "tests/js/read-calendar.mjs"]
    said = subprocess.run(read, input=file, capture_output=True, text=True, check=True, cwd=ROOT).stdout
    return {
        event["uid"]: Seen(
            event["start"][:16], event["end"][:16], event["summary"], event["location"], event["status"] == "CANCELLED"
        )
        for event in json.loads(said)["events"]
    }


class Khal:
    """A calendar kept by khal, into which a file is brought again and again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "events").mkdir()
        (folder / "config").write_text(KHAL.format(folder=folder))

    def __call__(self, file: str) -> dict[str, Seen]:
        (self.folder / "feed.ics").write_text(file)
        self._run("import", "--batch", str(self.folder / "feed.ics"))
        columns = "{uid}\t{start}\t{end}\t{title}\t{location}\t{cancelled}"
        said = self._run("list", "--notstarted", "--day-format", "", "--format", columns, "2026-05-01", "400d")
        rows = [line.split("\t") for line in said.splitlines() if "\t" in line]
        return {row[0]: Seen(*row[1:5], is_off="CANCELLED" in row[5]) for row in rows}

    def _run(self, *words: str) -> str:
        done = CliRunner().invoke(main_khal, ["-c", str(self.folder / "config"), *words])
        assert done.exit_code == 0, (done.output, done.exception)
        return done.output


def _minute(instant: dt.datetime) -> str:
    return instant.strftime("%Y-%m-%dT%H:%M")
