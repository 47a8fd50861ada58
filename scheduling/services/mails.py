"""What a client is told about an appointment: outbox rows, written in the transaction that caused them."""

import datetime as dt

from clinic.core import clock
from clinic.messaging import links
from clinic.messaging.models import ClientLink, Purpose
from clinic.messaging.services import enqueue, void
from clinic.people.models import Practice
from scheduling import calendar_file
from scheduling.models import Appointment

# Nobody is told before the person at the desk could take it back.
UNDO_TIME = dt.timedelta(seconds=10)
LINK_LIVES_AFTER = dt.timedelta(days=2)
_WAITING = [Purpose.BOOKING, Purpose.MOVED, Purpose.CANCELLED, Purpose.REMINDER]


def tell(appointment: Appointment, purpose: Purpose) -> None:
    """Take back what waits, say what happened, and remind of what still comes. Nothing for times gone by."""
    void(about_id=appointment.pk, purposes=[*_WAITING])
    now = clock.now()
    if appointment.starts_at <= now:
        return
    practice = Practice.objects.first()
    link = link_to(appointment)
    _send(appointment, purpose, link, due_at=now + UNDO_TIME, file=calendar_file.render(appointment, practice=practice))
    if appointment.is_active:
        _write_reminders(appointment, practice, link)


def remind(appointment: Appointment) -> None:
    """Write the practice's reminders anew, those whose time has not passed."""
    void(about_id=appointment.pk, purposes=[Purpose.REMINDER])
    _write_reminders(appointment, Practice.objects.first(), link_to(appointment))


def _write_reminders(appointment: Appointment, practice: Practice | None, link: ClientLink) -> None:
    now = clock.now()
    for hours in practice.reminder_hours if practice else []:
        due_at = appointment.starts_at - dt.timedelta(hours=int(hours))
        if due_at > now:
            _send(appointment, Purpose.REMINDER, link, due_at=due_at, key=f"{hours}h")


def hush(appointment: Appointment) -> None:
    """Take back whatever still waits to be sent about an appointment."""
    void(about_id=appointment.pk, purposes=[*_WAITING])


def link_to(appointment: Appointment) -> ClientLink:
    """The client's own page of an appointment: one link, kept as long as it is of use."""
    expires_at = appointment.ends_at + LINK_LIVES_AFTER
    live = own_link(appointment)
    if live is None:
        return links.issue(
            client=appointment.client, purpose="appointment", object_id=appointment.pk, expires_at=expires_at
        )
    if live.expires_at != expires_at:
        live.expires_at = expires_at
        live.save(update_fields=["expires_at", "updated_at"])
    return live


def own_link(appointment: Appointment) -> ClientLink | None:
    """The link as it is, if there is one. 1 query."""
    live = ClientLink.objects.filter(purpose="appointment", object_id=appointment.pk, revoked_at=None)
    return live.order_by("created_at").last()


def _send(
    appointment: Appointment, purpose: Purpose, link: ClientLink, *, due_at: dt.datetime, file: str = "", key: str = ""
) -> None:
    enqueue(
        purpose=purpose,
        dedupe_key=":".join(filter(None, [str(appointment.pk), purpose, key, str(appointment.version)])),
        client=appointment.client,
        location=appointment.location,
        due_at=due_at,
        link=link,
        about_id=appointment.pk,
        about_at=appointment.starts_at,
        expires_at=_useful_until(appointment, purpose),
        calendar_file=file,
    )


def _useful_until(appointment: Appointment, purpose: Purpose) -> dt.datetime:
    """Whoever is booked for the next minute still needs the link to the form; the rest is news of the future."""
    return appointment.ends_at if purpose == Purpose.BOOKING else appointment.starts_at
