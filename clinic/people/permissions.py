"""Who may do what, written once."""

import enum
from typing import Any, Protocol

from django.utils.translation import gettext as _

from clinic.core.errors import Missing, NotAllowed
from clinic.people.models import Role


class Permission(enum.StrEnum):
    VIEW_CALENDAR = "calendar.view"
    BOOK = "appointment.book"
    OVERLAP = "appointment.overlap"
    OWN_CALENDARS = "calendar.own"
    SHARE_CALENDARS = "calendar.share"
    VIEW_CLIENTS = "client.view"
    EDIT_CLIENTS = "client.edit"
    MERGE_CLIENTS = "client.merge"
    VIEW_DOCUMENTS = "document.view"
    REMOVE_DOCUMENTS = "document.remove"
    EXPORT_CLIENT = "client.export"
    VIEW_MESSAGES = "message.view"
    SEND_MESSAGES = "message.send"
    EDIT_WORDINGS = "message.edit-wordings"
    VIEW_INTAKE_STATE = "intake.view-state"
    SEND_INTAKE = "intake.send"
    USE_KIOSK = "intake.use-kiosk"
    VIEW_INTAKE = "intake.view"
    ACKNOWLEDGE_FLAG = "flag.acknowledge"
    VIEW_NOTES = "note.view"
    WRITE_NOTE = "note.write"
    SIGN_NOTE = "note.sign"
    VIEW_OUTCOMES = "outcome.view"
    VIEW_PRACTICE = "practice.view"
    MANAGE_SETTINGS = "settings.manage"
    MANAGE_STAFF = "staff.manage"
    VIEW_AUDIT = "audit.view"
    OWN_ACCOUNT = "account.own"


_EVERYBODY = frozenset(Role.values)
_DESK = frozenset({Role.OWNER, Role.FRONT_DESK})
_CLINICAL = frozenset({Role.OWNER, Role.THERAPIST})
_THERAPIST = frozenset({Role.THERAPIST})
_OWNER = frozenset({Role.OWNER})

ROLES: dict[Permission, frozenset[str]] = {
    Permission.VIEW_CALENDAR: _EVERYBODY,
    Permission.BOOK: _EVERYBODY,
    Permission.OVERLAP: _DESK,
    Permission.OWN_CALENDARS: _THERAPIST,
    Permission.SHARE_CALENDARS: _CLINICAL,
    Permission.VIEW_CLIENTS: _EVERYBODY,
    Permission.EDIT_CLIENTS: _EVERYBODY,
    Permission.MERGE_CLIENTS: _DESK,
    Permission.VIEW_DOCUMENTS: _CLINICAL,
    Permission.REMOVE_DOCUMENTS: _CLINICAL,
    Permission.EXPORT_CLIENT: _OWNER,
    Permission.VIEW_MESSAGES: _EVERYBODY,
    Permission.SEND_MESSAGES: _EVERYBODY,
    Permission.EDIT_WORDINGS: _DESK,
    Permission.VIEW_INTAKE_STATE: _EVERYBODY,
    Permission.SEND_INTAKE: _EVERYBODY,
    Permission.USE_KIOSK: _EVERYBODY,
    Permission.VIEW_INTAKE: _CLINICAL,
    Permission.ACKNOWLEDGE_FLAG: _EVERYBODY,
    Permission.VIEW_NOTES: _CLINICAL,
    Permission.WRITE_NOTE: _THERAPIST,
    Permission.SIGN_NOTE: _THERAPIST,
    Permission.VIEW_OUTCOMES: _CLINICAL,
    Permission.VIEW_PRACTICE: _OWNER,
    Permission.MANAGE_SETTINGS: _OWNER,
    Permission.MANAGE_STAFF: _OWNER,
    Permission.VIEW_AUDIT: _OWNER,
    Permission.OWN_ACCOUNT: _EVERYBODY,
}


class Member(Protocol):
    """Anyone who may hold roles."""

    is_active: bool

    @property
    def roles(self) -> frozenset[str]: ...


def may(user: Any, permission: Permission) -> bool:
    """Whether one of the user's roles carries `permission`."""
    return bool(getattr(user, "is_active", False) and ROLES[permission] & getattr(user, "roles", frozenset()))


def require(user: Any, permission: Permission, obj: Any = None) -> None:
    """Raises NotAllowed without the permission, Missing when `obj` is out of the user's scope (one query)."""
    if not may(user, permission):
        raise NotAllowed(_("Your role does not include this. Ask the owner of the practice."))
    if obj is not None and not type(obj)._default_manager.visible_to(user).filter(pk=obj.pk).exists():
        raise Missing(_("This is not here, or not at your location."))
