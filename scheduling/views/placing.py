"""Where a card is dropped: moved or stretched by the calendar, and what is said when that cannot be."""

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from clinic.core.errors import DomainError, Refused
from clinic.core.numbers import whole
from clinic.people.access import access
from clinic.people.models import Location, Room, User
from clinic.people.permissions import Permission, may
from scheduling import services
from scheduling.models import Appointment
from scheduling.rules.status import STRETCHABLE
from scheduling.services import clashes
from scheduling.services.clashes import Wish
from scheduling.services.mails import UNDO_TIME
from scheduling.views.answers import done
from scheduling.views.parsing import StaffRequest, chosen, overlap_reason_in, time_in, version_in

NOT_THERE = frozenset({"not-working", "time-off", "break", "holiday", "busy-elsewhere", "daily-limit", "room-closed"})
# What the overlap form sends again, with a reason.
SENT = ("at", "until", "location", "therapist", "room", "version", "next")


@access(Permission.BOOK)
@require_POST
def place(request: StaffRequest, pk: Any) -> HttpResponse:
    """Put a visit where its card was dropped: `at` moves it, `until` changes its length; wall time of the location."""
    appointment: Appointment = get_object_or_404(Appointment.objects.visible_to(request.user).with_people(), pk=pk)
    try:
        placed = _stretch(request, appointment) if request.POST.get("until") else _move(request, appointment)
    except DomainError as refusal:
        if refusal.status in (403, 404):
            raise
        return _refused(request, appointment, refusal)
    return done(request, placed, _told(placed))


@access(Permission.BOOK)
@require_http_methods(["GET", "POST"])
def stretch(request: StaffRequest, pk: Any) -> HttpResponse:
    """How long a visit lasts, as a form."""
    appointment: Appointment = get_object_or_404(Appointment.objects.visible_to(request.user).with_people(), pk=pk)
    if appointment.status not in STRETCHABLE:
        raise Refused(_("The length of a visit that is over stays as it is."), code="not-stretchable")
    context: dict[str, Any] = {"appointment": appointment, "minutes": request.POST.get("minutes")}
    if request.method == "POST":
        try:
            placed = _stretch_by(request, appointment)
        except DomainError as refusal:
            if refusal.status in (403, 404):
                raise
            return render(request, "scheduling/stretch.html", context | _why(request, refusal), status=refusal.status)
        return done(request, placed, _told(placed))
    return render(request, "scheduling/stretch.html", context)


def _move(request: StaffRequest, appointment: Appointment) -> Appointment:
    places = Location.objects.visible_to(request.user)
    location = chosen(places, request.POST.get("location", "")) or appointment.location
    return services.move_appointment(
        appointment=appointment,
        starts_at=time_in(request.POST.get("at", ""), location),
        therapist=chosen(User.objects.visible_to(request.user), request.POST.get("therapist", "")),
        room=chosen(Room.objects.visible_to(request.user).select_related("location"), request.POST.get("room", "")),
        location=location,
        by=request.user,
        version=version_in(request),
        overlap_reason=overlap_reason_in(request),
    )


def _stretch(request: StaffRequest, appointment: Appointment) -> Appointment:
    return services.stretch_appointment(
        appointment=appointment,
        ends_at=time_in(request.POST.get("until", ""), appointment.location),
        by=request.user,
        version=version_in(request),
        overlap_reason=overlap_reason_in(request),
    )


def _stretch_by(request: StaffRequest, appointment: Appointment) -> Appointment:
    minutes = whole(request.POST.get("minutes", ""))
    if minutes is None or not 0 < minutes < 24 * 60:
        raise Refused(_("Say how many minutes the visit lasts, 5 to 480."), code="no-length")
    return services.stretch_appointment(
        appointment=appointment,
        ends_at=appointment.starts_at + dt.timedelta(minutes=minutes),
        by=request.user,
        version=version_in(request),
        overlap_reason=overlap_reason_in(request),
    )


def _told(appointment: Appointment) -> str:
    """Where it is now, and that there is time to take it back."""
    start, end = (localtime(instant, appointment.zone) for instant in (appointment.starts_at, appointment.ends_at))
    words = {
        "name": appointment.client.full_name,
        "when": date_format(start, _("D j M, H:i")),
        "until": date_format(end, "H:i"),
        "therapist": appointment.therapist,
        "seconds": int(UNDO_TIME.total_seconds()),
    }
    if "starts_at" in appointment.previous:
        return _("%(name)s moved to %(when)s with %(therapist)s. The client is told in %(seconds)s s.") % words
    return _("%(name)s now lasts until %(until)s. The client is told in %(seconds)s s.") % words


def _refused(request: StaffRequest, appointment: Appointment, refusal: DomainError) -> HttpResponse:
    context = {
        "appointment": appointment,
        "sent": [(name, request.POST[name]) for name in SENT if request.POST.get(name)],
        "next": request.POST.get("next", ""),
        "is_stretch": bool(request.POST.get("until")),
        **_why(request, refusal),
    }
    if refusal.code in NOT_THERE and not context["is_stretch"]:
        context["alternatives"] = _nearby(request, appointment)
    return render(request, "scheduling/clash.html", context, status=refusal.status)


def _nearby(request: StaffRequest, appointment: Appointment) -> list[dict[str, Any]]:
    """The free times nearest to one at which the therapist is not to be had. 4 queries."""
    therapist = chosen(User.objects.visible_to(request.user), request.POST.get("therapist", ""))
    location = chosen(Location.objects.visible_to(request.user), request.POST.get("location", ""))
    wish = Wish(
        client=appointment.client,
        service=appointment.service,
        therapist=therapist or appointment.therapist,
        room=appointment.room,
        starts_at=time_in(request.POST.get("at", ""), location or appointment.location),
        by=request.user,
        moving=appointment,
    )
    found: list[dict[str, Any]] = clashes.details(wish, [])["alternatives"]
    return found


def _why(request: StaffRequest, refusal: DomainError) -> dict[str, Any]:
    """What stands in the way, the nearest free times, and whether it may overlap on purpose."""
    details = refusal.details
    return {
        "refusal": refusal,
        "alternatives": details.get("alternatives", []),
        "free_until": details.get("free_until"),
        "choices": [dt.datetime.fromisoformat(text) for text in details.get("choices", [])],
        "may_overlap": refusal.code in ("clash", "no-reason") and may(request.user, Permission.OVERLAP),
        "overlap_reason": request.POST.get("overlap_reason", ""),
        "is_stale": refusal.status == 412,
    }
