"""Writing events. Called by every service, inside its transaction, and by pages that show clinical data."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from django.db import models

from clinic.audit import context
from clinic.audit.models import Event
from clinic.core import clock


class Actor(Protocol):
    """Who did it: a user, or a client who came by a link."""

    @property
    def audit_id(self) -> uuid.UUID | None: ...

    @property
    def audit_display(self) -> str: ...


class _System:
    audit_id: uuid.UUID | None = None
    audit_display = "system"


SYSTEM: Actor = _System()


def record(
    by: Actor | None,
    action: str,
    obj: models.Model | None = None,
    *,
    client: models.Model | None = None,
    changes: Mapping[str, Any] | Iterable[str] | None = None,
) -> Event:
    """Append one event. `changes` names fields or holds counts and states, never a health fact."""
    actor = by or SYSTEM
    request = context.get()
    return Event.objects.create(
        at=clock.now(),
        actor_id=actor.audit_id,
        actor_display=actor.audit_display,
        action=action,
        object_type=obj._meta.label_lower if obj is not None else "",
        object_id=str(obj.pk) if obj is not None else "",
        client_id=client.pk if client is not None else None,
        request_id=request.request_id,
        address=request.address,
        changes=_as_mapping(changes),
    )


def read(by: Actor, obj: models.Model, *, client: models.Model | None = None) -> Event:
    """Append an event for clinical data about to be shown."""
    return record(by, f"{obj._meta.model_name}.read", obj, client=client)


def _as_mapping(changes: Mapping[str, Any] | Iterable[str] | None) -> dict[str, Any]:
    if changes is None:
        return {}
    if isinstance(changes, Mapping):
        return dict(changes)
    return {"fields": sorted(changes)}
