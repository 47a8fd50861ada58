"""The form in which events and seals are hashed: the same after years, another version or a restore."""

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Sequence
from typing import Any

from clinic.audit.models import Seal

FIELDS = (
    "id",
    "at",
    "actor_id",
    "actor_display",
    "action",
    "object_type",
    "object_id",
    "client_id",
    "request_id",
    "address",
    "changes",
)


def event_mac(values: Sequence[Any], *, key: bytes) -> str:
    """HMAC-SHA256 over one event's values, in the order of FIELDS, as stored."""
    return _mac(values, key)


def seal_digest(seal: Seal, *, previous: str, key: bytes) -> str:
    """HMAC-SHA256 over the seal before and everything this one says."""
    macs = [[event_id, mac] for event_id, mac in seal.event_macs]
    return _mac(
        [previous, seal.number, seal.sealed_at, seal.first_event_id, seal.last_event_id, macs],
        key,
    )


def _mac(values: Sequence[Any], key: bytes) -> str:
    text = json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=True, default=_plain)
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def _plain(value: object) -> str:
    """An instant as microseconds of UTC, anything else (a UUID) by its one spelling."""
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return str(value)
