"""Explains a clash: what it is with, who, when, and what is free nearby."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from clinic.core import clock
from clinic.core.errors import Conflict
from clinic.people.models import Client, Room, User
from scheduling import availability
from scheduling.models import Appointment, Service
from scheduling.querysets import takes


@dataclass(frozen=True, slots=True)
class Wish:
    """A booking as it is asked for."""

    client: Client
    service: Service
    therapist: User
    room: Room
    starts_at: dt.datetime
    by: User | None
    moving: Appointment | None = None
    minutes: int | None = None  # of a visit that is to last longer or shorter than it does

    @property
    def ends_at(self) -> dt.datetime:
        return self.starts_at + self.length

    @property
    def during(self) -> DateTimeTZRange:
        return DateTimeTZRange(self.starts_at, self.ends_at)

    @property
    def occupies(self) -> DateTimeTZRange:
        return DateTimeTZRange(self.starts_at, self.occupied_until)

    @property
    def length(self) -> dt.timedelta:
        if self.minutes is not None:
            return dt.timedelta(minutes=self.minutes)
        if self.moving:
            return dt.timedelta(minutes=self.moving.duration_minutes)
        return dt.timedelta(minutes=self.service.duration_minutes)

    @property
    def occupied_until(self) -> dt.datetime:
        if self.moving:
            return self.ends_at + self.moving.buffer
        return self.ends_at + dt.timedelta(minutes=self.service.buffer_minutes)


def wish_of(appointment: Appointment, *, by: User | None, starts_at: dt.datetime | None = None) -> Wish:
    """An appointment's own place as a wish."""
    return Wish(
        client=appointment.client,
        service=appointment.service,
        therapist=appointment.therapist,
        room=appointment.room,
        starts_at=starts_at or appointment.starts_at,
        by=by,
        moving=appointment,
    )


def clashing(wish: Wish) -> list[Appointment]:
    """Active appointments that stand in the way. 1 query."""
    there = Appointment.objects.active().filter(
        takes(wish.occupies, Q(therapist=wish.therapist), Q(room=wish.room))
        | Q(client=wish.client, during__overlap=wish.during)
    )
    if wish.moving:
        there = there.exclude(pk=wish.moving.pk)
    return list(there.with_people().order_by("during"))


def say_overlap(appointment: Appointment, reason: str) -> None:
    """Note that a visit stands beside another on purpose, or with an empty reason that it does no longer."""
    appointment.is_overlap_allowed, appointment.overlap_reason = bool(reason), reason[:200]


def conflict(wish: Wish, found: list[Appointment] | None = None) -> Conflict:
    """The refusal for a wish that clashes; with what, is read afresh unless it is `found` already."""
    found = clashing(wish) if found is None else found
    sentences = [sentence(wish, appointment) for appointment in found] or [_("That time has just been taken.")]
    return Conflict(" ".join(sentences), code="clash", details=details(wish, found))


def alternatives(wish: Wish) -> list[availability.Slot]:
    """The nearest free times with the same therapist. 4 queries."""
    now = clock.now()
    search = availability.Search(
        service=wish.service,
        since=max(now, wish.starts_at - dt.timedelta(days=1)),
        until=max(now, wish.starts_at) + dt.timedelta(days=7),
        therapist=wish.therapist,
        client=wish.client,
        user=wish.by,
        moving=wish.moving,
    )
    return availability.nearest(search, to=wish.starts_at)


def details(wish: Wish, found: list[Appointment]) -> dict[str, Any]:
    """What stands in the way, and what is free nearby, for programs. 4 queries."""
    return {
        "clashes": [
            {"id": str(each.pk), "starts_at": each.starts_at, "ends_at": each.ends_at, "taken": _taken(wish, each)}
            for each in found
        ],
        "alternatives": [
            {
                "starts_at": slot.starts_at,
                "ends_at": slot.ends_at,
                "therapist": str(slot.therapist.pk),
                "therapist_name": slot.therapist.name,
                "room": str(slot.room.pk),
                "location": str(slot.location.pk),
                "zone": slot.location.timezone,
            }
            for slot in alternatives(wish)
        ],
    }


def _taken(wish: Wish, other: Appointment) -> list[str]:
    """Who or what cannot be in two places."""
    same = {
        "therapist": other.therapist_id == wish.therapist.pk,
        "room": other.room_id == wish.room.pk,
        "client": other.client_id == wish.client.pk,
    }
    return [name for name, is_taken in same.items() if is_taken]


def sentence(wish: Wish, other: Appointment) -> str:
    """What a wish clashes with, in words: who is taken, from when to when, by whom."""
    who = str(wish.therapist) if other.therapist_id == wish.therapist.pk else ""
    if not who and other.client_id == wish.client.pk:
        who = wish.client.full_name
    if not who:
        who = str(wish.room)
    start, end = (localtime(instant, wish.room.location.zone) for instant in (other.starts_at, other.ends_at))
    values = {
        "who": who,
        "whom": _with_whom(wish, other),
        "from": date_format(start, "H:i"),
        "until": date_format(end, "H:i"),
    }
    return _("%(who)s is taken from %(from)s to %(until)s: %(whom)s.") % values


def _with_whom(wish: Wish, other: Appointment) -> str:
    """Names the other side, unless it lies outside what the person may see."""
    by = wish.by
    if by is None or not (by.is_owner or other.location_id in by.location_ids):
        return _("another appointment")
    if other.client_id == wish.client.pk:
        return _("%(service)s with %(therapist)s") % {"service": other.service, "therapist": other.therapist}
    return _("%(client)s, %(service)s") % {"client": other.client, "service": other.service}
