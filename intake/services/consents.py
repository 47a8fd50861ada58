"""Consent: what was agreed to, in which words, signed how, until when."""

import json
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.audit import services as audit
from clinic.core import clock
from clinic.core.errors import Conflict
from clinic.people.models import Client, User
from clinic.people.permissions import Permission, require
from intake.fhir import Item
from intake.fhir.answers import Signature
from intake.models import Consent, Response


@transaction.atomic
def give_consent(
    *, client: Client, item: Item, signature: Signature | None, by: audit.Actor | None, response: Response | None = None
) -> Consent:
    """Keep one consent with the text that was agreed to. A signature may come from the same form."""
    consent = Consent.objects.create(
        client=client,
        response=response,
        kind=str(item.extensions["consent"]),
        text_version=str(item.extensions["text-version"]),
        text=item.text,
        signed_name=signature.name if signature else "",
        signature=strokes_of(signature),
        given_at=clock.now(),
    )
    audit.record(by, "consent.given", consent, client=client, changes={"kind": consent.kind})
    return consent


@transaction.atomic
def withdraw_consent(*, consent: Consent, by: User) -> Consent:
    """End a consent from now on. Raises Conflict when it is ended already."""
    require(by, Permission.EDIT_CLIENTS, consent.client)
    consent = Consent.objects.select_for_update().get(pk=consent.pk)
    if consent.withdrawn_at is not None:
        raise Conflict(_("This consent was withdrawn already."), code="already-withdrawn")
    consent.withdrawn_at = clock.now()
    consent.save()
    audit.record(by, "consent.withdrawn", consent, client=consent.client, changes={"kind": consent.kind})
    return consent


def strokes_of(signature: Signature | None) -> Any:
    return json.loads(signature.strokes) if signature and signature.strokes else None
