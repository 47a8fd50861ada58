"""/book/held/ and /book/done/: who comes, what it costs to cancel, and what was booked."""

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from clinic.core import clock
from clinic.core.errors import Conflict, DomainError, Missing
from clinic.messaging import links
from clinic.people.access import public
from clinic.people.models import Practice
from scheduling import calendar_file, online
from scheduling.forms.online import PersonForm
from scheduling.models import Appointment, BookingRules, SlotHold
from scheduling.online import Wanted
from scheduling.rules.status import free_until
from scheduling.services import mails
from scheduling.services.online import book_online, hold_of, hold_online, new_token
from scheduling.views.client_pages import form_path
from scheduling.views.online_access import REASON, booking_page, show
from scheduling.views.online_steps import Way, url
from scheduling.views.online_times import value
from scheduling.views.parsing import instant_in

DONE_SHOWN = dt.timedelta(hours=1)


@public(REASON)
@booking_page
@require_http_methods(["GET", "POST"])
def held(request: HttpRequest, token: str, *, rules: BookingRules) -> HttpResponse:
    """The time is kept while somebody types; with the policy, and one button."""
    hold = hold_of(token)
    if hold.appointment_id:
        return redirect("scheduling:book-online-done", token=token)
    form = PersonForm(request.POST or None)
    if request.method != "POST":
        return _details(request, token, hold, form, rules)
    if request.POST.get("at"):
        return _another_time(request, token, hold, form, rules)
    if not form.is_valid():
        return _details(request, token, hold, form, rules, status=422)
    try:
        book_online(hold=hold, person=form.person, rules=rules)
    except DomainError as refusal:
        return _details(request, token, hold, form, rules, refusal=refusal)
    return redirect("scheduling:book-online-done", token=token)


@public(REASON)
@booking_page
@require_GET
def done(request: HttpRequest, token: str, *, rules: BookingRules) -> HttpResponse:
    """What was booked. Alike for known and unknown people: what depends on who they are is in the mail only."""
    appointment = _booked(token)
    practice = Practice.objects.first()
    context: dict[str, Any] = {
        "appointment": appointment,
        "token": token,
        "practice": practice,
        "free_until": free_until(appointment.starts_at, appointment.service.cancellation_notice(practice)),
        "again_url": url("book-online"),
    }
    if appointment.service.is_for_new_clients_only:  # then everybody is somebody new, and what is due is due to all
        own = mails.own_link(appointment)
        context |= {"form_url": form_path(appointment), "own_url": links.path_of(own) if own else ""}
    return show(request, "done", context)


@public(REASON)
@booking_page
@require_GET
def done_calendar(request: HttpRequest, token: str, *, rules: BookingRules) -> HttpResponse:
    """The visit for a calendar app."""
    body = calendar_file.render_all([_booked(token)], practice=Practice.objects.first())
    return HttpResponse(
        body,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="appointment.ics"'},
    )


def _booked(token: str) -> Appointment:
    """Shown for an hour; then it is the mail's link that counts. Raises Missing."""
    hold = hold_of(token)
    visits = Appointment.objects.with_people().select_related("invitation__link")
    booked: Appointment | None = visits.filter(pk=hold.appointment_id).first()
    if booked is None or booked.created_at < clock.now() - DONE_SHOWN:
        raise Missing(_("This page is not shown any more. The link in our mail leads to your visit."))
    return booked


def _another_time(
    request: HttpRequest, token: str, hold: SlotHold, form: PersonForm, rules: BookingRules
) -> HttpResponse:
    """The first time is gone: keep one of those nearby, with everything that was typed."""
    again = new_token()
    try:
        starts_at = instant_in(request.POST["at"])
        hold = hold_online(wanted=_wanted(hold, rules), starts_at=starts_at, token=again, instead=hold)
    except DomainError as refusal:
        return _details(request, token, hold, form, rules, refusal=refusal)
    typed = PersonForm(initial={name: request.POST.get(name, "") for name in form.fields})
    return _details(request, again, hold, typed, rules)


def _details(
    request: HttpRequest,
    token: str,
    hold: SlotHold,
    form: PersonForm,
    rules: BookingRules,
    *,
    refusal: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    practice, now = Practice.objects.first(), clock.now()
    starts_at = hold.during.lower
    is_gone = isinstance(refusal, Conflict)
    wanted = _wanted(hold, rules)
    context: dict[str, Any] = {
        "hold": hold,
        "token": token,
        "form": form,
        "refusal": refusal,
        "is_gone": is_gone,
        "near": [value(slot) for slot in online.nearest(wanted, starts_at)] if is_gone else [],
        "practice": practice,
        "seconds_left": max(0, int((hold.expires_at - now).total_seconds())) if hold.released_at is None else 0,
        "free_until": free_until(starts_at, hold.service.cancellation_notice(practice)),
        "is_free_still": now < free_until(starts_at, hold.service.cancellation_notice(practice)),
        "back": url("book-online-times", hold.service.pk, location=hold.location, therapist=hold.therapist, held=token),
    }
    way = Way(online.places(), hold.location)
    return show(request, "details", way.step(4) | context, status=refusal.status if refusal else status)


def _wanted(hold: SlotHold, rules: BookingRules) -> Wanted:
    return Wanted(hold.service, hold.location, rules, therapist=hold.therapist)
