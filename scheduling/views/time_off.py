"""Settings: holidays, training, illness."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from clinic.core import clock
from clinic.core.errors import Refused
from clinic.people.access import access
from clinic.people.permissions import Permission
from scheduling.forms.hours import TimeOffForm
from scheduling.models import TimeOff
from scheduling.rules.walltime import instant_of
from scheduling.services import add_time_off, remove_time_off
from scheduling.views.parsing import StaffRequest


@access(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "POST"])
def time_off_list(request: StaffRequest) -> HttpResponse:
    """Who is away from today on, and one form to add to it."""
    form = TimeOffForm(request.POST or None, initial={"therapist": request.GET.get("therapist", "")}, user=request.user)
    if request.method == "POST" and form.is_valid() and _add(request, form):
        return redirect("scheduling:time-off-list")
    absences = (
        TimeOff.objects.visible_to(request.user)
        .filter(during__endswith__gte=clock.now())
        .select_related("therapist")
        .prefetch_related("therapist__locations")
        .order_by("during")
    )
    context = {"form": form, "absences": absences}
    return render(request, "scheduling/time_off_list.html", context, status=422 if form.errors else 200)


@access(Permission.MANAGE_SETTINGS)
@require_POST
def remove(request: StaffRequest, pk: Any) -> HttpResponse:
    """They are there after all."""
    absence = get_object_or_404(TimeOff.objects.visible_to(request.user).select_related("therapist"), pk=pk)
    remove_time_off(absence=absence, by=request.user)
    messages.success(request, _("%(therapist)s can be booked again.") % {"therapist": absence.therapist})
    return redirect("scheduling:time-off-list")


def _add(request: StaffRequest, form: TimeOffForm) -> bool:
    data = form.cleaned_data
    zone = data["location"].zone
    try:
        begin, end = (instant_of(wall, zone, fold=fold) for fold, wall in enumerate(form.walls()))
        absence, booked = add_time_off(
            therapist=data["therapist"], starts_at=begin, ends_at=end, reason=data["reason"], by=request.user
        )
    except Refused as error:
        form.add_error(None, error.message)
        return False
    messages.success(request, _("%(therapist)s is off then.") % {"therapist": absence.therapist})
    if booked:
        text = ngettext(
            "%(number)s appointment lies in that time. Move it or cancel it.",
            "%(number)s appointments lie in that time. Move them or cancel them.",
            booked,
        )
        messages.warning(request, text % {"number": booked})
    return True
