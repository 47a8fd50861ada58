"""Settings: when each therapist works."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clinic.core import clock
from clinic.people.access import access
from clinic.people.models import User
from clinic.people.permissions import Permission
from clinic.people.zones import zone_of
from scheduling import services
from scheduling.forms.hours import HoursChangeForm, HoursForm
from scheduling.models import DateHours, TimeOff, Weekly, WeeklyBreak, WorkingHours
from scheduling.stranded import outside_hours
from scheduling.views.parsing import StaffRequest, date_in
from scheduling.views.saving import form_page, was_sent
from scheduling.weeks import picture

WEEKS = 6
ONE_WEEK = dt.timedelta(days=7)


@access(Permission.MANAGE_SETTINGS)
@require_GET
def hours_list(request: StaffRequest) -> HttpResponse:
    """Every therapist with one week as it really is. 6 queries."""
    this_week = _monday(clock.today(zone_of(request.user)))
    first_day = _monday(date_in(request, "week", this_week))
    therapists = list(User.objects.therapists().visible_to(request.user).order_by("name"))
    drawn = picture(therapists=therapists, first_day=first_day, weeks=1, user=request.user)
    context = {
        "rows": [(each, drawn.days[each.pk]) for each in therapists],
        "picture": drawn,
        "week": first_day,
        "last_day": first_day + dt.timedelta(days=6),
        "this_week": this_week,
        "before": first_day - ONE_WEEK,
        "after": first_day + ONE_WEEK,
    }
    return render(request, "scheduling/hours_list.html", context)


@access(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "POST"])
def of_therapist(request: StaffRequest, pk: Any) -> HttpResponse:
    """One therapist: the weeks to come, the week's spans and breaks, dates that differ; add hours."""
    therapist = get_object_or_404(User.objects.therapists().visible_to(request.user), pk=pk)
    initial = {"valid_from": clock.today(zone_of(request.user)), "location": therapist.locations.first()}
    form = HoursForm(request.POST or None, initial=initial, user=request.user)

    def save() -> None:
        services.add_working_hours(therapist=therapist, by=request.user, **form.cleaned_data)

    if was_sent(request, form, save, said=_("Saved.")):
        return redirect("scheduling:hours-of-therapist", pk=therapist.pk)
    return form_page(request, "scheduling/hours.html", form, **_about(request, therapist))


@access(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "POST"])
def edit(request: StaffRequest, pk: Any) -> HttpResponse:
    """Other hours instead of a span there is, from a date on."""
    hours = get_object_or_404(_spans(request).select_related("therapist", "location"), pk=pk)
    initial = HoursChangeForm.initial_of(hours, clock.today(hours.location.zone))
    form = HoursChangeForm(request.POST or None, initial=initial, user=request.user)

    def save() -> None:
        services.change_working_hours(hours=hours, by=request.user, **form.changes())

    title = str(hours)
    if was_sent(request, form, save, said=_("Saved.")):
        return redirect("scheduling:hours-of-therapist", pk=hours.therapist_id)
    return form_page(request, "scheduling/hours_edit.html", form, therapist=hours.therapist, title=title)


@access(Permission.MANAGE_SETTINGS)
@require_POST
def end(request: StaffRequest, pk: Any) -> HttpResponse:
    """A span ends today; what was worked stays on record."""
    hours = get_object_or_404(_spans(request).select_related("location"), pk=pk)
    services.end_working_hours(hours=hours, on=clock.today(hours.location.zone), by=request.user)
    messages.success(request, _("%(hours)s has ended.") % {"hours": hours})
    return redirect("scheduling:hours-of-therapist", pk=hours.therapist_id)


def _spans(request: StaffRequest) -> Any:
    return WorkingHours.objects.visible_to(request.user)


def _about(request: StaffRequest, therapist: User) -> dict[str, Any]:
    """What the page of a therapist shows beside its form. 11 queries."""
    today = clock.today(zone_of(request.user))
    still = (today, dt.date.max)
    hours, breaks = (
        model.objects.valid_between(*still).visible_to(request.user).filter(therapist=therapist)
        for model in (WorkingHours, WeeklyBreak)
    )
    dates = DateHours.objects.between(*still).visible_to(request.user).filter(therapist=therapist)
    off = TimeOff.objects.visible_to(request.user).ahead(clock.now()).filter(therapist=therapist)
    drawn = picture(therapists=[therapist], first_day=_monday(today), weeks=WEEKS, user=request.user)
    return {
        "therapist": therapist,
        "today": today,
        "week": list(zip(Weekly.Weekday.labels, _by_weekday(hours), _by_weekday(breaks), strict=True)),
        "dates": dates,
        "time_off": off.prefetch_related("therapist__locations").order_by("during"),
        "picture": drawn,
        "weeks": drawn.weeks_of(therapist),
        "stranded": outside_hours(request.user, therapist),
    }


def _by_weekday(rows: Iterable[Any]) -> list[list[Any]]:
    found: list[list[Any]] = [[] for _day in range(7)]
    for row in sorted(rows, key=lambda each: (each.starts_at, each.valid_from)):
        found[row.weekday].append(row)
    return found


def _monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())
