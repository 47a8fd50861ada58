"""The audit log for the owner. At the root, because it joins the trail with the people it speaks of."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from clinic.audit import reads
from clinic.audit import services as audit
from clinic.audit.models import Event
from clinic.core import clock
from clinic.people.access import access
from clinic.people.models import Client, Location, User
from clinic.people.permissions import Permission
from treatments.verification import CHECKED

PAGE_SIZE = 100
DAYS = 7
# Not people: the worker's own acts, and clients who came by a link. Neither has a user's id.
NOBODY = "nobody"
FILTERS = {"from", "to", "person", "client", "action"}


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for. `client` is the client number as typed."""

    from_on: dt.date
    to_on: dt.date
    actor: str
    client: str
    action: str

    @classmethod
    def of(cls, query: Mapping[str, str], today: dt.date) -> "Filters":
        return cls(
            from_on=_date(query.get("from")) or today - dt.timedelta(days=DAYS),
            to_on=_date(query.get("to")) or today,
            actor=query.get("person", ""),
            client=query.get("client", "").strip(),
            action=query.get("action", ""),
        )

    def apply(self, events: QuerySet[Event], zone: ZoneInfo) -> QuerySet[Event]:
        start, _end = clock.day_bounds(self.from_on, zone)
        _start, end = clock.day_bounds(self.to_on, zone)
        events = events.filter(at__gte=start, at__lt=end)
        if self.actor:
            events = events.filter(actor_id=None if self.actor == NOBODY else _uuid(self.actor))
        if self.client:
            events = events.filter(client_id=self._client_id())
        return events.filter(action=self.action) if self.action else events

    def _client_id(self) -> uuid.UUID:
        number = int(self.client) if self.client.isdecimal() and len(self.client) < 10 else -1
        found = Client.objects.filter(number=number).values_list("pk", flat=True).first()
        return found or uuid.UUID(int=0)


@access(Permission.VIEW_AUDIT)
@require_safe
def audit_list(request: HttpRequest) -> HttpResponse:
    """Who saw and changed what, newest first. Looking here is an event too."""
    location = Location.objects.order_by("name").first()
    zone = location.zone if location else ZoneInfo("UTC")
    filters = Filters.of(request.GET, clock.today(zone))
    audit.record(request.user, "audit.read", changes={"filters": sorted(set(request.GET) & FILTERS)})  # type: ignore[arg-type]
    events = filters.apply(Event.objects.all(), zone).order_by("-at", "-id")
    page = Paginator(events, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": with_clients(page),
        "filters": filters,
        "actions": reads.actions(),
        "people": User.objects.order_by("name"),
        "nobody": NOBODY,
        "checked": Event.objects.filter(action=CHECKED).order_by("-at").first(),
        "zone": zone,
    }
    return render(request, "audit/audit.html", context)


def with_clients(page: Page[Event]) -> list[tuple[Event, Any]]:
    """Each event with its client, as far as there still is one. One query."""
    events = list(page.object_list)
    found = Client.objects.in_bulk({event.client_id for event in events if event.client_id})
    return [(event, found.get(event.client_id)) for event in events]


def _date(text: str | None) -> dt.date | None:
    """A date the calendar has and whose neighbours it has too."""
    try:
        found = dt.date.fromisoformat(text or "")
    except ValueError:
        return None
    return found if dt.date.min.year < found.year < dt.date.max.year else None


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.UUID(int=0)
