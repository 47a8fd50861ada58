"""The rows of an offer: locked in one order, written with their mail, ended."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import QuerySet

from clinic.audit import services as audit
from clinic.audit.services import Actor
from clinic.core import clock
from clinic.messaging import links
from clinic.messaging.models import Purpose
from clinic.messaging.services import enqueue, void
from clinic.people.models import Client, User
from scheduling.models import Appointment, SlotHold, WaitlistEntry, WaitlistOffer
from scheduling.services.locks import lock
from scheduling.services.mails import LINK_LIVES_AFTER, UNDO_TIME

State = WaitlistOffer.State
_ACTIONS = {
    State.ACCEPTED: "waitlist.accepted",
    State.DECLINED: "waitlist.declined",
    State.EXPIRED: "waitlist.expired",
    State.GONE: "waitlist.gone",
    State.WITHDRAWN: "waitlist.offer-withdrawn",
}


def lock_client(client: Client) -> None:
    """One change to what a client waits for at a time."""
    lock(therapists=[], rooms=[], client=client)


def lock_entry(entry: WaitlistEntry) -> WaitlistEntry:
    """The entry as it is now, held until the transaction ends."""
    rows = WaitlistEntry.objects.select_for_update(of=("self",), no_key=True)
    held: WaitlistEntry = rows.select_related("client", "service", "replaces").get(pk=entry.pk)
    return held


def lock_offer(offer: WaitlistOffer, *, with_visit: Appointment | None = None) -> WaitlistOffer:
    """The offer as it is now, held with its whole slot.

    Therapist, room and client first, as booking does (those of `with_visit` along with them); then the hold, all of its
    offers and their entries, each by id.
    """
    hold, more = offer.hold, [with_visit] if with_visit else []
    lock(
        therapists=[hold.therapist, *(each.therapist for each in more)],
        rooms=[hold.room, *(each.room for each in more)],
        client=offer.entry.client,
    )
    list(SlotHold.objects.select_for_update(of=("self",), no_key=True).filter(pk=hold.pk))
    list(WaitlistOffer.objects.select_for_update(of=("self",), no_key=True).filter(hold=hold).order_by("pk"))
    entries = WaitlistEntry.objects.filter(pk__in=WaitlistOffer.objects.filter(hold=hold).values("entry"))
    list(entries.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk"))
    fresh: WaitlistOffer = with_all(WaitlistOffer.objects.filter(pk=offer.pk)).get()
    return fresh


def with_all(offers: QuerySet[WaitlistOffer]) -> QuerySet[WaitlistOffer]:
    """With client, service and slot, in one query."""
    return offers.select_related(
        *("entry__client", "entry__service", "entry__appointment", "link"),
        *("entry__replaces__therapist", "entry__replaces__room", "entry__replaces__location"),
        *("entry__replaces__service", "entry__replaces__client"),
        *("hold__therapist__therapist_profile", "hold__room__location", "hold__location", "hold__service"),
    )


def write_offer(
    *, hold: SlotHold, entry: WaitlistEntry, expires_at: dt.datetime, by: User | None
) -> tuple[WaitlistOffer, bool]:
    """One offer of a held slot, its link, and the mail, which waits until nobody can take it back. The entry is locked.

    Returns whether a mail will go: somebody without an address has to be rung.
    """
    offer = WaitlistOffer(entry=entry, hold=hold, expires_at=expires_at, offered_at=clock.now(), offered_by=by)
    starts_at: dt.datetime = hold.during.lower
    offer.link = links.issue(
        client=entry.client, purpose="waitlist", object_id=offer.pk, expires_at=starts_at + LINK_LIVES_AFTER
    )
    offer.save(force_insert=True)
    entry.state = WaitlistEntry.State.OFFERED
    entry.save(update_fields=["state", "updated_at"])
    mail = enqueue(
        purpose=Purpose.WAITLIST_OFFER,
        dedupe_key=f"{Purpose.WAITLIST_OFFER}:{offer.pk}",
        client=entry.client,
        location=hold.location,
        due_at=clock.now() + UNDO_TIME,
        link=offer.link,
        about_id=offer.pk,
        about_at=starts_at,
        expires_at=expires_at,
    )
    audit.record(by, "waitlist.offered", offer, client=entry.client)
    return offer, mail is not None


def end_offers(offers: Iterable[WaitlistOffer], state: State, *, actor: Actor | None) -> None:
    """Close offers that are open and locked: nothing more is sent about them, and who was asked waits again."""
    now = clock.now()
    for offer in offers:
        offer.state, offer.answered_at = state, now
        offer.save(update_fields=["state", "answered_at", "updated_at"])
        void(about_id=offer.pk)
        if state != State.ACCEPTED:
            WaitlistEntry.objects.filter(pk=offer.entry_id, state=WaitlistEntry.State.OFFERED).update(
                state=WaitlistEntry.State.WAITING, updated_at=now
            )
        audit.record(actor, _ACTIONS[state], offer, client=offer.entry.client)


def open_offers(hold: SlotHold) -> list[WaitlistOffer]:
    """Offers of a slot that nobody has answered yet."""
    rows = WaitlistOffer.objects.filter(hold=hold, state=State.OPEN).select_related("entry__client")
    return list(rows.order_by("pk"))
