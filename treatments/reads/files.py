"""Photos and documents of a note, to show, to print, and to check."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import cached_property

from clinic.people import uploads
from clinic.people.models import Document
from treatments.models import NoteFile, SessionNote

SMALL_PIXELS = 320  # on the page; twice that is what a sharp screen shows at its width
PRINTED_PIXELS = 1600  # the width of a page at 200 dots per inch


@dataclass(frozen=True)
class ShownFile:
    """A file of a note. `checksum` is the SHA-256 of its bytes as they were kept; the note's seal covers it."""

    file: NoteFile

    @property
    def document(self) -> Document:
        return self.file.document

    @property
    def is_picture(self) -> bool:
        return self.document.media_type.startswith("image/")

    @property
    def checksum(self) -> str:
        return self.document.sha256

    @property
    def label(self) -> str:
        """What it shows; without a caption its title."""
        return self.file.caption or self.document.title

    @cached_property
    def printed(self) -> bytes | None:
        """A JPEG for paper, at most 1600 pixels wide or high; None for what is no picture, or when the file is gone."""
        if not self.is_picture or not is_there(self.document):
            return None
        return uploads.smaller(self.document.file, longest_side_pixels=PRINTED_PIXELS)

    @property
    def is_intact(self) -> bool:
        """Whether the bytes on the disk are those that were kept. Reads the whole file."""
        return is_there(self.document) and checksum_of(self.document) == self.document.sha256


def files_of(note: SessionNote) -> list[ShownFile]:
    """In their order: one query. For the page, the PDF and the seal."""
    rows = NoteFile.objects.filter(note=note).select_related("document").order_by("position", "pk")
    return [ShownFile(row) for row in rows]


def free_documents(note: SessionNote) -> Sequence[Document]:
    """The client's documents that are part of no note yet, the newest first: one query."""
    rows = Document.objects.filter(client=note.client_id, removed_at=None, note_file=None)
    return list(rows.order_by("-created_at")[:100])


def is_there(document: Document) -> bool:
    return document.file.storage.exists(str(document.file.name))


def checksum_of(document: Document) -> str:
    """SHA-256 of the bytes on the disk, in hexadecimal."""
    with document.file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
