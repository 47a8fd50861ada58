"""Which files may be given as an answer, how large, how many; and which row an answer names."""

import uuid
from decimal import Decimal
from typing import Any

from clinic.people import uploads
from intake.fhir import Item
from intake.fhir import extensions as ext
from intake.fhir.values import Attachment

KINDS = ("image/jpeg", "image/png", "application/pdf")
NAMES = {"image/jpeg": "JPEG", "image/png": "PNG", "application/pdf": "PDF"}
MEGABYTE = 1024 * 1024
MOST_HERE, MOST_IN_ALL = 10, 30
URN = "urn:uuid:"


def kinds_for(item: Item) -> tuple[str, ...]:
    """What may be given: what we take, or those of it that the form's own `mimeType` allows."""
    wanted = [str(each.get("valueCode", "")) for each in ext.of(item.source, ext.MIME_TYPE)]
    allowed = tuple(kind for kind in KINDS if not wanted or kind in wanted or f"{kind.partition('/')[0]}/*" in wanted)
    return allowed or KINDS


def most_bytes(item: Item) -> int:
    """The form's own `maxSize` in megabytes, as far as it is less than ours."""
    own = ext.value(item.source, ext.MAX_SIZE)
    is_number = isinstance(own, int | float | Decimal) and own > 0
    return min(uploads.MAX_BYTES, int(own * MEGABYTE)) if is_number else uploads.MAX_BYTES  # type: ignore[operator]


def most_files(item: Item) -> int:
    return min(item.max_occurs or MOST_HERE, MOST_HERE)


def pk_of(value: Any) -> uuid.UUID | None:
    """The row an answer names; None for a file that is elsewhere, and for anything else."""
    if not isinstance(value, Attachment) or not value.url.startswith(URN):
        return None
    try:
        return uuid.UUID(value.url.removeprefix(URN))
    except ValueError:
        return None
