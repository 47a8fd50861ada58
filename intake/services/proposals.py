"""What a client gave otherwise than the record has it: proposed, then taken over or not. Nothing happens by itself."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.audit import services as audit
from clinic.core import clock
from clinic.core.errors import Conflict, Refused
from clinic.people.models import Client, User
from clinic.people.permissions import Permission, require
from clinic.people.services.clients import change_client, locked
from intake import record_details as details
from intake.fhir import Answers, Form
from intake.models import Invitation, Proposal, Response

State = Proposal.State


def propose_birth_date(*, invitation: Invitation, born_on: dt.date) -> None:
    """The date of birth given at the gate when none is on record; only the first one counts."""
    Proposal.objects.get_or_create(
        invitation=invitation,
        field=details.BORN_ON,
        defaults={"client": invitation.client, "new": born_on.isoformat()},
    )


def propose_changes(
    *, response: Response, form: Form, answers: Answers, enabled: set[str], by: audit.Actor | None
) -> list[Proposal]:
    """What a completed form says otherwise than the record. Called inside the transaction that completes it.

    A box left as it was filled in says nothing, whatever staff have changed meanwhile; one that was emptied says that
    the detail does not hold any more; one that was empty and stayed so says nothing.
    """
    invitation = response.invitation
    asked = {f: details.address_of(item) for f, item in details.items_of(form).items()}
    asked = {field: address for field, address in asked.items() if address in enabled}
    if invitation is None or not asked:
        return []
    client = Client.objects.get(pk=response.client_id)
    given = {field: str(answers.one(address) or "") for field, address in asked.items()}
    differing = {f: new for f, new in given.items() if _differs(client, f, new, response.shown_details)}
    answered = [field for field, new in given.items() if new or field in response.shown_details]
    _replace_earlier(client, answered, invitation)
    made = [
        Proposal(client=client, invitation=invitation, field=field, old=details.said(client, field), new=new)
        for field, new in differing.items()
    ]
    Proposal.objects.bulk_create(made, ignore_conflicts=True)
    if made:
        audit.record(by, "client.change-proposed", client, client=client, changes=sorted(differing))
    return made


def _differs(client: Client, field: str, new: str, shown: Mapping[str, str]) -> bool:
    unchanged = details.is_same(field, new, shown.get(field, ""))
    return not unchanged and not details.is_same(field, new, details.said(client, field))


def _replace_earlier(client: Client, fields: list[str], invitation: Invitation) -> None:
    earlier = Proposal.objects.open().filter(client__in=client.identity_ids, field__in=fields)
    earlier.exclude(invitation=invitation).update(state=State.REPLACED, updated_at=clock.now())


@transaction.atomic
def accept_proposal(*, proposal: Proposal, seen: str, by: User) -> Client:
    """Put it into the record. `seen` is what the record said on the page that was decided on.

    Raises Conflict when it is decided already or the record says something else by now, Refused when the record would
    lose its last contact.
    """
    proposal, client = _open(proposal, by)
    before = details.said(client, proposal.field)
    if before != seen:
        raise Conflict(_("The record was changed meanwhile. Look at it again, then decide."), code="record-changed")
    try:
        value = details.read(proposal.field, proposal.new)
    except ValueError as error:
        raise Refused(str(error), code="not-readable") from error
    changed = change_client(client=client, by=by, **{proposal.field: value})
    _decide(proposal, State.ACCEPTED, before, by)
    return changed


@transaction.atomic
def keep_record(*, proposal: Proposal, by: User) -> None:
    """Leave the record as it is. Raises Conflict when it is decided already."""
    proposal, client = _open(proposal, by)
    _decide(proposal, State.KEPT, details.said(client, proposal.field), by)


def _open(proposal: Proposal, by: User) -> tuple[Proposal, Client]:
    """Both rows, locked. A proposal of a merged record is about the one it was merged into."""
    require(by, Permission.EDIT_CLIENTS, proposal)
    row = Proposal.objects.select_for_update(of=("self",)).select_related("client__merged_into").get(pk=proposal.pk)
    if row.state != State.OPEN:
        raise Conflict(_("This was decided already."), code="already-decided")
    return row, locked(row.client.merged_into or row.client, by)


def _decide(proposal: Proposal, state: str, before: str, by: User) -> None:
    proposal.state, proposal.old, proposal.decided_by, proposal.decided_at = state, before, by, clock.now()
    proposal.save(update_fields=["state", "old", "decided_by", "decided_at", "updated_at"])
    audit.record(by, f"proposal.{state}", proposal, client=proposal.client, changes=[proposal.field])
