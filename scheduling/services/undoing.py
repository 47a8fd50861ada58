"""Takes the last change of an appointment back, before anyone relies on it."""

import datetime as dt

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _

from clinic.audit import services as audit
from clinic.core.errors import Refused
from clinic.messaging.models import Purpose
from clinic.messaging.services import void
from clinic.people.models import Room, User
from clinic.people.permissions import Permission, require
from scheduling.models import Appointment
from scheduling.rules.status import INACTIVE
from scheduling.services import asking, clashes, mails
from scheduling.services.booking import place
from scheduling.services.freed import Freed, take_back
from scheduling.services.locks import lock, lock_appointment
from scheduling.services.moving import check_version
from scheduling.services.transactions import retried

_STAMPS = {
    "arrived": ["arrived_at"],
    "in-session": ["started_at"],
    "completed": ["ended_at"],
    "cancelled": ["cancelled_at"],
    "late-cancelled": ["cancelled_at"],
}


@retried
def undo(*, appointment: Appointment, by: User, version: int) -> Appointment:
    """Put back what the change that made `version` replaced.

    Raises StaleVersion when there is a newer change, Conflict when the slot has been given away.
    """
    require(by, Permission.BOOK, appointment)
    earlier = _place_before(appointment)
    lock(
        therapists=[appointment.therapist, *(place.therapist for place in earlier)],
        rooms=[appointment.room, *(place.room for place in earlier)],
        client=appointment.client,
    )
    appointment = lock_appointment(appointment)
    check_version(appointment, version)
    before, appointment.previous = appointment.previous, {}
    if not before:
        raise Refused(_("There is nothing to take back."), code="nothing-to-undo")
    appointment.version += 1
    if "status" in before:
        _restore_status(appointment, before["status"], by)
    elif "starts_at" in before:
        _restore_place(appointment, before, by)
    else:
        _restore_length(appointment, before, by)
    audit.record(by, "appointment.undone", appointment, client=appointment.client, changes=before)
    return appointment


def _restore_status(appointment: Appointment, status: str, by: User) -> None:
    left = appointment.status
    for stamp in _STAMPS.get(left, []):
        setattr(appointment, stamp, None)
    if left in ("cancelled", "late-cancelled"):
        appointment.cancel_reason = appointment.cancelled_by = ""
    appointment.status = status
    if left in INACTIVE and status not in INACTIVE:
        take_back(Freed.of(appointment), by=by)
        place(appointment, clashes.wish_of(appointment, by=by))
    else:
        appointment.save()
    was_waiting = void(about_id=appointment.pk, purposes=[Purpose.CANCELLED])
    if appointment.is_active:
        mails.remind(appointment)
        asking.tell(appointment)
        if left in ("cancelled", "late-cancelled") and not was_waiting:
            mails.tell(appointment, Purpose.BOOKING)


def _place_before(appointment: Appointment) -> list[Appointment]:
    """Where the visit was before it was moved; nothing when it was not."""
    before = appointment.previous
    if "therapist" not in before:
        return []
    therapist, room = User.objects.get(pk=before["therapist"]), Room.objects.get(pk=before["room"])
    return [Appointment(therapist=therapist, room=room)]


def _restore_place(appointment: Appointment, before: dict[str, str], by: User) -> None:
    start = dt.datetime.fromisoformat(before["starts_at"])
    length = appointment.ends_at - appointment.starts_at
    buffered = appointment.occupies.upper - appointment.occupies.lower
    appointment.therapist = User.objects.get(pk=before["therapist"])
    appointment.room = Room.objects.select_related("location").get(pk=before["room"])
    appointment.location = appointment.room.location
    appointment.during = DateTimeTZRange(start, start + length)
    appointment.occupies = DateTimeTZRange(start, start + buffered)
    clashes.say_overlap(appointment, before.get("overlap_reason", ""))
    if appointment.status == Appointment.Status.BOOKED:
        appointment.status = before.get("was", appointment.status)
    take_back(Freed.of(appointment), by=by)
    place(appointment, clashes.wish_of(appointment, by=by, starts_at=start))
    _tell_again(appointment)


def _restore_length(appointment: Appointment, before: dict[str, str], by: User) -> None:
    end, buffer = dt.datetime.fromisoformat(before["ends_at"]), appointment.buffer
    appointment.during = DateTimeTZRange(appointment.starts_at, end)
    appointment.occupies = DateTimeTZRange(appointment.starts_at, end + buffer)
    clashes.say_overlap(appointment, before.get("overlap_reason", ""))
    take_back(Freed.of(appointment), by=by)
    place(appointment, clashes.wish_of(appointment, by=by))
    _tell_again(appointment)


def _tell_again(appointment: Appointment) -> None:
    if void(about_id=appointment.pk, purposes=[Purpose.MOVED]):
        mails.remind(appointment)  # nobody was told of the move
    else:
        mails.tell(appointment, Purpose.MOVED)
    asking.tell(appointment)
