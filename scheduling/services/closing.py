"""Rooms that cannot be used for a while."""

import datetime as dt

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _

from clinic.audit import services as audit
from clinic.core import clock
from clinic.core.errors import Refused
from clinic.people.models import Room, User
from clinic.people.permissions import Permission, require
from scheduling.models import RoomClosure
from scheduling.rules.days import check_span
from scheduling.services.locks import lock
from scheduling.services.transactions import retried


@retried
def close_room(*, room: Room, starts_at: dt.datetime, ends_at: dt.datetime, by: User, reason: str = "") -> RoomClosure:
    """Nothing is booked in the room then; what is booked already stays. Raises Refused."""
    require(by, Permission.MANAGE_SETTINGS, room)
    return _save(RoomClosure(room=room), starts_at, ends_at, reason, by, "room-closure.added")


@retried
def change_closure(
    *, closure: RoomClosure, starts_at: dt.datetime, ends_at: dt.datetime, by: User, reason: str = ""
) -> RoomClosure:
    """Close it at another time instead. Raises Refused."""
    require(by, Permission.MANAGE_SETTINGS, closure)
    return _save(closure, starts_at, ends_at, reason, by, "room-closure.changed")


@retried
def remove_closure(*, closure: RoomClosure, by: User) -> None:
    """The room can be used after all."""
    require(by, Permission.MANAGE_SETTINGS, closure)
    audit.record(by, "room-closure.removed", closure)
    closure.delete()


def _save(
    closure: RoomClosure, starts_at: dt.datetime, ends_at: dt.datetime, reason: str, by: User, action: str
) -> RoomClosure:
    lock(therapists=[], rooms=[closure.room], client=None)
    check_span(starts_at, ends_at, now=clock.now())
    others = RoomClosure.objects.filter(room=closure.room_id).exclude(pk=closure.pk).overlapping(starts_at, ends_at)
    if others.exists():
        words = _("%(room)s is closed in that time already. Change that closure instead.")
        raise Refused(words % {"room": closure.room}, code="closure-overlap")
    closure.during = DateTimeTZRange(starts_at, ends_at)
    closure.reason = reason
    closure.save()
    audit.record(by, action, closure)
    return closure
