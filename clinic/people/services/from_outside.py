"""Clients who say themselves who they are, without an account: found again without anybody learning of it."""

import datetime as dt
from typing import Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.audit import services as audit
from clinic.audit.services import Actor
from clinic.core.errors import Refused
from clinic.people import search_conditions as conditions
from clinic.people.models import Client, Location
from clinic.people.search import resemblance
from clinic.people.services.clients import ClientDetails


def recognise(
    *, email: str, given_name: str = "", family_name: str = "", born_on: dt.date | None = None
) -> Client | None:
    """The one current record that has this e-mail address, and this name or (with one of the names) this birth date.

    The address has to be the record's: what follows is told to that mailbox and to nobody else, so that whoever
    typed a stranger's name, birth date and phone learns nothing, and takes over no record. A family may share an
    address: hence the name. A birth date that differs from the record's is somebody else. More than one that fits,
    or none: None; the new record then stands beside the old one as a possible duplicate. 1 query.
    """
    found = Client.objects.current().filter(conditions.contains(email), email__iexact=email).order_by("pk")[:50]
    said = Client(given_name=given_name, family_name=family_name, born_on=born_on)
    alike = [each for each in found if _is_meant(said, each)]
    return alike[0] if len(alike) == 1 else None


@transaction.atomic
def add_client_from_outside(*, location: Location, actor: Actor, **details: Unpack[ClientDetails]) -> Client:
    """Add a client who came by themselves. Raises Refused without a name or without an e-mail address."""
    client = Client(**details)
    if not client.full_name:
        raise Refused(_("Give at least one name."), code="name-missing")
    if not client.email:
        raise Refused(_("Give an e-mail address."), code="contact-missing")
    client.save()
    client.locations.add(location)
    audit.record(actor, "client.added", client, client=client)
    return client


def _is_meant(said: Client, client: Client) -> bool:
    knows_both = said.born_on is not None and client.born_on is not None
    if knows_both and said.born_on != client.born_on:
        return False
    named = [client.full_name, f"{client.preferred_name} {client.family_name}".strip()]
    if any(resemblance(said.full_name, name) == 1 for name in named):
        return True
    return knows_both and any(
        ours and resemblance(ours, theirs) == 1
        for ours, theirs in ((said.family_name, client.family_name), (said.given_name, client.given_name))
    )
