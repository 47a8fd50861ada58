"""The ledger: which messages a page shows, how many there are of each fate, and in which groups they stand."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Min, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clinic.messaging.models import OutboundMessage, Purpose
from clinic.messaging.querysets import MessageQuerySet

State = OutboundMessage.State
PAGE_SIZE = 30
NEXT_SHOWN = 6

_OPENED = Q(state=State.SENT, link__opened_at__gte=F("sent_at"))
FATES: dict[str, tuple[str | Promise, Q]] = {
    "": (_("All"), Q()),
    "waiting": (_("Waiting"), Q(state__in=[State.PENDING, State.SENDING])),
    "sent": (_("Sent"), Q(state=State.SENT)),
    "opened": (_("Opened link"), _OPENED),
    "undelivered": (_("Bounced"), Q(state__in=[State.BOUNCED, State.FAILED])),
    "void": (_("Void"), Q(state=State.VOID)),
}
SPANS: dict[str, tuple[str | Promise, int | None]] = {
    "7": (_("Last 7 days"), 7),
    "30": (_("Last 30 days"), 30),
    "365": (_("Last 12 months"), 365),
    "all": (_("Any time"), None),
}
DEFAULT_SPAN = "30"


@dataclass(frozen=True, slots=True)
class Choice:
    """What the page's address asks for; anything unknown falls back to the default."""

    fate: str = ""
    purpose: str = ""
    span: str = DEFAULT_SPAN

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Choice":
        fate, purpose, span = query.get("fate", ""), query.get("purpose", ""), query.get("due", DEFAULT_SPAN)
        return cls(
            fate=fate if fate in FATES else "",
            purpose=purpose if purpose in Purpose.values else "",
            span=span if span in SPANS else DEFAULT_SPAN,
        )


@dataclass(frozen=True, slots=True)
class Group:
    """Rows under one heading: a day, or None for what goes out next."""

    day: dt.date | None
    rows: list[OutboundMessage]


@dataclass(frozen=True, slots=True)
class Ledger:
    """A page of messages. `upcoming` stands above the first page of everything."""

    counts: dict[str, int]
    next_due_at: dt.datetime | None
    upcoming: list[OutboundMessage]
    page: Page[OutboundMessage]
    groups: list[Group]

    @property
    def first(self) -> OutboundMessage | None:
        """The message to open when none was asked for."""
        return next(iter([*self.upcoming, *self.page.object_list]), None)


def read(*, messages: MessageQuerySet, choice: Choice, page: str | None, zone: ZoneInfo, now: dt.datetime) -> Ledger:
    """A page of the ledger. Four queries whatever the number of rows."""
    days = SPANS[choice.span][1]
    if days is not None:
        messages = messages.filter(due_at__gte=now - dt.timedelta(days=days))
    if choice.purpose:
        messages = messages.filter(purpose=choice.purpose)
    found = messages.aggregate(
        next_due_at=Min("due_at", filter=FATES["waiting"][1]),
        **{fate or "all": Count("pk", filter=condition) for fate, (_label, condition) in FATES.items()},
    )
    rows = messages.with_people().filter(FATES[choice.fate][1])
    upcoming: list[OutboundMessage] = []
    if choice.fate == "waiting":
        rows = rows.order_by("due_at", "pk")
    else:
        waiting, is_first = FATES["waiting"][1], page in (None, "", "1")
        if not choice.fate:
            upcoming = list(rows.filter(waiting).order_by("due_at", "pk")[:NEXT_SHOWN]) if is_first else []
            rows = rows.filter(due_at__lte=now)  # what was voided ahead of its time has its own filter
        rows = rows.exclude(waiting).order_by("-due_at", "pk")
    shown = Paginator(rows, PAGE_SIZE).get_page(page)
    return Ledger(
        counts={fate: found[fate or "all"] for fate in FATES},
        next_due_at=found["next_due_at"],
        upcoming=upcoming,
        page=shown,
        groups=by_day(shown.object_list, zone),
    )


def by_day(rows: Iterable[OutboundMessage], zone: ZoneInfo) -> list[Group]:
    """Rows under the day they are due, in the order they come."""
    grouped = groupby(rows, key=lambda message: message.due_at.astimezone(zone).date())
    return [Group(day, list(members)) for day, members in grouped]


def companions(message: OutboundMessage | None, messages: MessageQuerySet) -> list[Any]:
    """Everything that goes out about the same appointment or other thing, in order of time. One query."""
    if message is None or message.about_id is None:
        return []
    return list(
        messages.with_people().filter(about_id=message.about_id, client=message.client).order_by("due_at", "pk")
    )
