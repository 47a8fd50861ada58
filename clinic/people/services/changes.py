"""Putting new values on a row, and naming what changed for the audit log."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from clinic.core.errors import Refused


def apply(row: models.Model, values: Mapping[str, Any]) -> list[str]:
    """Set what differs, check and save the row. Returns the names of the changed fields. Raises Refused."""
    is_new = row._state.adding
    changed = [name for name, value in values.items() if is_new or getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    if not changed and not is_new:
        return []
    try:
        row.full_clean()
    except ValidationError as error:
        raise Refused(
            " ".join(error.messages), code="invalid", details={"fields": sorted(error.message_dict)}
        ) from error
    row.save()
    return changed
