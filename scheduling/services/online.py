"""Bookings that people make by themselves, without an account."""

import datetime as dt
import secrets
import uuid
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clinic.audit.services import Actor
from clinic.core import clock, tokens
from clinic.core.errors import Conflict, Missing, Refused
from clinic.people.models import Client
from clinic.people.services.from_outside import add_client_from_outside, recognise
from scheduling import online
from scheduling.availability import Slot
from scheduling.models import Appointment, BookingRules, SlotHold
from scheduling.online import Wanted
from scheduling.services import online_limits as limits
from scheduling.services.booking import book
from scheduling.services.holds import hold_slot, release_hold
from scheduling.services.locks import lock, lock_name
from scheduling.services.transactions import retried

# Who has typed for a whole day begins anew.
TOKEN_LIVES = dt.timedelta(days=1)


class _Visitor:
    audit_id = None
    audit_display = "somebody online"


VISITOR: Actor = _Visitor()


@dataclass(frozen=True, slots=True)
class Person:
    """Who somebody says they are."""

    given_name: str
    family_name: str
    email: str
    phone: Any = ""
    born_on: dt.date | None = None


def new_token() -> str:
    """256 bits that say whose a hold is; only what they hash to is stored."""
    return secrets.token_urlsafe(32)


@retried
def hold_online(*, wanted: Wanted, starts_at: dt.datetime, token: str, instead: SlotHold | None = None) -> SlotHold:
    """Keep a time for whoever has `token`; `instead` of the one they had. With anyone: whoever of them is free.

    Raises Refused (closed, outside notice and horizon), Conflict (taken, held), TooMany.
    """
    if not wanted.rules.is_online_open:
        raise Refused(_("Online booking is closed at the moment. Please call us."), code="online-closed")
    address = limits.address_digest()
    lock_name(f"address {address}")
    if instead:
        release_hold(hold=instead)
    limits.check_address_may_hold(address)
    _check_when(wanted, starts_at)
    refusal = Conflict(_("That time has just been taken. Choose another one."), code="clash")
    tried: set[uuid.UUID] = set()
    while slot := online.slot_at(wanted, starts_at, without=tried):
        try:
            return _hold(slot, wanted, tokens.digest(token), address)
        except Conflict as error:
            refusal = error
            tried.add(slot.therapist.pk)
    raise refusal


def hold_of(token: str) -> SlotHold:
    """The hold a token belongs to, in whatever state it is. Raises Missing for one too old, or nobody's. 1 query."""
    people = ("service", "therapist__therapist_profile", "room__location", "location", "appointment__location")
    young = SlotHold.objects.filter(expires_at__gt=clock.now() - TOKEN_LIVES).select_related(*people)
    hold: SlotHold | None = young.filter(token_digest=tokens.digest(token)).first()
    if hold is None:
        raise Missing(_("This page is too old. Choose a time again."))
    return hold


@retried
def book_online(*, hold: SlotHold, person: Person, rules: BookingRules) -> Appointment:
    """Turn a hold into a visit. Sent twice: the same visit. A hold that ran out will do while its time is free.

    Whether the person is known here changes nothing that they get to see: see `recognise`. Where acting on it would
    (they are somewhere else at that time, or the service is for new clients only), the visit goes on a new record,
    which front desk sees as a possible duplicate. Raises Conflict (taken meanwhile), TooMany, Refused.
    """
    lock_name(f"hold {hold.pk}")
    hold = SlotHold.objects.select_related("service", "therapist", "room__location", "location", "appointment").get(
        pk=hold.pk
    )
    if hold.appointment:
        return hold.appointment
    address = limits.address_digest()
    lock_name(f"address {address}", f"mail {person.email.casefold()}")
    limits.check_address_may_book(address, rules)
    limits.check_mailbox_may_book(person.email, rules)
    is_live = hold.released_at is None and hold.expires_at > clock.now()
    wanted = Wanted(hold.service, hold.location, rules, therapist=hold.therapist)
    slot = None if is_live else online.slot_at(wanted, hold.during.lower)
    if not is_live and slot is None:
        raise Conflict(_("That time was kept for you for a while, and has been taken since."), code="clash")
    return book(
        client=_client_for(person, hold),
        service=hold.service,
        therapist=hold.therapist,
        room=slot.room if slot else hold.room,
        starts_at=hold.during.lower,
        actor=VISITOR,
        origin=Appointment.Origin.ONLINE,
        hold=hold,
    )


def _check_when(wanted: Wanted, starts_at: dt.datetime) -> None:
    """Raises Refused outside notice and horizon, in words of their own."""
    if starts_at <= clock.now():
        raise Refused(_("That time has passed. Choose another one."), code="in-the-past")
    if starts_at < wanted.earliest:
        raise Refused(_("That is too soon to be booked online. Choose a later time, or call us."), code="too-soon")
    if starts_at > wanted.latest:
        raise Refused(_("That is too far ahead to be booked online. Choose an earlier time."), code="too-far-ahead")


@transaction.atomic
def _hold(slot: Slot, wanted: Wanted, token_digest: str, address: str) -> SlotHold:
    lock(therapists=[slot.therapist], rooms=[slot.room], client=None)
    limits.check_therapist_has_room(slot)
    return hold_slot(
        service=wanted.service,
        therapist=slot.therapist,
        room=slot.room,
        starts_at=slot.starts_at,
        cause=SlotHold.Cause.ONLINE,
        expires_at=clock.now() + dt.timedelta(minutes=wanted.rules.hold_minutes),
        token_digest=token_digest,
        address_digest=address,
    )


def _client_for(person: Person, hold: SlotHold) -> Client:
    known = recognise(
        email=person.email,
        given_name=person.given_name,
        family_name=person.family_name,
        born_on=person.born_on,
    )
    if known and not hold.service.is_for_new_clients_only and not _is_elsewhere(known, hold):
        return known
    return add_client_from_outside(
        location=hold.location, actor=VISITOR, **asdict(person), language=get_language() or "en"
    )


def _is_elsewhere(client: Client, hold: SlotHold) -> bool:
    there: bool = client.appointments.active().overlapping(hold.during.lower, hold.during.upper).exists()
    return there
