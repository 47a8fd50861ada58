"""The places of the rail: one table, in the order they stand."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clinic.people.permissions import Permission, may


@dataclass(frozen=True)
class Place:
    """One entry of the rail. `covers` are the beginnings of the view names that count as being here."""

    key: str
    label: str | Promise
    icon: str
    url_name: str
    permission: Permission
    covers: tuple[str, ...]
    is_at_end: bool = False


PLACES = (
    Place("today", _("Today"), "calendar", "scheduling:day", Permission.VIEW_CALENDAR, ("scheduling:",)),
    Place(
        "clients", _("Clients"), "clients", "people:client-list", Permission.VIEW_CLIENTS, ("people:client", "intake:")
    ),
    Place("notes", _("Notes"), "note", "treatments:note-list", Permission.VIEW_NOTES, ("treatments:",)),
    Place("messages", _("Messages"), "message", "messaging:message-list", Permission.VIEW_MESSAGES, ("messaging:",)),
    Place("outcomes", _("Outcomes"), "outcomes", "outcomes:index", Permission.VIEW_OUTCOMES, ("outcomes:",)),
    Place(
        "practice",
        _("Practice"),
        "practice",
        "scheduling:practice",
        Permission.VIEW_PRACTICE,
        ("scheduling:practice", "scheduling:report"),
    ),
    Place(
        "settings",
        _("Settings"),
        "settings",
        "people:settings",
        Permission.MANAGE_SETTINGS,
        (
            "people:",
            "audit-list",
            "scheduling:settings",
            "scheduling:booking-rules",
            "scheduling:service",
            "scheduling:hours",
            "scheduling:time-off",
            "scheduling:break",
            "scheduling:date-hours",
            "scheduling:holiday",
            "scheduling:room-closure",
            "scheduling:daily-limit",
            "scheduling:calendars",
            "intake:questionnaire",
            "intake:form-item",
            "intake:instrument",
            "intake:consent-text",
            "intake:flag-watch",
        ),
        is_at_end=True,
    ),
)


def current_key(view_name: str) -> str:
    """The place a view belongs to: the longest beginning wins; nothing for pages outside the rail."""
    matches = [(len(start), place.key) for place in PLACES for start in place.covers if view_name.startswith(start)]
    return max(matches)[1] if matches else ""


def places_for(user: Any, view_name: str) -> list[dict[str, Any]]:
    """The rail as `user` sees it, the place of `view_name` marked. The first four stay in reach on a phone."""
    here = current_key(view_name)
    allowed = [place for place in PLACES if may(user, place.permission)]
    return [
        {
            "key": place.key,
            "label": place.label,
            "icon": place.icon,
            "url": reverse(place.url_name),
            "is_current": place.key == here,
            "is_at_end": place.is_at_end,
            "is_later": index >= 4,
        }
        for index, place in enumerate(allowed)
    ]
