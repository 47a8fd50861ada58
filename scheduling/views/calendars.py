"""Calendars that leave the house, and those that come in: a therapist's own, and all of them for the owner."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from clinic.core.errors import Refused
from clinic.people.access import access
from clinic.people.permissions import Permission
from clinic.people.zones import zone_of
from scheduling import feeds
from scheduling.forms.calendars import FeedForm, OutsideCalendarForm, RoomFeedForm
from scheduling.models import CalendarFeed, OutsideCalendar
from scheduling.services.feeds import open_own_feed, open_room_feed, revoke_feed
from scheduling.services.outside_calendars import add_outside_calendar, read_soon, remove_outside_calendar
from scheduling.views.parsing import StaffRequest

Made = TypeVar("Made")


@access(Permission.OWN_CALENDARS)
@never_cache
@require_http_methods(["GET", "POST"])
def own(request: StaffRequest) -> HttpResponse:
    """A therapist's addresses for calendar programs, and their calendars elsewhere (four queries)."""
    form = FeedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        opened = _tried(form, lambda: open_own_feed(label=form.cleaned_data["label"], by=request.user))
        if opened:
            return _shown_once(request, *opened)
    context = {
        "form": form,
        "feeds": _feeds(request).filter(therapist=request.user),
        "calendars": _calendars(request).filter(therapist=request.user),
        "zone": zone_of(request.user),
    }
    return render(request, "scheduling/calendars_own.html", context, status=422 if form.errors else 200)


@access(Permission.MANAGE_SETTINGS)
@never_cache
@require_http_methods(["GET", "POST"])
def everybodys(request: StaffRequest) -> HttpResponse:
    """The owner sees every address, ends any, and makes those of rooms."""
    form = RoomFeedForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        opened = _tried(form, lambda: open_room_feed(**form.cleaned_data, by=request.user))
        if opened:
            return _shown_once(request, *opened)
    context = {
        "form": form,
        "feeds": _feeds(request).order_by("room__location__name", "room__name", "therapist__name", "created_at"),
        "calendars": _calendars(request).order_by("therapist__name", "label"),
        "zone": zone_of(request.user),
    }
    return render(request, "scheduling/calendars.html", context, status=422 if form.errors else 200)


@access(Permission.SHARE_CALENDARS)
@require_http_methods(["GET", "POST"])
def end_feed(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Asks once: whoever reads the address has to be told a new one."""
    feed = get_object_or_404(_feeds(request), pk=pk)
    back = _page_of(request, feed)
    if request.method == "GET":
        return render(request, "scheduling/feed_end.html", {"feed": feed, "name": feeds.name_of(feed), "back": back})
    revoke_feed(feed=feed, by=request.user)
    messages.success(request, _("The address for “%(label)s” answers nobody any more.") % {"label": feed.label})
    return redirect(back)


@access(Permission.OWN_CALENDARS)
@require_http_methods(["GET", "POST"])
def add_outside(request: StaffRequest) -> HttpResponse:
    """A calendar elsewhere whose busy times count here."""
    form = OutsideCalendarForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        added = _tried(form, lambda: add_outside_calendar(**form.cleaned_data, by=request.user), field="address")
        if added:
            messages.success(request, _("“%(name)s” is read within a minute.") % {"name": added.label})
            return redirect("scheduling:own-calendars")
    return render(request, "scheduling/outside_form.html", {"form": form}, status=422 if form.errors else 200)


@access(Permission.SHARE_CALENDARS)
@require_POST
def read_outside(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Read it now; the worker does, the page does not wait for somebody else's server."""
    calendar = get_object_or_404(_calendars(request), pk=pk)
    try:
        read_soon(calendar=calendar, by=request.user)
        messages.success(request, _("“%(name)s” is read within a minute.") % {"name": calendar.label})
    except Refused as error:
        messages.warning(request, error.message)
    return redirect(_page_of(request, calendar))


@access(Permission.SHARE_CALENDARS)
@require_http_methods(["GET", "POST"])
def remove_outside(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Asks once: its busy times go with it, and the address is needed to add it again."""
    calendar = get_object_or_404(_calendars(request), pk=pk)
    back = _page_of(request, calendar)
    if request.method == "GET":
        return render(request, "scheduling/outside_remove.html", {"calendar": calendar, "back": back})
    remove_outside_calendar(calendar=calendar, by=request.user)
    messages.success(request, _("“%(name)s” no longer counts here.") % {"name": calendar.label})
    return redirect(back)


def _feeds(request: StaffRequest) -> QuerySet[CalendarFeed]:
    """Those that answer, with whose they are."""
    live = CalendarFeed.objects.visible_to(request.user).live()
    return live.select_related("therapist", "room__location", "created_by")


def _calendars(request: StaffRequest) -> QuerySet[OutsideCalendar]:
    calendars = OutsideCalendar.objects.visible_to(request.user).select_related("therapist")
    return calendars.annotate(busy_count=Count("busy"))  # type: ignore[no-any-return]


def _tried(form: Form, act: Callable[[], Made], *, field: str | None = None) -> Made | None:
    """What was made, or None with the reason beside the field."""
    try:
        return act()
    except Refused as error:
        form.add_error(field, error.message)
        return None


def _shown_once(request: StaffRequest, feed: CalendarFeed, token: str) -> HttpResponse:
    address = feeds.address_of(token)
    context: dict[str, Any] = {
        "feed": feed,
        "name": feeds.name_of(feed),
        "address": address,
        "subscribe": f"webcal:{address.partition(':')[2]}",
        "back": _page_of(request, feed),
    }
    return render(request, "scheduling/feed_opened.html", context, status=201)


def _page_of(request: StaffRequest, row: CalendarFeed | OutsideCalendar) -> str:
    """Where the row stands for whoever asks."""
    is_own = row.therapist_id == request.user.pk and request.user.is_therapist
    return "scheduling:own-calendars" if is_own else "scheduling:calendars"
