"""A time came free: it is kept, and offered to those on the waitlist whom it fits."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Self

from django.db import transaction
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from clinic.core import clock
from clinic.core.errors import Conflict, DomainError
from clinic.messaging.models import OutboundMessage
from clinic.people.models import Location, Room, User
from scheduling import waiting
from scheduling.availability import fits
from scheduling.models import Appointment, BookingRules, Service, SlotHold, WaitlistEntry, WaitlistOffer
from scheduling.rules import waitlist as rules
from scheduling.services.checks import check_offer
from scheduling.services.holds import held, hold_slot, release_hold
from scheduling.services.offer_rows import end_offers, open_offers, write_offer

State = WaitlistOffer.State
# A slot ends where the next thing begins, which keeping it finds out; no service is longer than this.
_LONGEST = dt.timedelta(hours=24)
_ANSWERED = [State.DECLINED, State.EXPIRED]


@dataclass(frozen=True, slots=True)
class Freed:
    """Where and when somebody could come now. `given_up_by` does not want it."""

    therapist: User
    room: Room
    location: Location
    starts_at: dt.datetime
    ends_at: dt.datetime
    given_up_by: uuid.UUID | None = None

    @classmethod
    def of(cls, visit: Appointment) -> Self:
        """The place of a visit, as it is before it is cancelled or moved."""
        return cls(visit.therapist, visit.room, visit.location, visit.starts_at, visit.occupies.upper, visit.client_id)

    @classmethod
    def held(cls, hold: SlotHold) -> Self:
        """A slot whose offers came to nothing."""
        return cls(hold.therapist, hold.room, hold.location, hold.during.lower, hold.occupies.upper)


class _Unreachable(Exception):
    """No mail can go to any of them."""


def slot_came_free(freed: Freed) -> list[WaitlistOffer]:
    """Offer it as the practice wishes, in the transaction that freed it; never in its way.

    Rows only: the mails wait in the outbox until nobody can take the change back. The therapist and the room are
    locked by the caller.
    """
    booking_rules = BookingRules.current()
    if not booking_rules.is_waitlist_automatic or freed.starts_at <= clock.now():
        return []
    return _offer(freed, booking_rules)


def pass_on(hold: SlotHold) -> None:
    """When nobody is left to answer: let the slot go, or offer it to whoever comes next. The slot is locked."""
    if open_offers(hold):
        return
    release_hold(hold=hold)
    booking_rules = BookingRules.current()
    is_in_turn = booking_rules.waitlist_mode == BookingRules.WaitlistMode.ONE_BY_ONE
    if booking_rules.is_waitlist_automatic and is_in_turn and hold.during.lower > clock.now():
        _offer(Freed.held(hold), booking_rules)


def take_back(freed: Freed, *, by: User) -> None:
    """The time is wanted back: end what nobody has been told of. Raises Conflict once somebody has, or books online.

    The therapist and the room are locked by the caller.
    """
    whose = Q(therapist=freed.therapist) | Q(room=freed.room)
    kept = SlotHold.objects.live(clock.now()).occupying(freed.starts_at, freed.ends_at)
    for hold in kept.filter(whose).select_for_update(of=("self",), no_key=True):
        if hold.cause != SlotHold.Cause.WAITLIST:
            raise held()
        waiting_for = open_offers(hold)
        told = next((each for each in waiting_for if _is_told(each)), None)
        if told:
            until = date_format(localtime(told.expires_at, freed.location.zone), "H:i")
            words = _("That time is offered to %(name)s until %(time)s. Take the offer back first.")
            raise Conflict(words % {"name": told.entry.client.full_name, "time": until}, code="offered")
        end_offers(waiting_for, State.WITHDRAWN, actor=by)
        release_hold(hold=hold)


def _is_told(offer: WaitlistOffer) -> bool:
    """Offered by hand, so perhaps on the phone, or a mail has gone."""
    mails = OutboundMessage.objects.filter(about_id=offer.pk, state=OutboundMessage.State.SENT)
    return offer.offered_by_id is not None or mails.exists()


def _offer(freed: Freed, booking_rules: BookingRules) -> list[WaitlistOffer]:
    entries = _in_turn(freed)
    refused: set[uuid.UUID] = set()  # services that do not go there
    is_shared = booking_rules.waitlist_mode == BookingRules.WaitlistMode.ALL_AT_ONCE
    if is_shared:
        entries.sort(key=lambda each: -_occupied(each.service))
    for entry in entries:
        if entry.service_id in refused:
            continue
        group = _fellows(entry, entries, freed) if is_shared else [entry]
        try:
            with transaction.atomic():
                return _keep(freed, group, booking_rules, is_shared=is_shared)
        except DomainError:
            refused.add(entry.service_id)
        except _Unreachable:
            continue
    return []


def _keep(
    freed: Freed, group: list[WaitlistEntry], booking_rules: BookingRules, *, is_shared: bool
) -> list[WaitlistOffer]:
    """Hold the slot for the first of the group, and offer it to all. Raises DomainError, _Unreachable."""
    until = {each.pk: _until(each, freed, booking_rules, is_shared=is_shared) for each in group}
    hold = hold_slot(
        service=group[0].service,
        therapist=freed.therapist,
        room=_room(freed, group[0].service),
        starts_at=freed.starts_at,
        cause=SlotHold.Cause.WAITLIST,
        expires_at=max(until.values()),
    )
    rows = WaitlistEntry.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    there = rows.filter(pk__in=until, state=WaitlistEntry.State.WAITING).select_related("client", "service")
    offers = []
    for entry in there.order_by("pk"):
        try:
            with transaction.atomic():
                offer, is_mailed = write_offer(hold=hold, entry=entry, expires_at=until[entry.pk], by=None)
                if not is_mailed:
                    raise _Unreachable
        except _Unreachable:
            continue
        offers.append(offer)
    if not offers:
        raise _Unreachable
    return offers


def _in_turn(freed: Freed) -> list[WaitlistEntry]:
    """Whom it fits, without those who said no to this very slot, or gave it up."""
    now, zone = clock.now(), freed.location.zone
    gap = rules.Gap(freed.starts_at, freed.starts_at + _LONGEST, freed.therapist.pk, freed.location.pk, zone)
    asked = WaitlistOffer.objects.filter(
        state__in=_ANSWERED, hold__therapist=freed.therapist, hold__during__startswith=freed.starts_at
    )
    cancelled = Appointment.objects.filter(
        therapist=freed.therapist, during__startswith=freed.starts_at, status__in=["cancelled", "late-cancelled"]
    )
    out = {*cancelled.values_list("client", flat=True), freed.given_up_by}
    entries = waiting.fitting(gap, among=WaitlistEntry.objects.exclude(pk__in=asked.values("entry")), now=now)
    return [each for each in entries if each.client_id not in out]


def _fellows(first: WaitlistEntry, entries: list[WaitlistEntry], freed: Freed) -> list[WaitlistEntry]:
    """Those whose visit lies within the first one's, in the same room."""
    room = _room(freed, first.service)
    return [
        each
        for each in entries
        if _occupied(each.service) <= _occupied(first.service) and _is_offered(each.service, freed.therapist, room)
    ]


def _is_offered(service: Service, therapist: User, room: Room) -> bool:
    try:
        check_offer(service, therapist, room)
    except DomainError:
        return False
    return True


def _occupied(service: Service) -> int:
    return service.duration_minutes + service.buffer_minutes


def _room(freed: Freed, service: Service) -> Room:
    """The room that came free; another that has what the service needs when it has not."""
    if fits(freed.room, service):
        return freed.room
    others = freed.location.rooms.active().select_related("location")
    return next((each for each in others if fits(each, service)), freed.room)


def _until(entry: WaitlistEntry, freed: Freed, booking_rules: BookingRules, *, is_shared: bool) -> dt.datetime:
    return rules.answer_until(
        now=clock.now(),
        starts_at=freed.starts_at,
        notice=dt.timedelta(minutes=entry.notice_minutes),
        hold=dt.timedelta(minutes=booking_rules.waitlist_hold_minutes),
        is_shared=is_shared,
    )
