"""Settings: holidays, training, illness."""

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
from scheduling.forms.fields import SpanForm
from scheduling.forms.hours import TimeOffForm
from scheduling.models import TimeOff
from scheduling.stranded import in_time_off
from scheduling.views.parsing import StaffRequest
from scheduling.views.saving import form_page, was_sent


@access(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "POST"])
def time_off_list(request: StaffRequest) -> HttpResponse:
    """Who is away from today on, and one form to add to it."""
    wanted = request.GET.get("therapist")
    form = TimeOffForm(request.POST or None, initial={"therapists": [wanted] if wanted else []}, user=request.user)

    def save() -> None:
        said = form.instants(form.cleaned_data["location"].zone)
        services.add_time_off(therapists=form.cleaned_data["therapists"], by=request.user, **said)

    if was_sent(request, form, save, said=_("Saved.")):
        return redirect("scheduling:time-off-list")
    absences = _absences(request).ahead(clock.now()).order_by("during", "therapist__name")
    context = {"absences": absences, "stranded": in_time_off(request.user)}
    return form_page(request, "scheduling/time_off_list.html", form, **context)


@access(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "POST"])
def edit(request: StaffRequest, pk: Any) -> HttpResponse:
    """Away at another time; by the clock of the therapist's own place."""
    absence = get_object_or_404(_absences(request), pk=pk)
    initial = SpanForm.initial_of(absence.during, absence.zone, absence.reason)
    form = SpanForm(request.POST or None, initial=initial)

    def save() -> None:
        services.change_time_off(absence=absence, by=request.user, **form.instants(absence.zone))

    if was_sent(request, form, save, said=_("Saved.")):
        return redirect("scheduling:time-off-list")
    return form_page(request, "scheduling/time_off_edit.html", form, absence=absence)


@access(Permission.MANAGE_SETTINGS)
@require_POST
def remove(request: StaffRequest, pk: Any) -> HttpResponse:
    """They are there after all."""
    absence = get_object_or_404(_absences(request), pk=pk)
    services.remove_time_off(absence=absence, by=request.user)
    messages.success(request, _("%(therapist)s can be booked again.") % {"therapist": absence.therapist})
    return redirect("scheduling:time-off-list")


def _absences(request: StaffRequest) -> Any:
    rows = TimeOff.objects.visible_to(request.user).select_related("therapist")
    return rows.prefetch_related("therapist__locations")
