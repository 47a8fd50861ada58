"""Books."""

import datetime as dt
import hashlib
import uuid
from typing import TypedDict, Unpack

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from clinic.audit import services as audit
from clinic.audit.services import Actor
from clinic.core.errors import Refused
from clinic.messaging.models import Purpose
from clinic.people.models import Client, Location, Room, User
from clinic.people.permissions import Permission, require
from scheduling.availability import fits
from scheduling.models import Appointment, BookingRequest, Series, Service, SlotHold
from scheduling.services import asking, checks, clashes, holds, mails
from scheduling.services.clashes import Wish
from scheduling.services.locks import lock
from scheduling.services.transactions import EXCLUSION_VIOLATION, retried, sqlstate


class Terms(TypedDict, total=False):
    """How a visit came to be. `hold` is one's own and is used up; `is_told=False`: the caller writes the mails."""

    origin: str
    series: Series | None
    series_on: dt.date | None
    hold: SlotHold | None
    is_told: bool


class Said(Terms, total=False):
    """The same, with what the desk wrote."""

    note: str


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
    **terms: Unpack[Terms],
) -> Appointment:
    """Book a visit; how long it takes is the service's to say. Without `room`: the first that fits.

    Raises Refused (not offered, not working, in the past), Missing (out of scope), Conflict (somebody is there already;
    names who, and what is free nearby). The same `request_key` answers with the appointment it booked before.
    """
    require(by, Permission.BOOK, client)
    require(by, Permission.OVERLAP if overlap_reason else Permission.BOOK)
    return book(
        client=client,
        service=service,
        therapist=therapist,
        starts_at=starts_at,
        actor=by,
        room=room,
        location=location,
        note=note,
        overlap_reason=overlap_reason,
        request_key=request_key,
        **terms,
    )


def book(
    *,
    client: Client,
    service: Service,
    therapist: User,
    starts_at: dt.datetime,
    actor: Actor,
    room: Room | None = None,
    location: Location | None = None,
    overlap_reason: str = "",
    request_key: uuid.UUID | None = None,
    **terms: Unpack[Said],
) -> Appointment:
    """Book for whoever was let in already: staff, a client by link, somebody online. Raises as `book_appointment` does.

    To be called in a transaction that is `retried`; takes the locks itself.
    """
    by = actor if isinstance(actor, User) else None
    check_open(client)
    place = room.location if room else location or checks.place_of(therapist, service, starts_at)
    checks.check_scope(by, place)
    checks.check_when(starts_at, place)
    rooms = [room] if room else rooms_for(service, place)
    lock(therapists=[therapist], rooms=rooms, client=client)
    fingerprint = _fingerprint(client, service, therapist, room, starts_at, by)
    if earlier := _answered(request_key, fingerprint):
        return earlier
    wishes = checks.open_rooms([Wish(client, service, therapist, each, starts_at, by) for each in rooms])
    wish, overlap_reason = chosen(wishes, overlap_reason, hold=terms.get("hold"))
    checks.check_wish(wish, place)
    appointment = _insert(wish, place, overlap_reason, terms)
    _remember(request_key, fingerprint, appointment)
    if terms.get("is_told", True):
        tell(appointment)
    changes = {"overlap": True} if overlap_reason else None
    audit.record(actor, "appointment.booked", appointment, client=client, changes=changes)
    return appointment


def tell(appointment: Appointment) -> None:
    """Write to the client that it is booked, and what is to be filled in before."""
    mails.tell(appointment, Purpose.BOOKING)
    asking.tell(appointment)


def check_open(client: Client) -> None:
    """Raises Refused for a record that is archived or was merged into another."""
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


def first_free(wishes: list[Wish], *, hold: SlotHold | None = None) -> Wish:
    """The first wish nothing stands in the way of; the rows are locked already. Raises Conflict for the first.

    `hold` is one's own: it keeps others out, not oneself.
    """
    is_held = False
    for wish in wishes:
        found = clashes.clashing(wish)
        if any(each.therapist_id == wish.therapist.pk or each.client_id == wish.client.pk for each in found):
            break  # another room would not help
        if not found:
            if not holds.standing_in_the_way(wish, own=hold).exists():
                return wish
            is_held = True
    raise holds.held(wishes[0]) if is_held else clashes.conflict(wishes[0])


def chosen(wishes: list[Wish], overlap_reason: str, *, hold: SlotHold | None = None) -> tuple[Wish, str]:
    """The wish to take, and the reason if it does stand beside something. Raises Conflict.

    Two at once is meant for the therapist or the client: a free room is taken before one that is not. What is held for
    somebody is not overlapped: they have been promised it.
    """
    if not overlap_reason:
        return first_free(wishes, hold=hold), ""
    wish = min(wishes, key=lambda wish: sum(each.room_id == wish.room.pk for each in clashes.clashing(wish)))
    if holds.standing_in_the_way(wish, own=hold).exists():
        raise holds.held(wish)
    return wish, overlap_reason if clashes.clashing(wish) else ""


def place(appointment: Appointment, wish: Wish) -> None:
    """Save an appointment; the exclusion constraints have the last word. Raises Conflict."""
    try:
        with transaction.atomic():
            appointment.save(force_insert=appointment._state.adding)
    except IntegrityError as error:
        if sqlstate(error) != EXCLUSION_VIOLATION:
            raise
        raise clashes.conflict(wish) from error


def _insert(wish: Wish, location: Location, overlap_reason: str, terms: Said) -> Appointment:
    client = wish.client
    appointment = Appointment(
        client=client,
        service=wish.service,
        therapist=wish.therapist,
        room=wish.room,
        location=location,
        during=wish.during,
        occupies=wish.occupies,
        note=terms.get("note", ""),
        origin=terms.get("origin", Appointment.Origin.DESK),
        series=terms.get("series"),
        series_on=terms.get("series_on"),
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
    if hold := terms.get("hold"):
        holds.consume(hold, appointment)
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
    client: Client, service: Service, therapist: User, room: Room | None, starts_at: dt.datetime, by: User | None
) -> str:
    parts = [client.pk, service.pk, therapist.pk, room.pk if room else "", starts_at.isoformat(), by.pk if by else ""]
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()
