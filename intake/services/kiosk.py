"""Tablets at the desk: enrolled by staff, lent to one client at a time, ended by themselves."""

import secrets
import uuid

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from clinic.audit import services as audit
from clinic.core import clock, tokens
from clinic.core.errors import Conflict, Refused
from clinic.people.models import Location, User
from clinic.people.permissions import Permission, require
from intake.models import Invitation, KioskDevice, KioskTurn, Response

End = KioskTurn.End


@transaction.atomic
def enrol_device(*, location: Location, name: str, by: User) -> tuple[KioskDevice, str]:
    """Make the browser in hand a tablet for clients. Returns it and its secret. Raises Conflict for a name in use."""
    require(by, Permission.USE_KIOSK, location)
    secret = secrets.token_urlsafe(32)
    try:
        with transaction.atomic():
            device = KioskDevice.objects.create(
                location=location, name=name, digest=tokens.digest(secret), enrolled_by=by
            )
    except IntegrityError as error:
        raise Conflict(_("There is a tablet of that name here. Choose another one."), code="name-in-use") from error
    audit.record(by, "kiosk.enrolled", device)
    return device, secret


@transaction.atomic
def revoke_device(*, device: KioskDevice, by: User) -> None:
    """Take a tablet out of use: whatever it shows ends, and the browser on it is free again."""
    require(by, Permission.USE_KIOSK, device)
    device = KioskDevice.objects.select_for_update().get(pk=device.pk)
    if device.revoked_at is None:
        device.revoked_at = clock.now()
        device.save(update_fields=["revoked_at", "updated_at"])
        _end_all(device, End.REVOKED)
        audit.record(by, "kiosk.revoked", device)


@transaction.atomic
def send_to_tablet(*, invitation: Invitation, device: KioskDevice, by: User) -> KioskTurn:
    """Put a form on a tablet; what was on it ends. Raises Refused for a form that is done or whose link has ended."""
    require(by, Permission.SEND_INTAKE, invitation)
    require(by, Permission.USE_KIOSK, device)
    device = KioskDevice.objects.select_for_update().get(pk=device.pk)
    if device.revoked_at:
        raise Refused(_("This tablet is out of use."), code="tablet-revoked")
    check_answerable(invitation)
    _end_all(device, End.REPLACED)
    turn = KioskTurn.objects.create(device=device, invitation=invitation, sent_by=by)
    audit.record(by, "kiosk.sent", invitation, client=invitation.client, changes={"tablet": str(device.pk)})
    return turn


def check_answerable(invitation: Invitation) -> None:
    """Raises Refused when nobody can answer the request any more."""
    link = invitation.link
    if invitation.state == Invitation.State.DONE:
        raise Refused(_("This form is done already."), code="form-done")
    if link is None or link.revoked_at or link.expires_at <= clock.now():
        raise Refused(_("The link of this form has ended. Send a new one."), code="link-ended")


@transaction.atomic
def begin_turn(*, turn: KioskTurn) -> None:
    """The client has given the date of birth: what they answer now is answered at the desk."""
    now = clock.now()
    KioskTurn.objects.filter(pk=turn.pk).update(opened_at=now, seen_at=now, updated_at=now)
    drafts = turn.invitation.responses.filter(status=Response.Status.DRAFT)
    drafts.update(source=Response.Source.KIOSK, updated_at=now)


def note_activity(*, turn: KioskTurn) -> None:
    """Somebody is at the tablet."""
    KioskTurn.objects.filter(pk=turn.pk).update(seen_at=clock.now())


@transaction.atomic
def end_turn(*, turn: KioskTurn, is_idle: bool) -> None:
    """The tablet is handed back, or was left lying. What was answered stays; ending twice changes nothing."""
    how = End.IDLE if is_idle else End.HANDED_BACK
    if _end([turn.pk], how):
        audit.record(turn.invitation.link, "kiosk.ended", turn.invitation, client=turn.invitation.client)


def _end_all(device: KioskDevice, how: End) -> None:
    _end(list(device.turns.filter(ended_at=None).values_list("pk", flat=True)), how)


def _end(pks: list[uuid.UUID], how: End) -> int:
    now = clock.now()
    return KioskTurn.objects.filter(pk__in=pks, ended_at=None).update(ended_at=now, how=how, updated_at=now)
