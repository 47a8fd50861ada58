"""Books."""

import datetime as dt
import hashlib
import uuid

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from clinic.audit import services as audit
from clinic.core.errors import Refused
from clinic.messaging.models import Purpose
from clinic.people.models import Client, Location, Room, User
from clinic.people.permissions import Permission, require
from scheduling.availability import fits
from scheduling.models import Appointment, BookingRequest, Service
from scheduling.services import asking, checks, clashes, mails
from scheduling.services.clashes import Wish
from scheduling.services.locks import lock
from scheduling.services.transactions import EXCLUSION_VIOLATION, retried, sqlstate


@retried
def book_appointment(
    *,
    client: Client,
    service: Service,
    therapist: User,
    starts_at: dt.datetime,
    by: User,
    room: Room | None = None,
    location: Location | None = None,
    note: str = "",
    overlap_reason: str = "",
    request_key: uuid.UUID | None = None,
) -> Appointment:
    """Book a visit; how long it takes is the service's to say. Without `room`: the first that fits.

    Raises Refused (not offered, not working, in the past), Missing (out of scope), Conflict (somebody is there already;
    names who, and what is free nearby). The same `request_key` answers with the appointment it booked before.
    """
    require(by, Permission.BOOK, client)
    _check_open(client)
    require(by, Permission.OVERLAP if overlap_reason else Permission.BOOK)
    place = room.location if room else location or checks.place_of(therapist, service, starts_at)
    checks.check_scope(by, place)
    checks.check_when(starts_at, place)
    rooms = [room] if room else rooms_for(service, place)
    lock(therapists=[therapist], rooms=rooms, client=client)
    fingerprint = _fingerprint(client, service, therapist, room, starts_at, by)
    if earlier := _answered(request_key, fingerprint):
        return earlier
    wishes = [Wish(client, service, therapist, each, starts_at, by) for each in rooms]
    wish = wishes[0] if overlap_reason else first_free(wishes)
    checks.check_offer(service, therapist, wish.room)
    checks.check_working(therapist, place, (wish.starts_at, wish.ends_at))
    appointment = _insert(wish, place, note=note, overlap_reason=overlap_reason)
    _remember(request_key, fingerprint, appointment)
    mails.tell(appointment, Purpose.BOOKING)
    asking.tell(appointment)
    changes = {"overlap": True} if overlap_reason else None
    audit.record(by, "appointment.booked", appointment, client=client, changes=changes)
    return appointment


def _check_open(client: Client) -> None:
    if client.archived_at or client.merged_into_id:
        raise Refused(_("This client's record is closed. Open the current one."), code="client-archived")


def rooms_for(service: Service, location: Location) -> list[Room]:
    """The location's rooms that have what the service needs. Raises Refused without one."""
    rooms = [room for room in location.rooms.active().select_related("location") if fits(room, service)]
    if not rooms:
        raise Refused(
            _("No room at %(location)s has what %(service)s needs.") % {"location": location, "service": service},
            code="no-room",
        )
    return rooms


def first_free(wishes: list[Wish]) -> Wish:
    """The first wish nothing stands in the way of; the rows are locked already. Raises Conflict for the first."""
    for wish in wishes:
        found = clashes.clashing(wish)
        if not found:
            return wish
        if any(each.therapist_id == wish.therapist.pk or each.client_id == wish.client.pk for each in found):
            break  # another room would not help
    raise clashes.conflict(wishes[0])


def place(appointment: Appointment, wish: Wish) -> None:
    """Save an appointment; the exclusion constraints have the last word. Raises Conflict."""
    try:
        with transaction.atomic():
            appointment.save(force_insert=appointment._state.adding)
    except IntegrityError as error:
        if sqlstate(error) != EXCLUSION_VIOLATION:
            raise
        raise clashes.conflict(wish) from error


def _insert(wish: Wish, location: Location, *, note: str, overlap_reason: str) -> Appointment:
    client = wish.client
    appointment = Appointment(
        client=client,
        service=wish.service,
        therapist=wish.therapist,
        room=wish.room,
        location=location,
        during=wish.during,
        occupies=wish.occupies,
        note=note,
        is_overlap_allowed=bool(overlap_reason),
        overlap_reason=overlap_reason,
        is_first_visit=not client.appointments.active().exists(),
        invitation=asking.ask_for_visit(
            client=client,
            service=wish.service,
            therapist=wish.therapist,
            location=location,
            during=(wish.starts_at, wish.ends_at),
            by=wish.by,
        ),
        booked_by=wish.by,
    )
    place(appointment, wish)
    client.locations.add(location)
    return appointment


def _answered(key: uuid.UUID | None, fingerprint: str) -> Appointment | None:
    known = BookingRequest.objects.filter(key=key).select_related("appointment").first() if key else None
    if known is None:
        return None
    if known.fingerprint != fingerprint:
        raise Refused(_("This form has booked something else already. Start a new booking."), code="key-reused")
    appointment: Appointment = known.appointment
    return appointment


def _remember(key: uuid.UUID | None, fingerprint: str, appointment: Appointment) -> None:
    if key:
        BookingRequest.objects.create(key=key, fingerprint=fingerprint, appointment=appointment)


def _fingerprint(
    client: Client, service: Service, therapist: User, room: Room | None, starts_at: dt.datetime, by: User
) -> str:
    parts = [client.pk, service.pk, therapist.pk, room.pk if room else "", starts_at.isoformat(), by.pk]
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()
