"""Adding, changing and archiving clients."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.audit import services as audit
from clinic.core import clock
from clinic.core.errors import Conflict, Refused
from clinic.people.models import Client, ContactPreference, Location, User
from clinic.people.permissions import Permission, require

EDITABLE = frozenset(
    {
        "given_name",
        "family_name",
        "preferred_name",
        "pronouns",
        "born_on",
        "email",
        "phone",
        "address",
        "emergency_contact_name",
        "emergency_contact_phone",
        "referrer",
        "language",
    }
)


class ClientDetails(TypedDict, total=False):
    """What may be said about a client; one name and one contact are enough."""

    given_name: str
    family_name: str
    preferred_name: str
    pronouns: str
    born_on: dt.date | None
    email: str
    phone: Any
    address: str
    emergency_contact_name: str
    emergency_contact_phone: Any
    referrer: str
    language: str


@transaction.atomic
def add_client(*, location: Location, by: User, **details: Unpack[ClientDetails]) -> Client:
    """Add a client of `location`. Raises Refused without a name or without any contact."""
    require(by, Permission.EDIT_CLIENTS)
    require(by, Permission.VIEW_CLIENTS, location)
    client = Client(**_checked(details))
    _require_name_and_contact(client)
    client.save()
    client.locations.add(location)
    audit.record(by, "client.added", client, client=client)
    return client


@transaction.atomic
def change_client(*, client: Client, by: User, **details: Unpack[ClientDetails]) -> Client:
    """Change what is known about a client. Raises Refused when it would lose its last name or contact."""
    client = locked(client, by)
    changed = [name for name, value in _checked(details).items() if getattr(client, name) != value]
    for name in changed:
        setattr(client, name, details[name])  # type: ignore[literal-required]
    _require_name_and_contact(client)
    if changed:
        client.save()
        audit.record(by, "client.changed", client, client=client, changes=changed)
    return client


@transaction.atomic
def add_location(*, client: Client, location: Location, by: User) -> None:
    """Let the staff of one more location see the client."""
    require(by, Permission.EDIT_CLIENTS, client)
    require(by, Permission.VIEW_CLIENTS, location)
    if not client.locations.filter(pk=location.pk).exists():
        client.locations.add(location)
        audit.record(by, "client.location-added", client, client=client, changes={"location": str(location.pk)})


@transaction.atomic
def archive_client(*, client: Client, by: User) -> Client:
    """Take a client out of lists and suggestions; everything about them stays."""
    client = locked(client, by)
    if not client.is_archived:
        client.archived_at = clock.now()
        client.save(update_fields=["archived_at", "updated_at"])
        audit.record(by, "client.archived", client, client=client)
    return client


@transaction.atomic
def restore_client(*, client: Client, by: User) -> Client:
    """Bring an archived client back."""
    client = locked(client, by)
    if client.is_archived:
        client.archived_at = None
        client.save(update_fields=["archived_at", "updated_at"])
        audit.record(by, "client.restored", client, client=client)
    return client


@transaction.atomic
def set_contact_preferences(*, client: Client, allowed: Mapping[tuple[str, str], bool], by: User) -> list[str]:
    """Keep what the client agreed to, by (channel, purpose). Returns the keys that changed, "email/reminder"."""
    client = locked(client, by)
    said = {(each.channel, each.purpose): each.is_allowed for each in client.contact_preferences.all()}
    changed = {key: value for key, value in allowed.items() if said.get(key, True) != value}
    for (channel, purpose), is_allowed in changed.items():
        ContactPreference.objects.update_or_create(
            client=client,
            channel=channel,
            purpose=purpose,
            defaults={"is_allowed": is_allowed, "changed_at": clock.now()},
        )
    names = sorted("/".join(key) for key in changed)
    if names:
        audit.record(by, "client.contact-preferences-changed", client, client=client, changes=names)
    return names


def locked(client: Client, by: User) -> Client:
    """The client's row, locked for a change. Raises Missing, NotAllowed, or Conflict for a merged record."""
    require(by, Permission.EDIT_CLIENTS, client)
    row: Client = Client.objects.select_for_update().get(pk=client.pk)
    if row.merged_into_id:
        raise Conflict(_("This record was merged into another one. Change that one."), code="client-merged")
    return row


def _checked(details: Mapping[str, Any]) -> dict[str, Any]:
    unknown = details.keys() - EDITABLE
    if unknown:
        raise TypeError(f"not about a client: {', '.join(sorted(unknown))}")
    return dict(details)


def _require_name_and_contact(client: Client) -> None:
    if not client.full_name:
        raise Refused(_("Give at least one name."), code="name-missing")
    if not client.email and not client.phone:
        raise Refused(_("Give an e-mail address or a phone number."), code="contact-missing")
