"""Settings: on which dates each location is closed."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from clinic.core import clock
from clinic.people.access import access
from clinic.people.models import Location
from clinic.people.permissions import Permission
from scheduling import services
from scheduling.forms.closing import CountryForm, HolidayCalendarForm, HolidayForm, OwnDayForm
from scheduling.models import Holiday, HolidayCalendar
from scheduling.public_holidays import countries, subdivisions
from scheduling.stranded import on_closed_dates
from scheduling.views.parsing import StaffRequest, place_in, places_of
from scheduling.views.saving import form_page, was_sent


@access(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "POST"])
def holiday_list(request: StaffRequest) -> HttpResponse:
    """The closed dates of a location from today on; add a day of its own."""
    places = places_of(request.user)
    place = place_in(request, places)
    form = OwnDayForm(request.POST or None, initial={"locations": [each.pk for each in places]}, user=request.user)

    def save() -> None:
        services.add_own_day(by=request.user, **form.cleaned_data)

    if was_sent(request, form, save, said=_("Saved.")):
        return redirect(_page_of(place))
    days = Holiday.objects.visible_to(request.user).filter(location=place).from_day(clock.today(place.zone))
    context = {
        "days": days.order_by("on"),
        "place": place,
        "tabs": [{"label": each.name, "url": _page_of(each), "is_current": each == place} for each in places],
        "calendar": _words_for(HolidayCalendar.objects.filter(location=place).first()),
        "stranded": on_closed_dates(request.user),
    }
    return form_page(request, "scheduling/holiday_list.html", form, **context)


@access(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "POST"])
def calendar(request: StaffRequest, pk: Any) -> HttpResponse:
    """Whose public holidays a location keeps. `?country=` fetches the states of one that is not saved yet."""
    place = get_object_or_404(Location.objects.visible_to(request.user).active(), pk=pk)
    now = HolidayCalendar.objects.filter(location=place).first()
    initial = {"country": now.country, "subdivision": now.subdivision} if now else {}
    if "country" in request.GET:
        initial = {"country": request.GET["country"]}
    form = HolidayCalendarForm(request.POST or None, initial=initial)

    def save() -> None:
        services.set_holiday_calendar(location=place, by=request.user, **form.cleaned_data)

    if was_sent(request, form, save, said=_("Saved.")):
        return redirect(_page_of(place))
    country = form["country"].value() or ""
    context = {"place": place, "back": _page_of(place), "country": countries().get(country, "")}
    first = CountryForm(initial={"country": country}, auto_id="first_%s")
    return form_page(request, "scheduling/holiday_calendar.html", form, first=first, **context)


@access(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "POST"])
def edit(request: StaffRequest, pk: Any) -> HttpResponse:
    """Rename a date, open nevertheless, or close again."""
    day = get_object_or_404(_days(request), pk=pk)
    form = HolidayForm(request.POST or None, initial={"name": day.name, "is_closed": day.is_closed})

    def save() -> None:
        services.change_holiday(holiday=day, by=request.user, **form.cleaned_data)

    if was_sent(request, form, save, said=_("Saved.")):
        return redirect(_page_of(day.location))
    return form_page(request, "scheduling/holiday_edit.html", form, day=day, back=_page_of(day.location))


@access(Permission.MANAGE_SETTINGS)
@require_POST
def toggle(request: StaffRequest, pk: Any) -> HttpResponse:
    """Open nevertheless, or closed again: what the button said."""
    day = get_object_or_404(_days(request), pk=pk)
    day = services.change_holiday(holiday=day, is_closed=request.POST.get("is_closed") == "1", by=request.user)
    said = _("%(name)s: closed.") if day.is_closed else _("%(name)s: open nevertheless.")
    messages.success(request, said % {"name": day.name})
    return redirect(_page_of(day.location))


@access(Permission.MANAGE_SETTINGS)
@require_POST
def remove(request: StaffRequest, pk: Any) -> HttpResponse:
    """A day of one's own goes; a public one is as the calendar says again."""
    day = get_object_or_404(_days(request), pk=pk)
    services.remove_holiday(holiday=day, by=request.user)
    messages.success(request, _("Saved."))
    return redirect(_page_of(day.location))


def _days(request: StaffRequest) -> Any:
    return Holiday.objects.visible_to(request.user).select_related("location")


def _page_of(place: Location) -> str:
    return f"{reverse('scheduling:holiday-list')}?location={place.pk}"


def _words_for(calendar: HolidayCalendar | None) -> str:
    """ "United States, Maine"."""
    if calendar is None:
        return ""
    state = subdivisions(calendar.country).get(calendar.subdivision, calendar.subdivision)
    return ", ".join(filter(None, [countries().get(calendar.country, calendar.country), state]))
