"""Settings: when each therapist works."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clinic.core import clock
from clinic.core.errors import Refused
from clinic.people.access import access
from clinic.people.models import User
from clinic.people.permissions import Permission
from scheduling.forms.hours import HoursForm
from scheduling.models import TimeOff, WorkingHours
from scheduling.services import add_working_hours, end_working_hours
from scheduling.views.parsing import StaffRequest


@access(Permission.MANAGE_SETTINGS)
@require_GET
def hours_list(request: StaffRequest) -> HttpResponse:
    """Every therapist with the hours of a week. 3 queries."""
    therapists = list(User.objects.therapists().visible_to(request.user).order_by("name"))
    today = clock.now().date()
    hours = WorkingHours.objects.valid_between(today, dt.date.max).visible_to(request.user)
    rows = [
        {"therapist": each, "weekdays": _by_weekday([h for h in hours if h.therapist_id == each.pk])}
        for each in therapists
    ]
    return render(request, "scheduling/hours_list.html", {"rows": rows, "weekdays": WorkingHours.Weekday.labels})


@access(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "POST"])
def of_therapist(request: StaffRequest, pk: Any) -> HttpResponse:
    """One therapist's week: spans by day, add some, end one."""
    therapist = get_object_or_404(User.objects.therapists().visible_to(request.user), pk=pk)
    today = clock.now().date()
    form = HoursForm(request.POST or None, initial={"valid_from": today}, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            added = add_working_hours(therapist=therapist, by=request.user, **form.cleaned_data)
        except Refused as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("Saved: %(hours)s.") % {"hours": ", ".join(map(str, added))})
            return redirect("scheduling:hours-of-therapist", pk=therapist.pk)
    hours = WorkingHours.objects.valid_between(today, dt.date.max).visible_to(request.user).filter(therapist=therapist)
    off = TimeOff.objects.filter(therapist=therapist, during__endswith__gte=clock.now()).order_by("during")
    context = {
        "therapist": therapist,
        "week": zip(WorkingHours.Weekday.labels, _by_weekday(list(hours)), strict=True),
        "form": form,
        "today": today,
        "time_off": off,
    }
    return render(request, "scheduling/hours.html", context, status=422 if form.errors else 200)


@access(Permission.MANAGE_SETTINGS)
@require_POST
def end(request: StaffRequest, pk: Any) -> HttpResponse:
    """A span ends today; what was worked stays on record."""
    hours = get_object_or_404(WorkingHours.objects.visible_to(request.user).select_related("location"), pk=pk)
    end_working_hours(hours=hours, on=clock.today(hours.location.zone), by=request.user)
    messages.success(request, _("%(hours)s has ended.") % {"hours": hours})
    return redirect("scheduling:hours-of-therapist", pk=hours.therapist_id)


def _by_weekday(hours: list[WorkingHours]) -> list[list[WorkingHours]]:
    return [
        sorted((each for each in hours if each.weekday == day), key=lambda each: each.starts_at) for day in range(7)
    ]
