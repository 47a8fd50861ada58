"""Asking a client for forms: by a secret link that lives for a while and is guarded by the date of birth."""

import datetime as dt
import enum
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.audit import services as audit
from clinic.core import clock
from clinic.core.errors import Refused
from clinic.messaging import links
from clinic.messaging.models import ClientLink, OutboundMessage, Purpose
from clinic.messaging.services import enqueue, void
from clinic.people.models import Client, Location, User
from clinic.people.permissions import Permission, require
from intake.models import Invitation, Questionnaire
from intake.services.proposals import propose_birth_date

LINK_LIVES = dt.timedelta(days=30)
MOST_TRIES = 5
MAIL_PURPOSES: list[str] = [Purpose.INTAKE, Purpose.BEFORE_VISIT, Purpose.FORM_REMINDER]
LINK_PURPOSES = {"follow_up": "follow_up"}  # everything else is opened as an intake form, after the birth-date check


class CheckResult(enum.Enum):
    PASSED = "passed"
    WRONG = "wrong"
    LOCKED = "locked"


@transaction.atomic
def invite(
    *,
    client: Client,
    forms: Sequence[str],
    by: User | None,
    purpose: str = Purpose.INTAKE,
    expires_at: dt.datetime | None = None,
    location: Location | None = None,
    responsible: User | None = None,
) -> tuple[Invitation, str]:
    """Ask for forms by slug, in this order. Returns the request and its link's secret.

    Raises Refused for a form nobody published.
    `by` is None when the system asks. The location says in whose name: without one, the client's first. `responsible`
    is told at once when an answer is an emergency: whoever treats the client.
    """
    if by is not None:
        require(by, Permission.SEND_INTAKE, client)
    questionnaires = [_published(slug) for slug in dict.fromkeys(forms)]
    invitation = Invitation.objects.create(
        client=client,
        location=location or _home_of(client),
        purpose=purpose,
        created_by=by,
        responsible=responsible,
    )
    asks = Invitation.questionnaires.through
    asks.objects.bulk_create(asks(invitation=invitation, questionnaire=form) for form in questionnaires)
    invitation.link = links.issue(
        client=client,
        purpose=LINK_PURPOSES.get(purpose, "intake"),
        object_id=invitation.pk,
        expires_at=expires_at or clock.now() + LINK_LIVES,
    )
    invitation.save()
    audit.record(by, "invitation.created", invitation, client=client, changes={"forms": len(questionnaires)})
    return invitation, links.token_of(invitation.link)


@transaction.atomic
def send_invitation(
    *,
    invitation: Invitation,
    by: User | None,
    visit_at: dt.datetime | None = None,
    due_at: dt.datetime | None = None,
) -> OutboundMessage | None:
    """Put the mail with the link into the outbox. None when the client has no address or wants no such mail.

    With `visit_at` it speaks of the visit, and is worth nothing once that has begun.
    """
    if by is not None:
        require(by, Permission.SEND_INTAKE, invitation)
    today = clock.now().date().isoformat()
    message = enqueue(
        purpose=invitation.purpose,
        dedupe_key=f"{invitation.purpose}:{invitation.pk}:{today}",
        location=invitation.location,
        client=invitation.client,
        link=invitation.link,
        about_id=invitation.pk,
        about_at=visit_at,
        due_at=due_at,
        expires_at=visit_at or (invitation.link.expires_at if invitation.link else None),
    )
    audit.record(by, "invitation.sent", invitation, client=invitation.client, changes={"queued": message is not None})
    return message


def take_back_mails(*, invitation: Invitation, reason: str) -> None:
    """What still waits to be sent about a request is not sent."""
    void(about_id=invitation.pk, purposes=MAIL_PURPOSES, reason=reason)


@transaction.atomic
def revoke_invitation(*, invitation: Invitation, by: User) -> None:
    """End the link. What was answered stays."""
    require(by, Permission.SEND_INTAKE, invitation)
    if invitation.link:
        links.revoke(purpose=invitation.link.purpose, object_id=invitation.pk)
    audit.record(by, "invitation.revoked", invitation, client=invitation.client)


@transaction.atomic
def check_birth_date(*, invitation: Invitation, born_on: dt.date) -> CheckResult:
    """Whether whoever holds the link knows the client's date of birth: five tries, then the link is locked.

    Without a date on record the one given is proposed to staff.
    """
    link = ClientLink.objects.select_for_update().get(invitation=invitation)
    if link.failed_checks >= MOST_TRIES:
        return CheckResult.LOCKED
    known = invitation.client.born_on
    if known is None:
        Invitation.objects.filter(pk=invitation.pk, claimed_born_on=None).update(claimed_born_on=born_on)
        propose_birth_date(invitation=invitation, born_on=born_on)
    elif known != born_on:
        link.failed_checks += 1
        link.save(update_fields=["failed_checks", "updated_at"])
        audit.record(link, "invitation.check-failed", invitation, client=invitation.client)
        return CheckResult.LOCKED if link.failed_checks >= MOST_TRIES else CheckResult.WRONG
    if link.opened_at is None:
        link.opened_at = clock.now()
        link.save(update_fields=["opened_at", "updated_at"])
    audit.record(link, "invitation.opened", invitation, client=invitation.client)
    return CheckResult.PASSED


def _published(slug: str) -> Questionnaire:
    questionnaire: Questionnaire | None = Questionnaire.objects.latest(slug)
    if questionnaire is None:
        raise Refused(_("There is no published form “%(slug)s”.") % {"slug": slug}, code="unknown-form")
    return questionnaire


def _home_of(client: Client) -> Location:
    location: Location | None = (
        client.locations.order_by("created_at").first() or Location.objects.order_by("created_at").first()
    )
    if location is None:
        raise Refused(_("Add a location first."), code="no-location")
    return location
