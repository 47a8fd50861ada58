"""What is held here: the client, alerts, contact preferences, documents; and who did and opened what."""

import functools
import uuid
from collections.abc import Collection, Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.audit.models import Event
from clinic.people import uploads
from clinic.people.models import Alert, Client, ContactPreference, Document
from clinic.people.record import held
from clinic.people.record.held import Area, File, Lines, Table, Values

NOT_THEIRS = Document.Removal.NOT_THEIRS


def _about_document(row: Document, values: Values) -> Values:
    """Where its file is. Of what is about somebody else only that it was here, and why it was taken out."""
    if row.removal_cause == NOT_THEIRS:
        return {name: values[name] for name in ("id", "client", "created_at", "removed_at", "removal_cause")}
    return values | {"file": _path_of(row) if _is_there(row) else _("missing")}


def _path_of(row: Document) -> str:
    return f"documents/{row.created_at:%Y-%m-%d}-{row.pk.hex[:8]}{uploads.SUFFIXES.get(row.media_type, '')}"


def _is_there(row: Document) -> bool:
    return row.file.storage.exists(str(row.file.name))


def _kept(row: Document) -> Lines:
    """What was removed is held all the same, until the law lets it go."""
    return [(_("Removed"), _("Out of sight; kept until the records may be deleted."))] if row.removed_at else []


def _files(ids: Collection[uuid.UUID]) -> Iterator[File]:
    for row in Document.objects.filter(client__in=ids).exclude(removal_cause=NOT_THEIRS):
        if _is_there(row):
            yield File(_path_of(row), functools.partial(row.file.storage.open, str(row.file.name), "rb"))


def _event(row: Event, values: Values) -> Values:
    """Who, when, what. Where from, and the address of whoever did it, are not about the client."""
    who = row.actor_display.partition(" <")[0]
    return {"at": row.at, "who": who, "action": row.action, "about": row.object_type.rpartition(".")[2]}


held.register(
    Area(
        "people",
        gettext_lazy("Person, alerts and documents"),
        (
            Table(Client, "pk", title=("given_name", "family_name"), technical=("merged_into",)),
            Table(Alert, "client", title=("label",), technical=("code",)),
            Table(ContactPreference, "client", is_list=True),
            Table(Document, "client", title=("title",), technical=("sha256",), adjust=_about_document, more=_kept),
        ),
        _files,
    )
)
held.register(
    Area(
        "trail",
        gettext_lazy("Who did and opened what"),
        (Table(Event, "client_id", adjust=_event, is_list=True),),
        order=9,
    )
)
