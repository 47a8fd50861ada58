"""The owner's settings: locations and rooms. Both are kept in the same way; what differs stands in `Kind`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clinic.core.errors import Refused
from clinic.people.access import StaffRequest, access
from clinic.people.forms.practice import LocationForm, RoomForm
from clinic.people.models import Location, Room, User
from clinic.people.permissions import Permission
from clinic.people.services import places


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of place. `name` is that of its templates, its addresses, and the rows in their context."""

    name: str
    listed: Callable[[User], QuerySet[Any]]
    form: Callable[[Any, Any, User], forms.ModelForm[Any]]
    add: Callable[..., Any]
    added: str | Promise
    closed: str | Promise


def _locations(user: User) -> QuerySet[Location]:
    """The closed ones last (one query)."""
    rooms = Count("rooms", filter=Q(rooms__is_active=True), distinct=True)
    staff = Count("staff", filter=Q(staff__is_active=True), distinct=True)
    rows: QuerySet[Location] = Location.objects.visible_to(user).annotate(room_count=rooms, staff_count=staff)
    return rows.order_by("-is_active", "name")


def _rooms(user: User) -> QuerySet[Room]:
    """By location (one query)."""
    rows: QuerySet[Room] = Room.objects.visible_to(user).select_related("location")
    return rows.order_by("location__name", "name")


LOCATIONS = Kind(
    "location",
    listed=_locations,
    form=lambda data, place, user: LocationForm(data, instance=place),
    add=places.add_location,
    added=gettext_lazy("Location added. Give it rooms next."),
    closed=gettext_lazy("%(name)s is closed: nothing new can be booked there."),
)
ROOMS = Kind(
    "room",
    listed=_rooms,
    form=lambda data, place, user: RoomForm(data, instance=place, by=user),
    add=places.add_room,
    added=gettext_lazy("Room added."),
    closed=gettext_lazy("%(name)s is closed: nothing new can be booked in it."),
)


@access(Permission.MANAGE_SETTINGS)
@require_GET
def place_list(request: StaffRequest, kind: Kind) -> HttpResponse:
    """Every place of a kind, the closed ones too."""
    return render(request, f"people/settings/{kind.name}_list.html", {f"{kind.name}s": kind.listed(request.user)})


@access(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "POST"])
def place_create(request: StaffRequest, kind: Kind) -> HttpResponse:
    form = kind.form(request.POST or None, None, request.user)
    if request.method == "POST" and _saved(form, lambda values: kind.add(values=values, by=request.user)):
        messages.success(request, str(kind.added))
        return redirect(f"people:{kind.name}-list")
    return _form_page(request, kind, form)


@access(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "POST"])
def place_edit(request: StaffRequest, kind: Kind, pk: UUID) -> HttpResponse:
    place = get_object_or_404(kind.listed(request.user), pk=pk)
    name = str(place)
    form = kind.form(request.POST or None, place, request.user)

    def change(values: dict[str, Any]) -> None:
        places.update_place(place=place, values=values, by=request.user)

    if request.method == "POST" and _saved(form, change):
        messages.success(request, _("Saved."))
        return redirect(f"people:{kind.name}-list")
    return _form_page(request, kind, form, **{kind.name: place, "name": name})


@access(Permission.MANAGE_SETTINGS)
@require_POST
def place_close(request: StaffRequest, kind: Kind, pk: UUID) -> HttpResponse:
    place = places.close_place(place=get_object_or_404(kind.listed(request.user), pk=pk), by=request.user)
    messages.success(request, str(kind.closed) % {"name": place.name})
    return redirect(f"people:{kind.name}-list")


@access(Permission.MANAGE_SETTINGS)
@require_POST
def place_reopen(request: StaffRequest, kind: Kind, pk: UUID) -> HttpResponse:
    place = places.reopen_place(place=get_object_or_404(kind.listed(request.user), pk=pk), by=request.user)
    messages.success(request, _("%(name)s is open again.") % {"name": place.name})
    return redirect(f"people:{kind.name}-list")


def _saved(form: forms.ModelForm[Any], save: Callable[[dict[str, Any]], Any]) -> bool:
    """Whether the form was right and the service took it; otherwise the form says why not."""
    if not form.is_valid():
        return False
    try:
        save(form.cleaned_data)
    except Refused as error:
        form.add_error(None, error.message)
        return False
    return True


def _form_page(request: StaffRequest, kind: Kind, form: forms.ModelForm[Any], **context: Any) -> HttpResponse:
    template = f"people/settings/{kind.name}_form.html"
    return render(request, template, {"form": form, **context}, status=422 if form.errors else 200)
