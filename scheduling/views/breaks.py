"""Settings: a therapist's weekly breaks, and dates that are not as the week says."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from clinic.core import clock
from clinic.people.access import access
from clinic.people.models import User
from clinic.people.permissions import Permission
from clinic.people.zones import zone_of
from scheduling import services
from scheduling.forms.hours import BreakChangeForm, BreakForm, DateHoursForm
from scheduling.models import DateHours, WeeklyBreak
from scheduling.views.parsing import StaffRequest
from scheduling.views.saving import form_page, was_sent

FORM = "scheduling/hours_edit.html"


@access(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "POST"])
def add_break(request: StaffRequest, pk: Any) -> HttpResponse:
    """A break on some weekdays."""
    therapist = _therapist(request, pk)
    initial = {"valid_from": clock.today(zone_of(request.user)), "location": therapist.locations.first()}
    form = BreakForm(request.POST or None, initial=initial, user=request.user)

    def save() -> None:
        services.add_breaks(therapist=therapist, by=request.user, **form.cleaned_data)

    if was_sent(request, form, save, said=_("Saved.")):
        return redirect("scheduling:hours-of-therapist", pk=therapist.pk)
    return form_page(request, FORM, form, therapist=therapist, title=_("Add a break"))


@access(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "POST"])
def edit_break(request: StaffRequest, pk: Any) -> HttpResponse:
    """Another break instead, from a date on."""
    pause = get_object_or_404(_breaks(request), pk=pk)
    initial = BreakChangeForm.initial_of(pause, clock.today(pause.location.zone))
    form = BreakChangeForm(request.POST or None, initial=initial, user=request.user)

    def save() -> None:
        services.change_break(pause=pause, by=request.user, **form.changes())

    title = str(pause)
    if was_sent(request, form, save, said=_("Saved.")):
        return redirect("scheduling:hours-of-therapist", pk=pause.therapist_id)
    return form_page(request, FORM, form, therapist=pause.therapist, title=title)


@access(Permission.MANAGE_SETTINGS)
@require_POST
def end_break(request: StaffRequest, pk: Any) -> HttpResponse:
    """A break ends today."""
    pause = get_object_or_404(_breaks(request), pk=pk)
    services.end_break(pause=pause, on=clock.today(pause.location.zone), by=request.user)
    messages.success(request, _("%(hours)s has ended.") % {"hours": pause})
    return redirect("scheduling:hours-of-therapist", pk=pause.therapist_id)


@access(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "POST"])
def add_date(request: StaffRequest, pk: Any) -> HttpResponse:
    """Other hours on a date, or none."""
    therapist = _therapist(request, pk)
    initial = {"location": therapist.locations.first(), "kind": "works"}
    form = DateHoursForm(request.POST or None, initial=initial, user=request.user)

    def save() -> None:
        services.set_date_hours(therapist=therapist, by=request.user, **form.cleaned_data)

    if was_sent(request, form, save, said=_("Saved.")):
        return redirect("scheduling:hours-of-therapist", pk=therapist.pk)
    return form_page(request, FORM, form, therapist=therapist, title=_("Add a date"))


@access(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "POST"])
def edit_date(request: StaffRequest, pk: Any) -> HttpResponse:
    """Change what holds on a date."""
    row = get_object_or_404(_dates(request), pk=pk)
    form = DateHoursForm(request.POST or None, initial=DateHoursForm.initial_of(row), user=request.user)

    def save() -> None:
        services.set_date_hours(therapist=row.therapist, date_hours=row, by=request.user, **form.cleaned_data)

    title = date_format(row.on, _("l j F Y"))
    if was_sent(request, form, save, said=_("Saved.")):
        return redirect("scheduling:hours-of-therapist", pk=row.therapist_id)
    return form_page(request, FORM, form, therapist=row.therapist, title=title)


@access(Permission.MANAGE_SETTINGS)
@require_POST
def remove_date(request: StaffRequest, pk: Any) -> HttpResponse:
    """The date is as its week says again."""
    row = get_object_or_404(_dates(request), pk=pk)
    services.remove_date_hours(date_hours=row, by=request.user)
    messages.success(request, _("That date is as the week says again."))
    return redirect("scheduling:hours-of-therapist", pk=row.therapist_id)


def _therapist(request: StaffRequest, pk: Any) -> User:
    found: User = get_object_or_404(User.objects.therapists().visible_to(request.user), pk=pk)
    return found


def _breaks(request: StaffRequest) -> Any:
    return WeeklyBreak.objects.visible_to(request.user).select_related("therapist", "location")


def _dates(request: StaffRequest) -> Any:
    return DateHours.objects.visible_to(request.user).select_related("therapist", "location")
