"""Changing locations and rooms. Nothing is deleted: what is closed keeps its history."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.audit import services as audit
from clinic.core.errors import Refused
from clinic.people.models import Location, Practice, Room, User
from clinic.people.permissions import Permission, require
from clinic.people.services.changes import apply

Place = TypeVar("Place", Location, Room)


@transaction.atomic
def add_location(*, values: Mapping[str, Any], by: User) -> Location:
    """A new place to work at. Raises NotAllowed, Refused."""
    require(by, Permission.MANAGE_SETTINGS)
    location = Location()
    apply(location, values)
    by.locations.add(location)
    audit.record(by, "location.added", location)
    return location


@transaction.atomic
def add_room(*, values: Mapping[str, Any], by: User) -> Room:
    """Raises NotAllowed, Missing, Refused."""
    require(by, Permission.MANAGE_SETTINGS, values["location"])
    room = Room()
    apply(room, values)
    audit.record(by, "room.added", room)
    return room


@transaction.atomic
def update_place(*, place: Place, values: Mapping[str, Any], by: User) -> Place:
    """Raises NotAllowed, Missing, Refused."""
    place = _locked(place, by)
    changed = apply(place, values)
    if changed:
        audit.record(by, f"{place._meta.model_name}.updated", place, changes=changed)
    return place


@transaction.atomic
def close_place(*, place: Place, by: User) -> Place:
    """No new bookings there. Raises NotAllowed, Missing, and Refused for the last open location."""
    place = _locked(place, by)
    if isinstance(place, Location):
        _require_another_open(place)
    return _set_open(place, is_active=False, by=by)


@transaction.atomic
def reopen_place(*, place: Place, by: User) -> Place:
    """Raises NotAllowed, Missing."""
    return _set_open(_locked(place, by), is_active=True, by=by)


def _locked(place: Place, by: User) -> Place:
    """The row, locked. The practice is locked first: two of its locations are never closed at the same time."""
    require(by, Permission.MANAGE_SETTINGS, place)
    Practice.objects.select_for_update().get()
    locked: Place = type(place).objects.select_for_update().get(pk=place.pk)
    return locked


def _require_another_open(location: Location) -> None:
    if not Location.objects.active().exclude(pk=location.pk).exists():
        raise Refused(_("This is the only open location. Open another one first."), code="last-location")


def _set_open(place: Place, *, is_active: bool, by: User) -> Place:
    if place.is_active != is_active:
        place.is_active = is_active
        place.save(update_fields=["is_active", "updated_at"])
        audit.record(by, f"{place._meta.model_name}.{'reopened' if is_active else 'closed'}", place)
    return place
