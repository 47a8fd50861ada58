"""Offering a free time by hand: whom it fits, to whom it is offered, what they said on the phone."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from clinic.audit import services as audit
from clinic.core import clock
from clinic.core.errors import Conflict, DomainError, Refused
from clinic.messaging.models import OutboundMessage
from clinic.people.access import access
from clinic.people.models import Room, User
from clinic.people.permissions import Permission, may
from clinic.ui.flash import undoable
from scheduling import waiting
from scheduling.models import WaitlistEntry, WaitlistOffer
from scheduling.rules.waitlist import Gap
from scheduling.services import offers
from scheduling.services.offer_rows import with_all
from scheduling.views.offers import read_slot
from scheduling.views.parsing import StaffRequest, asked, back_to, chosen, date_in, instant_in, place_in, places_of
from scheduling.waitlist_beside import beside
from scheduling.waitlist_words import wish_of


@access(Permission.VIEW_CALENDAR)
@require_GET
def panel(request: StaffRequest) -> HttpResponse:
    """Beside the day: gaps and whom they fit, what is offered, what came of it. Reloads by itself."""
    location = place_in(request, places_of(request.user))
    day = date_in(request, "date", clock.today(location.zone))
    shown = beside(location=location, day=day, user=request.user)
    if not request.headers.get("X-Background"):
        audit.record(request.user, "waitlist.listed", location, changes={"shown": shown["count"]})
    whole = urlencode({"date": day.isoformat(), "location": str(location.pk)})
    context = shown | {
        "location": location,
        "day": day,
        "here": f"{reverse('scheduling:waitlist-day')}?{whole}",
        "next": f"{reverse('scheduling:day')}?{whole}",
        "may_book": may(request.user, Permission.BOOK),
    }
    name = "_waitlist_beside" if request.headers.get("HX-Request") else "waitlist_day"
    return render(request, f"scheduling/{name}.html", context)


@access(Permission.BOOK)
@require_GET
def gap(request: StaffRequest) -> HttpResponse:
    """Who fits a free time, in turn."""
    therapist = chosen(User.objects.therapists().visible_to(request.user), request.GET.get("therapist", "") or "none")
    return _gap(request, therapist, instant_in(request.GET.get("at", "")))


@access(Permission.BOOK)
@require_POST
def offer(request: StaffRequest, pk: Any) -> HttpResponse:
    """One tap: the time is kept, and a mail is on its way. Undo is in the toast."""
    entry = get_object_or_404(WaitlistEntry.objects.visible_to(request.user).select_related("client", "service"), pk=pk)
    slot = read_slot(asked(request, "slot"))
    therapist = chosen(User.objects.therapists().visible_to(request.user), slot.therapist or "none")
    room = chosen(Room.objects.visible_to(request.user).select_related("location"), slot.room)
    try:
        room = offers.room_for(entry=entry, therapist=therapist, starts_at=slot.starts_at, room=room, by=request.user)
        made = offers.offer_slot(entry=entry, therapist=therapist, starts_at=slot.starts_at, room=room, by=request.user)
    except (Conflict, Refused) as refusal:
        return _gap(request, therapist, slot.starts_at, refusal)
    _say_offered(request, made)
    return _back(request)


def _gap(
    request: StaffRequest, therapist: User, starts_at: dt.datetime, refusal: Conflict | Refused | None = None
) -> HttpResponse:
    """Whom a time fits, and why it could not be offered."""
    location = place_in(request, places_of(request.user))
    longest = Gap(starts_at, starts_at + dt.timedelta(hours=8), therapist.pk, location.pk, location.zone)
    visible = WaitlistEntry.objects.visible_to(request.user)
    entries = waiting.fitting(longest, among=visible, now=clock.now())
    audit.record(request.user, "waitlist.listed", location, changes={"shown": len(entries)})
    context = {
        "location": location,
        "therapist": therapist,
        "starts_at": starts_at,
        "value": f"{starts_at.isoformat()}|{therapist.pk}|",
        "rows": [{"entry": each, "wish": wish_of(each)} for each in entries],
        "refusal": refusal,
    }
    return render(request, "scheduling/waitlist_gap.html", context, status=refusal.status if refusal else 200)


@access(Permission.BOOK)
@require_POST
def answer(request: StaffRequest, pk: Any, said: str) -> HttpResponse:
    """What the client said on the phone; or the offer is taken back."""
    offered = get_object_or_404(with_all(WaitlistOffer.objects.visible_to(request.user)), pk=pk)
    if said not in ANSWERS:
        raise Http404
    write, words = ANSWERS[said]
    try:
        write(offer=offered, by=request.user)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, str(words()) % {"name": offered.entry.client.full_name})
    return _back(request)


ANSWERS: dict[str, tuple[Callable[..., Any], Callable[[], str]]] = {
    "yes": (offers.accept_offer, lambda: _("%(name)s is booked.")),
    "no": (offers.decline_offer, lambda: _("%(name)s lets it pass and stays on the list.")),
    "back": (offers.withdraw_offer, lambda: _("The offer to %(name)s is taken back.")),
}


def _say_offered(request: StaffRequest, made: WaitlistOffer) -> None:
    zone = made.hold.location.zone
    until = date_format(localtime(made.expires_at, zone), _("D j M, H:i"))
    words = {"name": made.entry.client.full_name, "until": until}
    undo = reverse("scheduling:waitlist-answer", args=[made.pk, "back"])
    undoable(request, _("Offered to %(name)s, kept until %(until)s.") % words, undo)
    if not OutboundMessage.objects.filter(about_id=made.pk).exists():
        words["phone"] = made.entry.client.phone.as_national if made.entry.client.phone else ""
        messages.warning(request, _("No mail can go to %(name)s: ring %(phone)s.") % words)


def _back(request: StaffRequest) -> HttpResponse:
    """To the page it came from; the toast's Undo goes by script."""
    url = back_to(request, reverse("scheduling:waitlist"))
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return redirect(url)
