"""Text that lost a race for a draft: kept beside the note until its author has merged it."""

import secrets
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from clinic.audit import services as audit
from clinic.core import clock
from clinic.people.models import User
from clinic.people.permissions import Permission, require
from treatments.models import SessionNote, SetAside
from treatments.services.notes import DraftChanges, save_draft

DEVICE_LENGTH = 40


@transaction.atomic
def set_aside(*, note: SessionNote, by: User, over_version: int, device: str, content: Mapping[str, Any]) -> SetAside:
    """Keep what could not be saved. A device has one such text of a note; what it types later replaces it.

    `content` is the form as it was sent, what it was typed over as `base`, and what stood there as `theirs`.
    """
    require(by, Permission.WRITE_NOTE, note)
    mine = SetAside.objects.select_for_update().filter(note=note, settled_at=None)
    row: SetAside | None = mine.filter(device=device, author=by).first() if device else None
    if row is None:
        is_free = device and not mine.filter(device=device).exists()
        row = SetAside(note=note, author=by, content={}, over_version=over_version)
        row.device = device if is_free else secrets.token_hex(DEVICE_LENGTH // 2)
        audit.record(by, "note.set-aside", note, client=note.client, changes={"over": over_version})
    # What was under way while its page was closed may come in after what the next page found and sent.
    if content.get("at", 0) >= row.content.get("at", 0):
        row.over_version, row.content = over_version, dict(content)
        row.save()
    return row


def unsettled(note: SessionNote) -> Any:
    """Texts of this note that nobody has merged yet, the oldest first (one query)."""
    return SetAside.objects.filter(note=note, settled_at=None).select_related("author")


@transaction.atomic
def settle(*, note: SessionNote, by: User, device: str) -> int:
    """The device went on over the note as it is: what was set aside for it is in there, or was given up."""
    if not device:
        return 0
    now = clock.now()
    rows = SetAside.objects.filter(note=note, author=by, device=device, settled_at=None)
    count: int = rows.update(settled_at=now, updated_at=now)
    if count:
        audit.record(by, "note.merged", note, client=note.client)
    return count


@transaction.atomic
def merge(*, row: SetAside, by: User, version: int, changes: DraftChanges) -> SessionNote:
    """Save what was chosen of the two texts, and settle the one that was set aside. It stays as a record.

    Raises StaleVersion when the note was saved once more while somebody chose.
    """
    note: SessionNote = save_draft(note=row.note, by=by, version=version, changes=changes)
    settle(note=note, by=by, device=row.device)
    return note
