"""A slot is offered to somebody on the waitlist: taken, passed on, or taken back. The first to confirm has it."""

import datetime as dt

from django.utils.translation import gettext as _

from clinic.audit.services import Actor
from clinic.core import clock
from clinic.core.errors import Conflict, Refused
from clinic.messaging.models import ClientLink
from clinic.people.models import Room, User
from clinic.people.permissions import Permission, require
from scheduling.models import Appointment, BookingRules, SlotHold, WaitlistEntry, WaitlistOffer
from scheduling.rules import waitlist as rules
from scheduling.rules.status import MOVABLE
from scheduling.services import cancelling, checks, clashes, freed
from scheduling.services.booking import book, first_free, rooms_for
from scheduling.services.clashes import Wish
from scheduling.services.holds import hold_slot, release_hold
from scheduling.services.locks import lock
from scheduling.services.offer_rows import end_offers, lock_entry, lock_offer, open_offers, with_all, write_offer
from scheduling.services.transactions import retried

State = WaitlistOffer.State


@retried
def offer_slot(
    *,
    entry: WaitlistEntry,
    therapist: User,
    starts_at: dt.datetime,
    room: Room,
    by: User,
) -> WaitlistOffer:
    """Offer a free time by hand, wished for or not; it is kept as long as an offer holds.

    Raises Refused (offered something already, too soon for them), Missing, and what booking raises.
    """
    require(by, Permission.BOOK, entry)
    checks.check_scope(by, room.location)
    lock(therapists=[therapist], rooms=[room], client=entry.client)
    entry = lock_entry(entry)
    _check_waiting(entry)
    until = _until(entry, starts_at)
    wish = Wish(entry.client, entry.service, therapist, room, starts_at, by)
    in_the_way = [each for each in clashes.clashing(wish) if each.pk != entry.replaces_id]
    if in_the_way:
        raise clashes.conflict(wish)
    hold = hold_slot(
        service=entry.service,
        therapist=therapist,
        room=room,
        starts_at=starts_at,
        cause=SlotHold.Cause.WAITLIST,
        expires_at=until,
    )
    return write_offer(hold=hold, entry=entry, expires_at=until, by=by)[0]


def room_for(*, entry: WaitlistEntry, therapist: User, starts_at: dt.datetime, room: Room | None, by: User) -> Room:
    """`room`, or the first that is free where the therapist works then. Raises Refused, Missing, Conflict."""
    if room:
        return room
    place = checks.place_of(therapist, entry.service, starts_at)
    checks.check_scope(by, place)
    rooms = rooms_for(entry.service, place)
    return first_free([Wish(entry.client, entry.service, therapist, each, starts_at, by) for each in rooms]).room


@retried
def accept_offer(*, offer: WaitlistOffer, by: User) -> Appointment:
    """The client said yes on the phone. Raises as `accept_by_link` does, and NotAllowed."""
    require(by, Permission.BOOK, offer.entry)
    return _accept(offer, actor=by)


@retried
def accept_by_link(*, link: ClientLink, offer: WaitlistOffer) -> Appointment:
    """The client takes it; taking it twice changes nothing.

    Raises Conflict `taken` when somebody was faster, `offer-ended` when it is no longer open, and Refused when it can
    no longer be booked.
    """
    return _accept(offer, actor=link)


@retried
def decline_offer(*, offer: WaitlistOffer, by: User) -> WaitlistOffer:
    """The client said no on the phone."""
    require(by, Permission.BOOK, offer.entry)
    return let_pass(offer, actor=by)


@retried
def decline_by_link(*, link: ClientLink, offer: WaitlistOffer) -> WaitlistOffer:
    """The client lets it pass and stays on the list. Saying so twice, or too late, changes nothing."""
    return let_pass(offer, actor=link)


@retried
def withdraw_offer(*, offer: WaitlistOffer, by: User) -> WaitlistOffer:
    """Take an offer back; the slot is free again and not passed on. Raises Conflict when it was answered."""
    require(by, Permission.BOOK, offer.entry)
    offer = lock_offer(offer)
    if offer.state == State.WITHDRAWN:
        return offer
    if offer.state != State.OPEN:
        raise Conflict(_("This offer has been answered already."), code="offer-ended")
    end_offers([offer], State.WITHDRAWN, actor=by)
    if not open_offers(offer.hold):
        release_hold(hold=offer.hold)
    return offer


def expire_offers() -> int:
    """End what nobody answered in time, and offer it to the next. Returns how many ended. Idempotent."""
    due = WaitlistOffer.objects.filter(state=State.OPEN, expires_at__lte=clock.now()).order_by("expires_at")
    return sum(_expire(each) for each in list(with_all(due)))


def let_pass(offer: WaitlistOffer, *, actor: Actor) -> WaitlistOffer:
    """No from whoever was asked; the next one's turn. To be called in a transaction that is `retried`."""
    offer = lock_offer(offer)
    if offer.state == State.OPEN:
        end_offers([offer], State.DECLINED, actor=actor)
        freed.pass_on(offer.hold)
    return offer


@retried
def _expire(offer: WaitlistOffer) -> bool:
    offer = lock_offer(offer)
    if offer.state != State.OPEN or offer.expires_at > clock.now():
        return False
    end_offers([offer], State.EXPIRED, actor=None)
    freed.pass_on(offer.hold)
    return True


def _accept(offer: WaitlistOffer, *, actor: Actor) -> Appointment:
    offer = lock_offer(offer, with_visit=offer.entry.replaces)
    entry, hold = offer.entry, offer.hold
    if offer.state == State.ACCEPTED and entry.appointment:
        return entry.appointment
    _check_answerable(offer)
    visit = entry.replaces
    is_ahead = visit is not None and visit.status in MOVABLE and visit.starts_at > clock.now()
    earlier = cancelling.give_up(visit, actor=actor) if visit and is_ahead else None
    appointment = book(
        client=entry.client,
        service=entry.service,
        therapist=hold.therapist,
        room=hold.room,
        starts_at=hold.during.lower,
        actor=actor,
        hold=hold,
        origin=Appointment.Origin.WAITLIST,
    )
    entry.state, entry.appointment, entry.ended_at = WaitlistEntry.State.BOOKED, appointment, clock.now()
    entry.save(update_fields=["state", "appointment", "ended_at", "updated_at"])
    end_offers([offer], State.ACCEPTED, actor=actor)
    end_offers(open_offers(hold), State.GONE, actor=None)
    if earlier:
        freed.slot_came_free(freed.Freed.of(earlier))
    return appointment


def _check_answerable(offer: WaitlistOffer) -> None:
    """Raises Conflict unless it is open, and its slot still kept."""
    if offer.state == State.GONE:
        raise Conflict(_("Somebody was faster. You stay on the list."), code="taken")
    is_kept = offer.hold.released_at is None and offer.expires_at > clock.now()
    if offer.state != State.OPEN or not is_kept:
        raise Conflict(_("This time is no longer kept. You stay on the list."), code="offer-ended")


def _check_waiting(entry: WaitlistEntry) -> None:
    if entry.state == WaitlistEntry.State.OFFERED:
        words = _("%(name)s is offered a time already. Take that offer back first.")
        raise Refused(words % {"name": entry.client.full_name}, code="offered-already")
    if entry.state != WaitlistEntry.State.WAITING:
        raise Refused(_("This entry is closed. Add a new one."), code="entry-closed")


def _until(entry: WaitlistEntry, starts_at: dt.datetime) -> dt.datetime:
    """Raises Refused when there is no time left for an answer."""
    now, notice = clock.now(), dt.timedelta(minutes=entry.notice_minutes)
    if rules.latest_answer(starts_at, notice) - now < rules.LEAST_TIME:
        words = _("%(name)s needs %(minutes)s minutes to get here, so a mail would come too late. Ring, and book.")
        values = {"name": entry.client.full_name, "minutes": entry.notice_minutes}
        raise Refused(words % values, code="too-late-to-offer")
    hold = dt.timedelta(minutes=BookingRules.current().waitlist_hold_minutes)
    return rules.answer_until(now=now, starts_at=starts_at, notice=notice, hold=hold, is_shared=False)
