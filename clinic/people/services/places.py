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
def update_location(*, location: Location, values: Mapping[str, Any], by: User) -> Location:
    """Raises NotAllowed, Missing, Refused."""
    require(by, Permission.MANAGE_SETTINGS, location)
    location = _locked(location)
    changed = apply(location, values)
    if changed:
        audit.record(by, "location.updated", location, changes=changed)
    return location


@transaction.atomic
def close_location(*, location: Location, by: User) -> Location:
    """No new bookings there. The last open location cannot be closed."""
    require(by, Permission.MANAGE_SETTINGS, location)
    Practice.objects.select_for_update().get()
    location = _locked(location)
    if not Location.objects.active().exclude(pk=location.pk).exists():
        raise Refused(_("This is the only open location. Open another one first."), code="last-location")
    return _set_open(location, is_active=False, by=by)


@transaction.atomic
def reopen_location(*, location: Location, by: User) -> Location:
    require(by, Permission.MANAGE_SETTINGS, location)
    return _set_open(_locked(location), is_active=True, by=by)


@transaction.atomic
def add_room(*, values: Mapping[str, Any], by: User) -> Room:
    """Raises NotAllowed, Missing, Refused."""
    require(by, Permission.MANAGE_SETTINGS, values["location"])
    room = Room()
    apply(room, values)
    audit.record(by, "room.added", room)
    return room


@transaction.atomic
def update_room(*, room: Room, values: Mapping[str, Any], by: User) -> Room:
    """Raises NotAllowed, Missing, Refused."""
    require(by, Permission.MANAGE_SETTINGS, room)
    room = _locked(room)
    changed = apply(room, values)
    if changed:
        audit.record(by, "room.updated", room, changes=changed)
    return room


@transaction.atomic
def close_room(*, room: Room, by: User) -> Room:
    """No new bookings in it."""
    require(by, Permission.MANAGE_SETTINGS, room)
    return _set_open(_locked(room), is_active=False, by=by)


@transaction.atomic
def reopen_room(*, room: Room, by: User) -> Room:
    require(by, Permission.MANAGE_SETTINGS, room)
    return _set_open(_locked(room), is_active=True, by=by)


def _locked(place: Place) -> Place:
    locked: Place = type(place).objects.select_for_update().get(pk=place.pk)
    return locked


def _set_open(place: Place, *, is_active: bool, by: User) -> Place:
    if place.is_active != is_active:
        place.is_active = is_active
        place.save(update_fields=["is_active", "updated_at"])
        audit.record(by, f"{place._meta.model_name}.{'reopened' if is_active else 'closed'}", place)
    return place
