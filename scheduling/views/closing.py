"""Settings: rooms that are closed for a while, and how many visits a day are enough."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from clinic.core import clock
from clinic.people.access import access
from clinic.people.permissions import Permission
from scheduling import services
from scheduling.forms.closing import DailyLimitForm, RoomClosureForm
from scheduling.forms.fields import SpanForm
from scheduling.models import DailyLimit, RoomClosure
from scheduling.stranded import in_closed_rooms
from scheduling.views.parsing import StaffRequest
from scheduling.views.saving import form_page, was_sent


@access(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "POST"])
def closure_list(request: StaffRequest) -> HttpResponse:
    """Which rooms are closed from now on, and one form to close another."""
    form = RoomClosureForm(request.POST or None, user=request.user)

    def save() -> None:
        room = form.cleaned_data["room"]
        services.close_room(room=room, by=request.user, **form.instants(room.location.zone))

    if was_sent(request, form, save, said=_("Saved.")):
        return redirect("scheduling:room-closure-list")
    closures = _closures(request).ahead(clock.now()).order_by("during", "pk")
    context = {"closures": closures, "stranded": in_closed_rooms(request.user)}
    return form_page(request, "scheduling/closure_list.html", form, **context)


@access(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "POST"])
def edit_closure(request: StaffRequest, pk: Any) -> HttpResponse:
    """Closed at another time."""
    closure = get_object_or_404(_closures(request), pk=pk)
    zone = closure.room.location.zone
    form = SpanForm(request.POST or None, initial=SpanForm.initial_of(closure.during, zone, closure.reason))

    def save() -> None:
        services.change_closure(closure=closure, by=request.user, **form.instants(zone))

    if was_sent(request, form, save, said=_("Saved.")):
        return redirect("scheduling:room-closure-list")
    return form_page(request, "scheduling/closure_edit.html", form, closure=closure)


@access(Permission.MANAGE_SETTINGS)
@require_POST
def remove_closure(request: StaffRequest, pk: Any) -> HttpResponse:
    """The room can be used after all."""
    closure = get_object_or_404(_closures(request), pk=pk)
    services.remove_closure(closure=closure, by=request.user)
    messages.success(request, _("%(room)s can be booked again.") % {"room": closure.room})
    return redirect("scheduling:room-closure-list")


@access(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "POST"])
def limit_list(request: StaffRequest) -> HttpResponse:
    """What there is, and one form to add to it."""
    form = DailyLimitForm(request.POST or None, user=request.user)

    def save() -> None:
        services.set_daily_limit(by=request.user, **form.cleaned_data)

    if was_sent(request, form, save, said=_("Saved.")):
        return redirect("scheduling:daily-limit-list")
    return form_page(request, "scheduling/limit_list.html", form, limits=_limits(request))


@access(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "POST"])
def edit_limit(request: StaffRequest, pk: Any) -> HttpResponse:
    """More or fewer."""
    limit = get_object_or_404(_limits(request), pk=pk)
    initial = {"therapist": limit.therapist_id, "service": limit.service_id, "visits": limit.visits}
    form = DailyLimitForm(request.POST or None, initial=initial, user=request.user)

    def save() -> None:
        services.set_daily_limit(limit=limit, by=request.user, **form.cleaned_data)

    if was_sent(request, form, save, said=_("Saved.")):
        return redirect("scheduling:daily-limit-list")
    return form_page(request, "scheduling/limit_edit.html", form, limit=limit)


@access(Permission.MANAGE_SETTINGS)
@require_POST
def remove_limit(request: StaffRequest, pk: Any) -> HttpResponse:
    """As many as fit."""
    services.remove_daily_limit(limit=get_object_or_404(_limits(request), pk=pk), by=request.user)
    messages.success(request, _("The limit is gone."))
    return redirect("scheduling:daily-limit-list")


def _closures(request: StaffRequest) -> Any:
    return RoomClosure.objects.visible_to(request.user).select_related("room__location")


def _limits(request: StaffRequest) -> Any:
    rows = DailyLimit.objects.visible_to(request.user).select_related("therapist", "service")
    return rows.order_by("therapist__name", "service__name")
