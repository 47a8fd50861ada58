"""The client's own page of exercises: its link, the mail that brings it, and what the client ticks there."""

import datetime as dt
import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.audit import services as audit
from clinic.core import clock
from clinic.core.errors import Conflict, Missing, Refused
from clinic.messaging import links
from clinic.messaging.models import ClientLink, OutboundMessage, Purpose
from clinic.messaging.services import enqueue
from clinic.people.models import Client, Location, User
from clinic.people.permissions import Permission, require
from treatments.models import Adherence, Prescription, SessionNote
from treatments.rules.adherence import may_be_ticked

LINK_PURPOSE = "exercises"
LINK_LIVES = dt.timedelta(days=365)
LINK_RENEWED = dt.timedelta(days=60)  # a link with less left than this is followed by a new one


@transaction.atomic
def send_programme(*, client: Client, location: Location, by: User) -> OutboundMessage | None:
    """Put the link to the client's exercises into the outbox; once a day at most, however often it is asked for.

    None when today's stands there already, or the client has no address or wants no such mail. Raises Refused when
    there is nothing to do at home.
    """
    require(by, Permission.WRITE_NOTE, client)
    client = Client.objects.select_for_update(of=("self",), no_key=True).get(pk=client.pk)
    if not Prescription.objects.current().filter(episode__client=client).exists():
        raise Refused(_("There is no exercise to send. Prescribe one first."), code="no-exercises")
    message = enqueue(
        purpose=Purpose.EXERCISES,
        dedupe_key=f"exercises:{client.pk}:{clock.today(location.zone)}",
        location=location,
        client=client,
        link=programme_link(client),
    )
    if message is not None:
        audit.record(by, "exercises.sent", message, client=client)
    return message


def send_after_signing(note: SessionNote, *, by: User) -> None:
    """A client who was given something new in this session gets the link to it, if mail may be sent."""
    if note.client.email and note.prescriptions.current().exists():
        send_programme(client=note.client, location=note.appointment.location, by=by)


def programme_link(client: Client) -> ClientLink:
    """The client's link: the one that was mailed goes on working for as long as it has some time left."""
    now = clock.now()
    live = ClientLink.objects.filter(
        client=client, purpose=LINK_PURPOSE, revoked_at=None, expires_at__gt=now + LINK_RENEWED
    )
    return live.order_by("-expires_at").first() or links.issue(
        client=client, purpose=LINK_PURPOSE, object_id=client.pk, expires_at=now + LINK_LIVES
    )


@transaction.atomic
def tick(*, link: ClientLink, prescription_id: uuid.UUID, done_on: dt.date, pain_after: int | None = None) -> Adherence:
    """The client did it that day. Twice is once; pain that is said later stands in place of what was said before.

    Raises Missing for an exercise of somebody else, Conflict for one that was stopped, Refused for a day that is too
    long ago or to come, and for pain beyond 0 to 10.
    """
    prescription = _ticked(link, prescription_id, done_on)
    if pain_after is not None and not 0 <= pain_after <= 10:
        raise Refused(_("Choose a number from 0 to 10."), code="pain-range")
    given = {} if pain_after is None else {"pain_after": pain_after}
    entry, is_new = Adherence.objects.update_or_create(prescription=prescription, done_on=done_on, defaults=given)
    _opened(link)
    action = "exercise.done" if is_new else "exercise.done-changed"
    audit.record(link, action, prescription, client=prescription.episode.client, changes={"on": done_on.isoformat()})
    return entry


@transaction.atomic
def untick(*, link: ClientLink, prescription_id: uuid.UUID, done_on: dt.date) -> None:
    """A tick by mistake. What was not ticked is no error. Raises as `tick` does."""
    prescription = _ticked(link, prescription_id, done_on)
    gone, _rows = Adherence.objects.filter(prescription=prescription, done_on=done_on).delete()
    if gone:
        about = {"on": done_on.isoformat()}
        audit.record(link, "exercise.not-done", prescription, client=prescription.episode.client, changes=about)


def _ticked(link: ClientLink, prescription_id: uuid.UUID, done_on: dt.date) -> Prescription:
    """The client's own exercise, locked, on a day that may be ticked."""
    rows = Prescription.objects.select_for_update(of=("self",)).select_related("episode__client", "episode__location")
    prescription: Prescription | None = rows.filter(
        pk=prescription_id, episode__client__in=link.client.identity_ids
    ).first()
    if prescription is None:
        raise Missing(_("This exercise is not on your list."))
    if prescription.stopped_at is not None:
        raise Conflict(_("Your therapist has stopped this exercise: leave it out."), code="exercise-stopped")
    zone = prescription.episode.location.zone
    today, since = clock.today(zone), prescription.prescribed_at.astimezone(zone).date()
    if not may_be_ticked(done_on, today=today, since=since):
        raise Refused(_("Only today and the last days can be ticked."), code="day-range")
    return prescription


def _opened(link: ClientLink) -> None:
    if link.opened_at is None:
        link.opened_at = clock.now()
        link.save(update_fields=["opened_at", "updated_at"])
