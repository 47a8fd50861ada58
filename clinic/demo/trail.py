"""Audit events of the demo: bookings of the last weeks, and every signature, which the check of the notes asks for."""

import datetime as dt
from typing import cast

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
    events += [_signed(each) for each in written if each.note.is_signed]
    events.sort(key=lambda event: event.at)
    copy_in(events)
    return len(events)


def _signed(written: Written) -> Event:
    note = written.note
    event = _event(note.therapist, "note.signed", note, note.client, cast(dt.datetime, note.signed_at))
    parts = written.part_proofs
    event.changes = {"version": note.version, "seal": note.seal, "number": note.chain_number, "parts": parts}
    return event


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
