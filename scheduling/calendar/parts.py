"""What the day calendar is made of. Positions are wall-clock minutes of a day, in the zone of its location."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.people.models import Location, Room, User
from scheduling.calendar.cards import Card

_COLUMNS_A_SHEET = 10  # 26 mm each on A4: a name and a service in one line of 8 points


@dataclass(frozen=True, slots=True)
class Only:
    """Whom and what the calendar is asked for; empty: everybody, everything."""

    therapists: frozenset[uuid.UUID] = frozenset()
    services: frozenset[uuid.UUID] = frozenset()
    statuses: frozenset[str] = frozenset()

    def leaves_out(self, card: Card) -> bool:
        """Such a card stays as a quiet block: its time must not look free."""
        service, status = card.visit.service_id, card.status
        return bool((self.services and service not in self.services) or (self.statuses and status not in self.statuses))

    def __bool__(self) -> bool:
        return bool(self.therapists or self.services or self.statuses)


@dataclass(slots=True)
class Block:
    """Lunch, time off, not at work, a room that is closed, or a time held for somebody who is choosing it."""

    start: int
    end: int
    kind: str  # lunch, off, held
    label: str
    lane: int = 0
    lanes: int = 1


@dataclass(slots=True)
class Gap:
    """Free time that can be booked with one tap."""

    start: int
    end: int
    minutes: int
    is_next: bool
    therapist: User
    date: dt.date
    location: Location
    is_labelled: bool = True

    @property
    def label(self) -> str:
        """How long, in minutes up to an hour and a half, in hours beyond."""
        if self.minutes <= 90:
            return ngettext("%(number)s min free", "%(number)s min free", self.minutes) % {"number": self.minutes}
        hours = f"{self.minutes / 60:.2f}".rstrip("0").rstrip(".")
        return _("%(number)s h free") % {"number": hours}


@dataclass(slots=True)
class Column:
    """One therapist, room or day at a location."""

    key: str
    title: str
    detail: str
    date: dt.date
    location: Location
    therapist: User | None = None
    room: Room | None = None
    initials: str = ""
    is_today: bool = False
    cards: list[Card] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)


@dataclass(slots=True)
class Group:
    """The columns of one location, and its clock."""

    location: Location
    columns: list[Column]
    now: int | None
    closed: list[tuple[dt.date, str]] = field(default_factory=list)  # holidays by date

    @property
    def columns_a_sheet(self) -> int:
        """How many stand side by side on paper: all of them, or as many on each sheet as on the next."""
        sheets = -(-len(self.columns) // _COLUMNS_A_SHEET)
        return -(-len(self.columns) // max(sheets, 1)) or 1

    @property
    def zone_name(self) -> str:
        day = self.columns[0].date if self.columns else dt.date(2000, 1, 1)
        return dt.datetime.combine(day, dt.time(12), tzinfo=self.location.zone).strftime("%Z")


@dataclass(slots=True)
class DayCalendar:
    groups: list[Group]
    first_day: dt.date
    last_day: dt.date
    mode: str
    opens: int
    closes: int
    shown: dt.date
    only: Only
    stamp: str
    step_minutes: int
    therapist: User | None = None
    room: Room | None = None
    people: list[User] = field(default_factory=list)  # who works there then, shown or not
    practice: str = ""  # its name, for paper
    cards: list[Card] = field(init=False)  # in order of time

    def __post_init__(self) -> None:
        cards = [card for column in self.columns for card in column.cards]
        self.cards = sorted(cards, key=lambda card: (card.visit.starts_at, card.visit.pk))

    @property
    def location(self) -> Location:
        return self.groups[0].location

    @property
    def columns(self) -> list[Column]:
        return [column for group in self.groups for column in group.columns]

    @property
    def hours(self) -> range:
        return range(self.opens // 60, self.closes // 60)

    @property
    def zones(self) -> list[str]:
        """The clocks shown; more than one has to be said."""
        return sorted({group.location.timezone for group in self.groups})


def mark_next(columns: Iterable[Column]) -> None:
    """The first half hour that could still be sold comes forward."""
    worth = [gap for column in columns for gap in column.gaps if gap.is_labelled and gap.end - gap.start >= 30]
    if worth:
        min(worth, key=lambda gap: gap.start).is_next = True
