"""A free time as the client is offered it, by a secret link. Reading changes nothing: mail scanners read too."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from clinic.core import clock
from clinic.core.errors import Conflict, Missing, Refused
from clinic.messaging import links
from clinic.messaging.models import ClientLink
from clinic.people.access import public
from clinic.people.models import Practice
from scheduling.models import BookingRules, WaitlistEntry, WaitlistOffer
from scheduling.rules import status as rules
from scheduling.services import offers
from scheduling.services.offer_rows import with_all
from scheduling.services.waitlist import OPEN, leave_by_link
from scheduling.views.by_link import REASON, private

State = WaitlistOffer.State


@public(REASON)
@private
@require_GET
def show(request: HttpRequest, token: str) -> HttpResponse:
    """What, when, where, until when it is kept; what became of it afterwards."""
    link, offer = _resolve(token)
    return render(request, "scheduling/waitlist_link.html", _context(link, offer, token))


@public(REASON)
@private
@require_POST
def take(request: HttpRequest, token: str) -> HttpResponse:
    """The first to confirm has it; the others stay on the list."""
    return _answer(request, token, offers.accept_by_link)


@public(REASON)
@private
@require_POST
def let_pass(request: HttpRequest, token: str) -> HttpResponse:
    """Not this one: somebody else is asked."""
    return _answer(request, token, offers.decline_by_link)


@public(REASON)
@private
@require_POST
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """No more of these."""
    return _answer(request, token, leave_by_link)


def _answer(request: HttpRequest, token: str, write: Callable[..., Any]) -> HttpResponse:
    """Back to the page; a refusal is said on it, with what can be done still."""
    link, offer = _resolve(token)
    try:
        write(link=link, offer=offer)
    except (Conflict, Refused) as refusal:
        link, offer = _resolve(token)
        context = _context(link, offer, token) | {"refusal": refusal}
        return render(request, "scheduling/waitlist_link.html", context, status=refusal.status)
    return redirect("scheduling:waitlist-link", token=token)


def _resolve(token: str) -> tuple[ClientLink, WaitlistOffer]:
    link = links.resolve(token, purpose="waitlist")
    offer = with_all(WaitlistOffer.objects.filter(pk=link.object_id, entry__client=link.client)).first()
    if offer is None:
        raise Missing(_("This link does not work any more. Please ask the clinic for a new one."))
    return link, offer


def _context(link: ClientLink, offer: WaitlistOffer, token: str) -> dict[str, Any]:
    now, practice = clock.now(), Practice.objects.first()
    entry, hold = offer.entry, offer.hold
    starts_at, zone = hold.during.lower, hold.location.zone
    is_kept = offer.state == State.OPEN and hold.released_at is None and offer.expires_at > now
    replaced = entry.replaces
    notice = entry.service.cancellation_notice(practice)
    return {
        "offer": offer,
        "entry": entry,
        "location": hold.location,
        "starts_at": starts_at,
        "ends_at": starts_at + dt.timedelta(minutes=entry.service.duration_minutes),
        "is_other_day": offer.expires_at.astimezone(zone).date() != clock.today(zone),
        "token": token,
        "practice": practice,
        "state": "open" if is_kept else "expired" if offer.state == State.OPEN else offer.state,
        "is_shared": BookingRules.current().waitlist_mode == BookingRules.WaitlistMode.ALL_AT_ONCE,
        "is_waiting": entry.state in OPEN,
        "has_left": entry.state == WaitlistEntry.State.WITHDRAWN,
        "replaced": replaced if replaced and replaced.status in rules.MOVABLE and replaced.starts_at > now else None,
        "free_until": rules.free_until(starts_at, notice),
        "is_free": rules.is_free_to_cancel(starts_at, now, notice),
        "visit_path": _visit_path(offer),
    }


def _visit_path(offer: WaitlistOffer) -> str:
    """The page of the visit it became; empty until then."""
    visit = offer.entry.appointment if offer.state == State.ACCEPTED else None
    if visit is None:
        return ""
    live = ClientLink.objects.filter(purpose="appointment", object_id=visit.pk, revoked_at=None)
    link = live.filter(expires_at__gt=clock.now()).order_by("created_at").last()
    return links.path_of(link) if link else ""
