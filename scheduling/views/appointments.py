"""One appointment: its panel, and what can be done to it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clinic.audit import services as audit
from clinic.core import clock
from clinic.core.errors import Conflict, Refused
from clinic.people.access import access
from clinic.people.models import Practice, Room, User
from clinic.people.permissions import Permission, may
from clinic.ui.flash import undoable
from scheduling import services
from scheduling.availability import Search
from scheduling.forms.appointments import CancelForm
from scheduling.models import Appointment
from scheduling.rules import status as rules
from scheduling.series_words import place_of
from scheduling.services.asking import ask_for_consents, open_request, renewals_for
from scheduling.twins import twins_of
from scheduling.views.answers import done, undone
from scheduling.views.offers import offers, read_slot
from scheduling.views.parsing import StaffRequest, chosen, date_in, day_url, places_of, version_in

# In the order of a visit; the first that is possible is the one to press.
STEPS = {
    "arrived": (_lazy("Check in"), "arrived"),
    "in-session": (_lazy("Start"), "in-session"),
    "completed": (_lazy("Finish"), "completed"),
    "confirmed": (_lazy("Confirm"), "confirmed"),
    "no-show": (_lazy("No-show"), "no-show"),
}
DONE = {
    "confirmed": _lazy("%(name)s is confirmed."),
    "arrived": _lazy("%(name)s is checked in."),
    "in-session": _lazy("The session of %(name)s has begun."),
    "completed": _lazy("The session of %(name)s is finished."),
    "no-show": _lazy("%(name)s is marked as a no-show."),
}


@access(Permission.VIEW_CALENDAR)
@require_GET
def detail(request: StaffRequest, pk: Any) -> HttpResponse:
    """Everything front desk asks about one visit, and the next step as one button."""
    visible = Appointment.objects.visible_to(request.user).with_people().with_marks()
    appointment = get_object_or_404(visible.select_related("booked_by", "invitation", "series"), pk=pk)
    audit.read(request.user, appointment, client=appointment.client)
    now, renewals = clock.now(), renewals_for(appointment)
    possible = rules.possible(appointment.status, starts_at=appointment.starts_at, now=now, zone=appointment.zone)
    context = {
        "appointment": appointment,
        "asked_form": appointment.invitation if appointment.is_active else None,
        "steps": [
            {"status": key, "label": label, "icon": icon} for key, (label, icon) in STEPS.items() if key in possible
        ],
        "may_book": may(request.user, Permission.BOOK),
        "may_move": appointment.status in rules.MOVABLE,
        "may_stretch": appointment.status in rules.STRETCHABLE,
        "may_cancel": appointment.status in rules.CANCELLABLE,
        "may_treat": may(request.user, Permission.WRITE_NOTE),
        "day_url": day_url(appointment.starts_at, appointment.location),
        "renewals": renewals,
        "on_its_way": open_request(appointment.client) if renewals else None,
        "may_send": may(request.user, Permission.SEND_INTAKE),
        **twins_of(appointment, by=request.user),
    }
    return render(request, "scheduling/appointment.html", context | {"in_series": place_of(appointment)})


@access(Permission.SEND_INTAKE)
@require_POST
def ask_consents(request: StaffRequest, pk: Any) -> HttpResponse:
    """One tap: what the client has to agree to again is on its way."""
    appointment = _visible(request, pk)
    try:
        is_sent = ask_for_consents(appointment=appointment, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        if is_sent:
            messages.success(request, _("The consent is on its way to %(name)s.") % {"name": appointment.client.called})
        else:
            messages.warning(request, _("No mail can go to this client. Fill it in here, on a tablet or their phone."))
    return redirect("scheduling:appointment-detail", appointment.pk)


@access(Permission.BOOK)
@require_POST
def status(request: StaffRequest, pk: Any) -> HttpResponse:
    """One tap: checked in, begun, finished, not come. Undo is in the toast."""
    appointment = _visible(request, pk)
    wanted = request.POST.get("status", "")
    appointment = services.set_status(
        appointment=appointment, status=wanted, by=request.user, version=version_in(request)
    )
    return done(request, appointment, DONE[wanted] % {"name": appointment.client.full_name})


@access(Permission.BOOK)
@require_POST
def take_back(request: StaffRequest, pk: Any, version: int) -> HttpResponse:
    """Undo the change that made this version."""
    return undone(request, services.undo(appointment=_visible(request, pk), by=request.user, version=version))


@access(Permission.BOOK)
@require_http_methods(["GET", "POST"])
def move(request: StaffRequest, pk: Any) -> HttpResponse:
    """Choose another free time; a clash says what it clashes with and what is free nearby."""
    appointment = _visible(request, pk)
    if appointment.status not in rules.MOVABLE:
        raise Refused(_("Only an appointment that is still to come can be moved."), code="not-movable")
    refusal: Conflict | Refused | None = None
    if request.method == "POST":
        try:
            moved = _move(request, appointment)
        except (Conflict, Refused) as error:
            refusal = error
        else:
            _say(request, moved, _("%(name)s is moved.") % {"name": moved.client.full_name})
            return redirect(day_url(moved.starts_at, moved.location))
    return render(
        request,
        "scheduling/move.html",
        _move_context(request, appointment, refusal),
        status=refusal.status if refusal else 200,
    )


@access(Permission.BOOK)
@require_http_methods(["GET", "POST"])
def cancel(request: StaffRequest, pk: Any) -> HttpResponse:
    """Asks once, says whether it is late; undo is in the toast."""
    appointment = _visible(request, pk)
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        appointment = services.cancel_appointment(
            appointment=appointment, by=request.user, version=version_in(request), **form.cleaned_data
        )
        _say(
            request,
            appointment,
            _("The appointment of %(name)s is cancelled.") % {"name": appointment.client.full_name},
        )
        return redirect(day_url(appointment.starts_at, appointment.location))
    notice = appointment.service.cancellation_notice(Practice.objects.first())
    context = {
        "appointment": appointment,
        "form": form,
        "is_late": not rules.is_free_to_cancel(appointment.starts_at, clock.now(), notice),
        "notice_hours": notice,
        "may_cancel": appointment.status in rules.CANCELLABLE,
    }
    return render(request, "scheduling/cancel.html", context, status=422 if form.errors else 200)


def _move(request: StaffRequest, appointment: Appointment) -> Appointment:
    slot = read_slot(request.POST.get("slot", ""))
    return services.move_appointment(
        appointment=appointment,
        starts_at=slot.starts_at,
        therapist=chosen(User.objects.visible_to(request.user), slot.therapist),
        room=chosen(Room.objects.visible_to(request.user).select_related("location"), slot.room),
        by=request.user,
        version=version_in(request),
    )


def _move_context(
    request: StaffRequest, appointment: Appointment, refusal: Conflict | Refused | None
) -> dict[str, Any]:
    therapists = User.objects.therapists().visible_to(request.user).filter(services=appointment.service)
    therapist = chosen(therapists, request.GET.get("therapist", str(appointment.therapist_id)))
    places = places_of(request.user)
    start = date_in(
        request, "from", max(appointment.starts_at.astimezone(appointment.zone).date(), clock.today(appointment.zone))
    )
    since = max(clock.day_bounds(start, appointment.zone)[0], clock.now())
    search = Search(
        service=appointment.service, since=since, user=request.user, therapist=therapist,
        client=appointment.client, moving=appointment,
    )  # fmt: skip
    return {
        "appointment": appointment,
        "therapist": therapist,
        "therapists": therapists.order_by("name"),
        "start": start,
        "offered": offers(search, places=places),
        "refusal": refusal,
        "here": reverse("scheduling:appointment-move", args=[appointment.pk]),
    }


def _visible(request: StaffRequest, pk: Any) -> Appointment:
    appointment: Appointment = get_object_or_404(Appointment.objects.visible_to(request.user).with_people(), pk=pk)
    return appointment


def _say(request: StaffRequest, appointment: Appointment, text: str) -> None:
    undoable(request, text, reverse("scheduling:appointment-undo", args=[appointment.pk, appointment.version]))
