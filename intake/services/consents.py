"""Consent: what was agreed to, in which words, signed how, until when."""

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.audit import services as audit
from clinic.core import clock
from clinic.core.errors import Conflict, Missing, Refused
from clinic.messaging import links
from clinic.messaging.models import ClientLink, OutboundMessage, Purpose
from clinic.messaging.services import enqueue
from clinic.people.models import Client, ContactPreference, User
from clinic.people.permissions import Permission, require
from intake.consent_texts import Wording
from intake.fhir.answers import Signature
from intake.models import Consent, ConsentText, Response
from intake.services.alarm import location_of

COPY_LIVES = dt.timedelta(days=90)
MAIL_PURPOSES = ("reminder", "before_visit", "follow_up")


@transaction.atomic
def give_consent(
    *,
    client: Client,
    wording: Wording,
    signature: Signature | None,
    by: audit.Actor | None,
    response: Response | None = None,
) -> Consent:
    """Keep one consent with the words that were agreed to. A signature may come from the same form."""
    consent = Consent.objects.create(
        client=client,
        response=response,
        consent_text=wording.row,
        kind=wording.kind,
        language=wording.language,
        text_version=wording.version,
        title=wording.title,
        text=wording.text,
        signed_name=signature.name if signature else "",
        signature=strokes_of(signature),
        given_at=(response.completed_at if response else None) or clock.now(),
    )
    audit.record(by, "consent.given", consent, client=client, changes={"kind": consent.kind})
    return consent


@transaction.atomic
def send_copy(*, response: Response, by: audit.Actor | None) -> OutboundMessage | None:
    """Mail the link to what was agreed to in a form. None without an address, or when today's copy stands already.

    Raises Refused when nothing was agreed to. An older link goes on working until its own day.
    """
    if not response.consents.exists():
        raise Refused(_("Nothing was agreed to in this form."), code="no-consent")
    if isinstance(by, User):
        require(by, Permission.SEND_INTAKE, response.client)
    now = clock.now()
    link = links.issue(client=response.client, purpose="consent", object_id=response.pk, expires_at=now + COPY_LIVES)
    message = enqueue(
        purpose=Purpose.CONSENT_COPY,
        dedupe_key=f"{Purpose.CONSENT_COPY}:{response.pk}:{now.date().isoformat()}",
        location=location_of(response),
        client=response.client,
        link=link,
        about_id=response.pk,
        expires_at=link.expires_at,
    )
    audit.record(by, "consent.copy-sent", response, client=response.client, changes={"queued": message is not None})
    return message


@transaction.atomic
def withdraw_consent(*, consent: Consent, by: User) -> Consent:
    """End a consent from now on, as the client told staff. Raises Conflict when it is ended already."""
    require(by, Permission.EDIT_CLIENTS, consent.client)
    return _end(consent, by, withdrawn_by=by)


@transaction.atomic
def withdraw_by_link(*, consent: Consent, link: ClientLink) -> Consent:
    """The client takes a consent back. Raises Missing for somebody else's, Conflict when it is ended already."""
    if link.purpose != "consent" or consent.response_id != link.object_id:
        raise Missing(_("This link does not work any more. Please ask the clinic for a new one."))
    return _end(consent, link, withdrawn_by=None)


def end_declined(*, response: Response, kinds: Iterable[str], by: audit.Actor | None) -> None:
    """What a form asked for again and was not given any more is taken back by that."""
    standing = Consent.objects.filter(client__in=response.client.identity_ids, kind__in=list(kinds), withdrawn_at=None)
    for consent in standing:
        _end(consent, by, withdrawn_by=None)


def _end(consent: Consent, by: audit.Actor | None, withdrawn_by: User | None) -> Consent:
    consent = Consent.objects.select_for_update(of=("self",)).select_related("client").get(pk=consent.pk)
    if consent.withdrawn_at is not None:
        raise Conflict(_("This consent was withdrawn already."), code="already-withdrawn")
    consent.withdrawn_at, consent.withdrawn_by = clock.now(), withdrawn_by
    consent.save(update_fields=["withdrawn_at", "withdrawn_by", "updated_at"])
    if consent.kind == ConsentText.Kind.REMINDERS:
        keep_mail_wish(client=consent.client, is_allowed=False)
    audit.record(by, "consent.withdrawn", consent, client=consent.client, changes={"kind": consent.kind})
    return consent


def keep_mail_wish(*, client: Client, is_allowed: bool) -> None:
    """Reminders and questions by mail: as the client ticked, or did not."""
    for purpose in MAIL_PURPOSES:
        ContactPreference.objects.update_or_create(
            client=client,
            channel="email",
            purpose=purpose,
            defaults={"is_allowed": is_allowed, "changed_at": clock.now()},
        )


def strokes_of(signature: Signature | None) -> Any:
    return json.loads(signature.strokes) if signature and signature.strokes else None
