"""Moves an appointment to another time, therapist or room."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from clinic.audit import services as audit
from clinic.audit.services import Actor
from clinic.core.errors import Refused, StaleVersion
from clinic.messaging.models import Purpose
from clinic.people.models import Location, Room, User
from clinic.people.permissions import Permission, require
from scheduling.models import Appointment
from scheduling.rules.status import MOVABLE
from scheduling.services import asking, checks, clashes, mails
from scheduling.services.booking import chosen, place, rooms_for
from scheduling.services.clashes import Wish
from scheduling.services.freed import Freed, slot_came_free
from scheduling.services.locks import lock, lock_appointment
from scheduling.services.transactions import retried


@retried
def move_appointment(
    *,
    appointment: Appointment,
    starts_at: dt.datetime,
    by: User,
    therapist: User | None = None,
    room: Room | None = None,
    location: Location | None = None,
    version: int | None = None,
    overlap_reason: str = "",
) -> Appointment:
    """Move a visit; its length stays. Without `room`: the present one if it is free, else the first that fits.

    With `overlap_reason` it may stand beside what is there already. Raises Refused, Missing, Conflict as booking does,
    StaleVersion when somebody changed it in between.
    """
    require(by, Permission.OVERLAP if overlap_reason else Permission.BOOK, appointment)
    return move(
        appointment=appointment,
        starts_at=starts_at,
        actor=by,
        therapist=therapist,
        room=room,
        location=location,
        version=version,
        overlap_reason=overlap_reason,
    )


def move(
    *,
    appointment: Appointment,
    starts_at: dt.datetime,
    actor: Actor,
    therapist: User | None = None,
    room: Room | None = None,
    location: Location | None = None,
    version: int | None = None,
    overlap_reason: str = "",
) -> Appointment:
    """Move for whoever was let in already. In a transaction that is `retried`; raises as `move_appointment` does."""
    by = actor if isinstance(actor, User) else None
    therapist = therapist or appointment.therapist
    goal = room.location if room else location or appointment.location
    checks.check_scope(by, goal)
    checks.check_when(starts_at, goal)
    rooms = [room] if room else _own_first(appointment, rooms_for(appointment.service, goal))
    lock(therapists=[appointment.therapist, therapist], rooms=[appointment.room, *rooms], client=appointment.client)
    appointment = lock_appointment(appointment)
    check_version(appointment, version)
    if appointment.status not in MOVABLE:
        raise Refused(_("Only an appointment that is still to come can be moved."), code="not-movable")
    if therapist == appointment.therapist and starts_at == appointment.starts_at and room in (None, appointment.room):
        return appointment
    wishes = checks.open_rooms([_wish(appointment, therapist, each, starts_at, by) for each in rooms])
    wish, overlap_reason = chosen(wishes, overlap_reason)
    checks.check_wish(wish, goal)
    left = Freed.of(appointment)
    _put(appointment, wish, goal, overlap_reason)
    mails.tell(appointment, Purpose.MOVED)
    asking.tell(appointment)
    audit.record(actor, "appointment.moved", appointment, client=appointment.client, changes=_changes(appointment))
    slot_came_free(left)
    return appointment


def _changes(appointment: Appointment) -> dict[str, Any]:
    overlap = {"overlap": True} if appointment.is_overlap_allowed else {}
    return {key: value for key, value in appointment.previous.items() if key != "overlap_reason"} | overlap


def check_version(appointment: Appointment, version: int | None) -> None:
    """Raises StaleVersion when `version` is not the row's."""
    if version is not None and version != appointment.version:
        words = _("Somebody changed this appointment in the meantime. Look again before you go on.")
        raise StaleVersion(words, details={"version": appointment.version})


def place_before(appointment: Appointment) -> dict[str, str]:
    """When, where and how an appointment was, to take a move back."""
    return {
        "was": appointment.status,
        "overlap_reason": appointment.overlap_reason,
        "starts_at": appointment.starts_at.isoformat(),
        "therapist": str(appointment.therapist_id),
        "room": str(appointment.room_id),
    }


def _wish(appointment: Appointment, therapist: User, room: Room, starts_at: dt.datetime, by: User | None) -> Wish:
    return Wish(appointment.client, appointment.service, therapist, room, starts_at, by, moving=appointment)


def _put(appointment: Appointment, wish: Wish, location: Location, overlap_reason: str) -> None:
    appointment.previous = place_before(appointment)
    clashes.say_overlap(appointment, overlap_reason)
    appointment.therapist, appointment.room, appointment.location = wish.therapist, wish.room, location
    appointment.during, appointment.occupies = wish.during, wish.occupies
    if appointment.status == Appointment.Status.CONFIRMED:
        appointment.status = Appointment.Status.BOOKED  # it was the other time that was confirmed
    appointment.version += 1
    place(appointment, wish)
    appointment.client.locations.add(location)


def _own_first(appointment: Appointment, rooms: list[Room]) -> list[Room]:
    return sorted(rooms, key=lambda room: room.pk != appointment.room_id)
