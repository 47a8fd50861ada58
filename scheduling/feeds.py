"""Calendar feeds (RFC 5545, RFC 7986): the visits of one therapist or one room, read by a calendar program.

Times in UTC. A feed lies in programs, phones and clouds that the practice does not choose, so it names neither clients,
not even by initials, nor services: "Pelvic floor, 45 min" is a health fact about whoever is recognised otherwise. Each
event leads to the visit's page, behind the sign-in.
"""

import datetime as dt
import hashlib
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Event

from clinic.core import tokens
from clinic.core.errors import Missing
from scheduling import calendar_file
from scheduling.models import Appointment, CalendarFeed
from scheduling.rules.status import INACTIVE

BACK, AHEAD = dt.timedelta(days=30), dt.timedelta(days=366)
# Long enough for a program that is opened once a month to hear of it.
CANCELLED_STAYS = dt.timedelta(days=40)
REFRESH = dt.timedelta(minutes=15)
_COLUMNS = ("pk", "version", "updated_at", "during", "status", "room__name", "location__name", "location__address")


class Visit(NamedTuple):
    """What a feed may know of a visit."""

    pk: UUID
    version: int
    updated_at: dt.datetime
    during: DateTimeTZRange
    status: str
    room: str
    location: str
    address: str
    therapist: str


def address_of(token: str) -> str:
    """Where a calendar program reads the feed."""
    return f"{settings.BASE_URL}{reverse('scheduling:feed', args=[token])}"


def find(token: str) -> CalendarFeed:
    """The live feed at an address (one query). Raises Missing: wrong, revoked, of who left, of closed rooms alike."""
    found = CalendarFeed.objects.live().filter(token_digest=tokens.digest(token))
    feed: CalendarFeed | None = found.select_related("therapist", "room__location").first()
    if feed is None:
        raise Missing(_("There is no calendar at this address. Make a new one in Palpate."))
    return feed


def visits_of(feed: CalendarFeed, *, now: dt.datetime) -> list[Visit]:
    """From 30 days back to a year ahead, by whole days, so that the answer stays the same all day (one query)."""
    today = now.astimezone(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    whose = {"therapist": feed.therapist_id} if feed.therapist_id else {"room": feed.room_id}
    long_off = models.Q(status__in=INACTIVE, cancelled_at__lt=today - CANCELLED_STAYS)
    visits = Appointment.objects.filter(**whose).exclude(long_off).overlapping(today - BACK, today + AHEAD)
    return [Visit(*row) for row in visits.order_by("during", "pk").values_list(*_COLUMNS, "therapist__name")]


def etag_of(feed: CalendarFeed, visits: Sequence[Visit]) -> str:
    """Changes with anything that the feed says; much cheaper than writing it."""
    said = repr((name_of(feed), settings.BASE_URL, [tuple(visit) for visit in visits]))
    return f'"{hashlib.sha256(said.encode()).hexdigest()[:32]}"'


def render(feed: CalendarFeed, visits: Sequence[Visit]) -> str:
    """The whole calendar; about 0.3 ms for each visit."""
    calendar = calendar_file.begin()
    name = name_of(feed)
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT15M")
    for visit in visits:
        calendar.add_component(_event(feed, visit))
    return calendar_file.text_of(calendar)


def name_of(feed: CalendarFeed) -> str:
    """What the program calls the calendar."""
    if feed.room is not None:
        return calendar_file.plain(f"{feed.room.name}, {feed.room.location.name}")
    return calendar_file.plain(_("Appointments: %(therapist)s") % {"therapist": feed.therapist})


def _event(feed: CalendarFeed, visit: Visit) -> Event:
    event = Event()
    event.add("uid", calendar_file.uid(visit.pk))
    event.add("sequence", visit.version - 1)
    event.add("dtstamp", visit.updated_at)  # without METHOD, the time of the last change (RFC 5545, 3.8.7.2)
    event.add("last-modified", visit.updated_at)
    event.add("dtstart", visit.during.lower)
    event.add("dtend", visit.during.upper)
    event.add("summary", calendar_file.plain(visit.therapist) if feed.room_id else _("Appointment"))
    event.add("location", calendar_file.where(visit.room, f"{visit.location}\n{visit.address}"))
    event.add("status", _status(visit.status))
    event.add("class", "PRIVATE")
    event.add("url", f"{settings.BASE_URL}{reverse('scheduling:appointment-detail', args=[visit.pk])}")
    return event


def _status(status: str) -> str:
    if status in INACTIVE:
        return "CANCELLED"
    return "TENTATIVE" if status == "held" else "CONFIRMED"
