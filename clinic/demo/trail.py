"""Audit events of the demo's last weeks, so that the trail has something to show and to seal."""

import datetime as dt

from clinic.audit.models import Event
from clinic.audit.services import Actor
from clinic.demo.bulk import copy_in
from clinic.demo.ground import Ground
from clinic.demo.notes import Written
from clinic.demo.visits import Booked
from clinic.people.models import Client

BEHIND = dt.timedelta(days=21)


def write(*, booked: list[Booked], written: list[Written], ground: Ground, now: dt.datetime) -> int:
    """Bookings by the desk, signatures by therapists; in the order of time. Returns how many events."""
    events = [
        _event(ground.desk[0], "appointment.booked", entry.appointment, entry.appointment.client, at)
        for entry in booked
        for at in [entry.appointment.created_at]
        if now - BEHIND < at < now
    ]
    events += [
        _event(each.note.therapist, "note.signed", each.note, each.note.client, at)
        for each in written
        for at in [each.note.signed_at]
        if at and now - BEHIND < at < now
    ]
    events.sort(key=lambda event: event.at)
    copy_in(events)
    return len(events)


def _event(by: Actor, action: str, obj: object, client: Client, at: dt.datetime) -> Event:
    return Event(
        at=at,
        actor_id=by.audit_id,
        actor_display=by.audit_display,
        action=action,
        object_type=obj._meta.label_lower,  # type: ignore[attr-defined]
        object_id=str(obj.pk),  # type: ignore[attr-defined]
        client_id=client.pk,
        changes={},
    )
