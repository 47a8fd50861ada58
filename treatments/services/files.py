"""Photos and documents of a session: added to its draft, part of what is signed, and kept with the client.

The version of the note does not change with them: whoever types beside an upload is never told of a conflict.
"""

from typing import IO

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.audit import services as audit
from clinic.core.errors import Conflict, Refused
from clinic.people import uploads
from clinic.people.models import Document, User
from clinic.people.permissions import Permission, require
from clinic.people.services.clients import locked
from clinic.people.services.documents import keep_document, remove_document
from treatments.models import NoteFile, SessionNote
from treatments.services.notes import lock_draft

MOST_FILES = 30
LONGEST_CAPTION = 200


@transaction.atomic
def add_file(*, note: SessionNote, upload: IO[bytes], by: User, caption: str = "") -> NoteFile:
    """Keep a file with the client and with this draft. The same file sent twice is there once.

    Raises Refused when it is too large, broken, or not a PDF or a picture; Conflict once the note is signed.
    """
    client = locked(note.client, by)  # before the note, as signing does
    note = lock_draft(note=note, by=by)
    file = uploads.clean(upload.read(uploads.MAX_BYTES + 1))
    there: NoteFile | None = note.files.filter(document__sha256=file.sha256).select_related("document").first()
    if there is not None:
        return there
    _check_room(note)
    name = uploads.title_from(getattr(upload, "name", "") or "")
    document = keep_document(
        client=client,
        kind=Document.Kind.IMAGING if file.is_picture else Document.Kind.OTHER,
        file=file,
        title=name or (_("Photo") if file.is_picture else _("Document")),
        by=by,
    )
    return _attach(note, document, caption, by)


@transaction.atomic
def attach_document(*, note: SessionNote, document: Document, by: User, caption: str = "") -> NoteFile:
    """Make a document that the client has already part of this draft.

    Raises Refused for somebody else's, Conflict when it is part of a note, or once the note is signed.
    """
    note = lock_draft(note=note, by=by)
    require(by, Permission.VIEW_DOCUMENTS, document)
    document = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
    if document.client_id != note.client_id or document.removed_at is not None:
        raise Refused(_("That document belongs to somebody else."), code="foreign-document")
    if NoteFile.objects.filter(document=document).exists():
        raise Conflict(_("This document is part of a note already."), code="document-in-note")
    _check_room(note)
    return _attach(note, document, caption, by)


@transaction.atomic
def caption_file(*, file: NoteFile, caption: str, by: User) -> NoteFile:
    """Say what it shows. Raises Conflict once the note is signed."""
    note = lock_draft(note=file.note, by=by)
    file = _locked(file)
    caption = _checked(caption)
    if caption != file.caption:
        file.caption = caption
        file.save(update_fields=["caption"])
        audit.record(by, "note.file-captioned", file, client=note.client)
    return file


@transaction.atomic
def take_out(*, file: NoteFile, by: User, cause: str = "") -> None:
    """Take a file out of a draft. With a cause it is removed from the client's documents as well, by their rules.

    Raises Conflict once the note is signed: what was signed stays whole.
    """
    note = lock_draft(note=file.note, by=by)
    file = _locked(file)
    document = file.document
    audit.record(by, "note.file-taken-out", file, client=note.client, changes={"document": str(document.pk)})
    file.delete()
    if cause:
        remove_document(document=document, cause=cause, by=by)


def refuse_removal(document: Document) -> None:
    """Raises Conflict while a note has this document: a signed one for good, a draft until it is taken out of it."""
    file = NoteFile.objects.filter(document=document).select_related("note").first()
    if file is None:
        return
    if file.note.is_signed:
        raise Conflict(_("This document belongs to a signed note: it stays."), code="document-sealed")
    raise Conflict(
        _("This document belongs to a note that is being written. Take it out of the note first."),
        code="document-in-note",
    )


def _locked(file: NoteFile) -> NoteFile:
    """As it is now. Raises Conflict when it was taken out meanwhile."""
    found: NoteFile | None = NoteFile.objects.select_related("document__client", "note").filter(pk=file.pk).first()
    if found is None:
        raise Conflict(_("This file was taken out of the note already."), code="file-gone")
    return found


def _check_room(note: SessionNote) -> None:
    if note.files.count() >= MOST_FILES:
        message = _("A note holds at most %(most)s files. Take one out first.") % {"most": MOST_FILES}
        raise Refused(message, code="too-many-files")


def _attach(note: SessionNote, document: Document, caption: str, by: User) -> NoteFile:
    last = note.files.order_by("-position").first()
    position = last.position + 1 if last else 0
    file = NoteFile.objects.create(note=note, document=document, caption=_checked(caption), position=position)
    audit.record(by, "note.file-added", file, client=note.client, changes={"document": str(document.pk)})
    return file


def _checked(caption: str) -> str:
    """One line. Raises Refused when it is too long."""
    line = " ".join(caption.split())
    if len(line) > LONGEST_CAPTION:
        raise Refused(_("Say in at most 200 characters what it shows."), code="caption-too-long")
    return line
