"""The secrets of a data folder: made once at random, readable by their owner only."""

import json
import secrets
from pathlib import Path

from clinic.core.embedded import places

NAMES = ("SECRET_KEY", "AUDIT_KEY", "LINK_KEY", "FIELD_KEY")
DATABASE_PASSWORD = "DATABASE_PASSWORD"  # noqa: S105 - a name, not a password


def of(data: Path) -> dict[str, str]:
    """The folder's secrets; those it lacks are made now and kept."""
    path = data / "secrets.json"
    kept = places.read_json(path)
    made = {name: secrets.token_urlsafe(48) for name in (*NAMES, DATABASE_PASSWORD) if name not in kept}
    if made:
        places.write_private(path, json.dumps(kept | made, indent=1))
    return kept | made
