"""Files about a client."""

import hashlib
from typing import IO

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from clinic.audit import services as audit
from clinic.core.errors import Refused
from clinic.people import uploads
from clinic.people.models import Client, Document, User
from clinic.people.permissions import Permission, require
from clinic.people.services.clients import locked


@transaction.atomic
def add_document(*, client: Client, kind: str, upload: IO[bytes], title: str = "", by: User) -> Document:
    """Keep a file. Raises Refused when it is too large, broken, or not a PDF or a picture."""
    require(by, Permission.VIEW_DOCUMENTS, client)
    client = locked(client, by)
    file = uploads.clean(upload.read(uploads.MAX_BYTES + 1))
    title = title.strip() or uploads.title_from(getattr(upload, "name", "") or "")
    if not title:
        raise Refused(_("Give the document a title."), code="title-missing")
    document = Document(
        client=client,
        title=title,
        kind=kind,
        media_type=file.media_type,
        size_bytes=len(file.content),
        sha256=hashlib.sha256(file.content).hexdigest(),
        added_by=by,
    )
    document.file.save("document", ContentFile(file.content), save=False)
    document.save()
    audit.record(by, "document.added", document, client=client, changes={"bytes": document.size_bytes})
    return document
