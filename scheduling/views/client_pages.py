"""The client's own page of one appointment, by a secret link. Reading changes nothing: mail scanners read too."""

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from clinic.core import clock
from clinic.core.errors import Missing
from clinic.messaging import links
from clinic.messaging.models import ClientLink
from clinic.people.access import public
from clinic.people.models import Practice
from scheduling import calendar_file, services
from scheduling.models import Appointment, BookingRules
from scheduling.rules import status as rules
from scheduling.services.moving_by_link import check_movable
from scheduling.views.by_link import REASON, private


@public(REASON)
@private
@require_GET
def show(request: HttpRequest, token: str) -> HttpResponse:
    """Time with zone, place, practitioner; what the client can still do."""
    _link, appointment = resolve(token)
    practice = Practice.objects.first()
    notice = appointment.service.cancellation_notice(practice)
    now, booking = clock.now(), BookingRules.current()
    context = {
        "appointment": appointment,
        "token": token,
        "practice": practice,
        "is_ahead": appointment.starts_at > now,
        "may_confirm": appointment.status in ("held", "booked") and appointment.starts_at > now,
        "may_cancel": appointment.status in rules.CANCELLABLE and appointment.starts_at > now,
        "is_free": rules.is_free_to_cancel(appointment.starts_at, now, notice),
        "free_until": rules.free_until(appointment.starts_at, notice),
        "form_path": form_path(appointment),
        "may_move": check_movable(appointment, booking) is None,
        "may_book_again": booking.is_online_open,
        "others": others_of_series(appointment, now),
    }
    return render(request, "scheduling/client_page.html", context)


@public(REASON)
@private
@require_GET
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """The appointment for a calendar app."""
    _link, appointment = resolve(token)
    body = calendar_file.render_all([appointment], practice=Practice.objects.first())
    return HttpResponse(
        body,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="appointment.ics"'},
    )


@public(REASON)
@private
@require_POST
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The client says they will come."""
    link, appointment = resolve(token)
    services.confirm_by_link(link=link, appointment=appointment)
    return redirect("scheduling:client-page", token=token)


@public(REASON)
@private
@require_POST
def cancel(request: HttpRequest, token: str) -> HttpResponse:
    """The client cancels, having read what that costs."""
    link, appointment = resolve(token)
    services.cancel_by_link(link=link, appointment=appointment)
    return redirect("scheduling:client-page", token=token)


def resolve(token: str) -> tuple[ClientLink, Appointment]:
    """The link and its visit. Raises Missing, alike for whatever is wrong with it."""
    link = links.resolve(token, purpose="appointment")
    appointment = (
        Appointment.objects.with_people()
        .select_related("invitation__link")
        .filter(pk=link.object_id, client=link.client)
        .first()
    )
    if appointment is None:
        raise Missing(_("This link does not work any more. Please ask the clinic for a new one."))
    return link, appointment


def others_of_series(appointment: Appointment, now: dt.datetime) -> list[Appointment]:
    """The visits to come of the same series; each has a mail and a link of its own. 1 query, none without a series."""
    if appointment.series_id is None:
        return []
    ahead = Appointment.objects.active().filter(series=appointment.series_id, during__startswith__gt=now)
    return list(ahead.exclude(pk=appointment.pk).select_related("location").order_by("during"))


def form_path(appointment: Appointment) -> str:
    """The address of the form that is still to be filled in; empty when there is none."""
    invitation = appointment.invitation
    if not invitation or not invitation.link or not appointment.is_active or invitation.state == "done":
        return ""
    link = invitation.link
    if link.revoked_at or link.expires_at <= clock.now():
        return ""
    return links.path_of(link)
