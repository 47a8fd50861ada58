"""Everything that happened with a client on one line of time, newest first.

Each part of the product adds sources. The index of a person, some hundred rows of kind, instant and key, is read from
all of them in one query: it gives order, counts and pages. Only what stands on the page is then read in full.
"""

import datetime as dt
import uuid
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, ClassVar, NamedTuple

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet, TextChoices, Value
from django.utils.translation import gettext_lazy as _

from clinic.people.permissions import Permission
from clinic.people.record import words
from clinic.people.record.reading import Reading

PAGE_SIZE = 30


class Kind(TextChoices):
    """What may be ticked. Of what happened at one instant, the kind that stands first here comes first."""

    VISITS = "visits", _("Visits")
    NOTES = "notes", _("Notes")
    EPISODES = "episodes", _("Episodes")
    FORMS = "forms", _("Forms")
    SCORES = "scores", _("Scores")
    MESSAGES = "messages", _("Messages")
    DOCUMENTS = "documents", _("Documents")
    ALERTS = "alerts", _("Alerts")


# These two stand elsewhere on the page, as a curve and as a list; nobody needs them twice unless they ask.
SHOWN_AT_FIRST = frozenset(Kind) - {Kind.SCORES, Kind.DOCUMENTS}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: what, more about it, and what became of it. `tone` of the state: warn, danger, or nothing."""

    icon: str
    title: str
    detail: str = ""
    url: str = ""
    is_dialog: bool = False
    state: str = ""
    state_icon: str = ""
    tone: str = ""


class Source(ABC):
    """Rows of one model as entries. Registered under its name, the only one of its kind or not."""

    name: ClassVar[str]
    kind: ClassVar[Kind]
    permission: ClassVar[Permission]

    @abstractmethod
    def rows(self, reading: Reading) -> QuerySet[Any]:
        """What the reader may see of it, annotated with `at` and a unique `key`."""

    @abstractmethod
    def entries(self, keys: Collection[uuid.UUID], reading: Reading) -> Mapping[uuid.UUID, Entry]:
        """The entries of these keys: as many queries for thirty as for three."""


Entries = dict[tuple[str, uuid.UUID], Entry]


class Row(NamedTuple):
    """An entry in the index."""

    source: str
    at: dt.datetime
    key: uuid.UUID


@dataclass(frozen=True, slots=True)
class Chip:
    kind: Kind
    count: int
    is_shown: bool


@dataclass(frozen=True, slots=True)
class Day:
    """The entries of one day by the reader's clock."""

    day: dt.date
    label: str
    entries: list[Entry]


@dataclass(frozen=True, slots=True)
class Timeline:
    """One page of it, what is ahead above the first one.

    `ahead`   from the next on, at most as many as a page holds; `ahead_count` is how many there are.
    `counts`  how many entries of each kind are shown.
    """

    chips: list[Chip]
    ahead: list[Day]
    ahead_count: int
    page: Page[Row]
    days: list[Day]
    counts: dict[str, int]


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    _sources[source.name] = source


def read(reading: Reading, *, kinds: Collection[str] | None, page: str | None) -> Timeline:
    """A page of entries of these kinds; None: of those shown at first.

    One query for the index, and those of each source that stands on the page.
    """
    chosen = SHOWN_AT_FIRST if kinds is None else {kind for kind in Kind if kind in kinds}
    index = _index(reading)
    counts = Counter(_kind(row) for row in index)
    rows = [row for row in index if _kind(row) in chosen]
    past = Paginator([row for row in rows if row.at <= reading.now], PAGE_SIZE).get_page(page)
    booked = [row for row in reversed(rows) if row.at > reading.now]
    ahead = booked[:PAGE_SIZE] if past.number == 1 else []
    entries = _entries([*ahead, *past.object_list], reading)
    return Timeline(
        chips=[Chip(kind, counts[kind], kind in chosen) for kind in Kind if counts[kind]],
        ahead=_days(ahead, entries, reading),
        ahead_count=len(booked),
        page=past,
        days=_days(past.object_list, entries, reading),
        counts={str(kind): number for kind, number in Counter(map(_kind, [*ahead, *past.object_list])).items()},
    )


def _kind(row: Row) -> Kind:
    return _sources[row.source].kind


def _index(reading: Reading) -> list[Row]:
    sources = [source for source in _sources.values() if reading.may(source.permission)]
    parts = [source.rows(reading).order_by().values_list(Value(source.name), "at", "key") for source in sources]
    if not parts:
        return []
    order = list(Kind)
    rows = [Row(*each) for each in parts[0].union(*parts[1:], all=True)]
    return sorted(rows, key=lambda row: (-row.at.timestamp(), order.index(_kind(row)), str(row.key)))


def _days(rows: Iterable[Row], entries: Entries, reading: Reading) -> list[Day]:
    """What is gone since the index was read is left out."""
    told = [(row, entry) for row in rows if (entry := entries.get((row.source, row.key)))]
    grouped = groupby(told, key=lambda pair: pair[0].at.astimezone(reading.zone).date())
    return [
        Day(day, words.day_beside(day, reading.today), [entry for _row, entry in members]) for day, members in grouped
    ]


def _entries(rows: Iterable[Row], reading: Reading) -> Entries:
    keys: dict[str, list[uuid.UUID]] = {}
    for row in rows:
        keys.setdefault(row.source, []).append(row.key)
    return {
        (name, key): entry
        for name, wanted in keys.items()
        for key, entry in _sources[name].entries(wanted, reading).items()
    }
