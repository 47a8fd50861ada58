"""/book/: service, therapist, time, details. Public, without a session or a cookie, without JavaScript too."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from clinic.core.errors import DomainError, Missing
from clinic.people.access import public
from scheduling import online
from scheduling.models import BookingRules, SlotHold
from scheduling.online import Wanted
from scheduling.services.online import hold_of, hold_online, new_token
from scheduling.views import online_times as times_of
from scheduling.views.online_access import REASON, booking_page, check_signed_form, closed, show, signed_form
from scheduling.views.online_steps import Way, date_in_address, month_in, service_in, url, wanted_in, way_of
from scheduling.views.parsing import asked, instant_in


@public(REASON)
@booking_page
@require_GET
def start(request: HttpRequest, *, rules: BookingRules) -> HttpResponse:
    """Where, if there is more than one place; then what."""
    way = way_of(request)
    if not rules.is_online_open or not way.places:
        return closed(request)
    if way.location is None:
        return show(request, "places", way.step(0) | {"places": way.places})
    context = {"location": way.location, "services": online.services_at(way.location), "back": way.back_to_places}
    return show(request, "services", way.step(1) | context)


@public(REASON)
@booking_page
@require_GET
def therapists(request: HttpRequest, pk: Any, *, rules: BookingRules) -> HttpResponse:
    """With whom, or anyone; asked only where there is a choice."""
    if not rules.is_online_open:
        return closed(request)
    way = way_of(request)
    service, location = service_in(way, pk)
    offering = online.therapists_for(service, location)
    if len(offering) == 1:
        return redirect(url("book-online-times", pk, location=location, therapist=offering[0]))
    context = {
        "service": service,
        "location": location,
        "therapists": [(each, url("book-online-times", pk, location=location, therapist=each)) for each in offering],
        "anyone_url": url("book-online-times", pk, location=location),
        "back": way.back_to_services,
    }
    return show(request, "therapists", way.step(2) | context)


@public(REASON)
@booking_page
@require_http_methods(["GET", "POST"])
def times(request: HttpRequest, pk: Any, *, rules: BookingRules) -> HttpResponse:
    """When; a time that is pressed is kept, and the details are asked for."""
    if not rules.is_online_open:
        return closed(request)
    way = way_of(request)
    wanted = wanted_in(request, way, pk, rules)
    if request.method != "POST":
        return _times(request, way, wanted)
    try:
        check_signed_form(request)
        token = new_token()
        starts_at = instant_in(request.POST.get("at", ""))
        hold_online(wanted=wanted, starts_at=starts_at, token=token, instead=_held_before(request))
    except DomainError as refusal:
        return _times(request, way, wanted, refusal=refusal)
    return redirect("scheduling:book-online-held", token=token)


def _held_before(request: HttpRequest) -> SlotHold | None:
    """What was chosen first, when somebody comes back for another time."""
    token = asked(request, "held")
    try:
        return hold_of(token) if token else None
    except Missing:
        return None


def _times(request: HttpRequest, way: Way, wanted: Wanted, *, refusal: DomainError | None = None) -> HttpResponse:
    held = asked(request, "held")[:64]
    here: dict[str, Any] = {"location": wanted.location, "therapist": wanted.therapist, "held": held}
    address = partial(url, "book-online-times", wanted.service.pk, **here)
    has_choice = len(online.therapists_for(wanted.service, wanted.location)) > 1
    therapist_url = url("book-online-therapists", wanted.service.pk, location=wanted.location)
    context: dict[str, Any] = {
        "wanted": wanted,
        "held": held,
        "refusal": refusal,
        "form_token": signed_form(),
        "service_url": way.back_to_services,
        "therapist_url": therapist_url,
        "has_choice": has_choice,
        "address": address(),
        "back": therapist_url if has_choice else way.back_to_services,
    }
    month = None if refusal else month_in(request)
    if month:
        context |= times_of.month_shown(wanted, address, month)
    else:
        context |= times_of.days_shown(
            wanted, address, since=date_in_address(request, "from"), day=date_in_address(request, "day")
        )
    return show(request, "times", way.step(3) | context, status=refusal.status if refusal else 200)
