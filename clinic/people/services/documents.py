"""Files about a client."""

from collections.abc import Callable
from typing import IO

from django.core.files.base import ContentFile
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _
from psycopg.errors import RaiseException

from clinic.audit import services as audit
from clinic.core import clock
from clinic.core.errors import Conflict, Refused
from clinic.people import uploads
from clinic.people.models import Client, Document, User
from clinic.people.permissions import Permission, require
from clinic.people.services.clients import locked

_bonds: list[Callable[[Document], None]] = []


def bind(check: Callable[[Document], None]) -> None:
    """What stands on a higher floor says which documents must stay: `check` raises Conflict with the reason."""
    _bonds.append(check)


@transaction.atomic
def add_document(*, client: Client, kind: str, upload: IO[bytes], title: str = "", by: User) -> Document:
    """Keep a file. Raises Refused when it is too large, broken, or not a PDF or a picture."""
    require(by, Permission.VIEW_DOCUMENTS, client)
    client = locked(client, by)
    file = uploads.clean(upload.read(uploads.MAX_BYTES + 1))
    title = title.strip() or uploads.title_from(getattr(upload, "name", "") or "")
    if not title:
        raise Refused(_("Give the document a title."), code="title-missing")
    return keep_document(client=client, kind=kind, file=file, title=title, by=by)


@transaction.atomic
def keep_document(*, client: Client, kind: str, file: uploads.CleanFile, title: str, by: User) -> Document:
    """Keep a file that was looked at already."""
    require(by, Permission.VIEW_DOCUMENTS, client)
    document = Document(
        client=client,
        title=title,
        kind=kind,
        media_type=file.media_type,
        size_bytes=len(file.content),
        sha256=file.sha256,
        added_by=by,
    )
    document.file.save("document", ContentFile(file.content), save=False)
    document.save()
    audit.record(by, "document.added", document, client=client, changes={"bytes": document.size_bytes})
    return document


@transaction.atomic
def remove_document(*, document: Document, cause: str, note: str = "", by: User) -> Document:
    """Take a document out of everybody's sight. Raises Refused without a cause, Conflict when it stays.

    It does when it is out already, or belongs to a note. The file stays, restricted, until the client's
    records may be deleted (`clinic.retention`).
    """
    require(by, Permission.REMOVE_DOCUMENTS, document.client)
    if cause not in Document.Removal.values:
        raise Refused(_("Say why it is taken out."), code="cause-missing")
    document = Document.objects.select_for_update(of=("self",)).select_related("client").get(pk=document.pk)
    if document.removed_at is not None:
        raise Conflict(_("A colleague has removed this document already."), code="document-removed")
    for check in _bonds:
        check(document)
    document.removed_at, document.removed_by = clock.now(), by
    document.removal_cause, document.removal_note = cause, note.strip()
    try:
        document.save()
    except DatabaseError as error:
        if not isinstance(error.__cause__, RaiseException):
            raise
        raise Conflict(_("This document belongs to a signed note: it stays."), code="document-sealed") from error
    audit.record(by, "document.removed", document, client=document.client, changes={"cause": cause})
    return document


@transaction.atomic
def delete_document(*, document: Document) -> None:
    """Delete a removed document for good, the file once the row is gone. For the system, when its time has come."""
    document = Document.objects.select_for_update(of=("self",)).select_related("client").get(pk=document.pk)
    if document.removed_at is None:
        raise Conflict(_("Only a removed document is deleted."), code="document-not-removed")
    storage, path = document.file.storage, str(document.file.name)
    audit.record(None, "document.deleted", document, client=document.client)
    document.delete()
    transaction.on_commit(lambda: storage.delete(path))
