"""The owner's settings: locations and rooms."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clinic.core.errors import Refused
from clinic.people.access import StaffRequest, access
from clinic.people.forms.practice import LocationForm, RoomForm
from clinic.people.models import Location, Room
from clinic.people.permissions import Permission
from clinic.people.services import places


@access(Permission.MANAGE_SETTINGS)
@require_GET
def location_list(request: StaffRequest) -> HttpResponse:
    """Every location, the closed ones last (one query)."""
    rooms = Count("rooms", filter=Q(rooms__is_active=True), distinct=True)
    staff = Count("staff", filter=Q(staff__is_active=True), distinct=True)
    locations = Location.objects.visible_to(request.user).annotate(room_count=rooms, staff_count=staff)
    context = {"locations": locations.order_by("-is_active", "name")}
    return render(request, "people/settings/location_list.html", context)


@access(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "POST"])
def location_create(request: StaffRequest) -> HttpResponse:
    form = LocationForm(request.POST or None)
    if request.method == "POST" and _saved(
        form, lambda: places.add_location(values=form.cleaned_data, by=request.user)
    ):
        messages.success(request, _("Location added. Give it rooms next."))
        return redirect("people:location-list")
    return _form_page(request, "people/settings/location_form.html", form)


@access(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "POST"])
def location_edit(request: StaffRequest, pk: UUID) -> HttpResponse:
    location = get_object_or_404(Location.objects.visible_to(request.user), pk=pk)
    name = location.name
    form = LocationForm(request.POST or None, instance=location)
    if request.method == "POST" and _saved(
        form, lambda: places.update_location(location=location, values=form.cleaned_data, by=request.user)
    ):
        messages.success(request, _("Saved."))
        return redirect("people:location-list")
    return _form_page(request, "people/settings/location_form.html", form, location=location, name=name)


@access(Permission.MANAGE_SETTINGS)
@require_POST
def location_close(request: StaffRequest, pk: UUID) -> HttpResponse:
    location = get_object_or_404(Location.objects.visible_to(request.user), pk=pk)
    places.close_location(location=location, by=request.user)
    messages.success(request, _("%(name)s is closed: nothing new can be booked there.") % {"name": location.name})
    return redirect("people:location-list")


@access(Permission.MANAGE_SETTINGS)
@require_POST
def location_reopen(request: StaffRequest, pk: UUID) -> HttpResponse:
    location = get_object_or_404(Location.objects.visible_to(request.user), pk=pk)
    places.reopen_location(location=location, by=request.user)
    messages.success(request, _("%(name)s is open again.") % {"name": location.name})
    return redirect("people:location-list")


@access(Permission.MANAGE_SETTINGS)
@require_GET
def room_list(request: StaffRequest) -> HttpResponse:
    """Every room, by location (one query)."""
    rooms = Room.objects.visible_to(request.user).select_related("location")
    return render(request, "people/settings/room_list.html", {"rooms": rooms.order_by("location__name", "name")})


@access(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "POST"])
def room_create(request: StaffRequest) -> HttpResponse:
    form = RoomForm(request.POST or None, by=request.user)
    if request.method == "POST" and _saved(form, lambda: places.add_room(values=form.cleaned_data, by=request.user)):
        messages.success(request, _("Room added."))
        return redirect("people:room-list")
    return _form_page(request, "people/settings/room_form.html", form)


@access(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "POST"])
def room_edit(request: StaffRequest, pk: UUID) -> HttpResponse:
    room = get_object_or_404(Room.objects.visible_to(request.user).select_related("location"), pk=pk)
    name = str(room)
    form = RoomForm(request.POST or None, instance=room, by=request.user)
    if request.method == "POST" and _saved(
        form, lambda: places.update_room(room=room, values=form.cleaned_data, by=request.user)
    ):
        messages.success(request, _("Saved."))
        return redirect("people:room-list")
    return _form_page(request, "people/settings/room_form.html", form, room=room, name=name)


@access(Permission.MANAGE_SETTINGS)
@require_POST
def room_close(request: StaffRequest, pk: UUID) -> HttpResponse:
    room = get_object_or_404(Room.objects.visible_to(request.user), pk=pk)
    places.close_room(room=room, by=request.user)
    messages.success(request, _("%(name)s is closed: nothing new can be booked in it.") % {"name": room.name})
    return redirect("people:room-list")


@access(Permission.MANAGE_SETTINGS)
@require_POST
def room_reopen(request: StaffRequest, pk: UUID) -> HttpResponse:
    room = get_object_or_404(Room.objects.visible_to(request.user), pk=pk)
    places.reopen_room(room=room, by=request.user)
    messages.success(request, _("%(name)s is open again.") % {"name": room.name})
    return redirect("people:room-list")


def _saved(form: forms.BaseForm, save: Callable[[], Any]) -> bool:
    """Whether the form was right and the service took it; otherwise the form says why not."""
    if not form.is_valid():
        return False
    try:
        save()
    except Refused as error:
        form.add_error(None, error.message)
        return False
    return True


def _form_page(request: StaffRequest, template: str, form: forms.BaseForm, **context: Any) -> HttpResponse:
    return render(request, template, {"form": form, **context}, status=422 if form.errors else 200)
