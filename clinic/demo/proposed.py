"""Details that a few clients gave otherwise in their forms: staff find them waiting."""

import datetime as dt
import uuid

from intake import record_details as details
from intake.models import Invitation, Proposal

MOST = 3


def proposed(invitation: Invitation, *, at: dt.datetime) -> list[Proposal]:
    """Another address for mail, and whom to ring. Draws nothing, so that the rest of the demo stays as it is."""
    client = invitation.client
    name = client.given_name.casefold() or "someone"
    given = {"email": f"{name}.new@example.org", "emergency_contact_phone": "+1 202-555-0188"}
    return [
        Proposal(
            id=uuid.uuid5(invitation.pk, field),
            client=client,
            invitation=invitation,
            field=field,
            old=details.said(client, field),
            new=new,
            created_at=at,
        )
        for field, new in given.items()
    ]
