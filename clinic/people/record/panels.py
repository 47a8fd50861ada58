"""The pieces of a client's page: what must not be overlooked, facts, the story, what stands beside it."""

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from clinic.people.permissions import Permission
from clinic.people.record.reading import Reading


class Place(enum.StrEnum):
    WARNINGS = "warnings"
    FACTS = "facts"
    STORY = "story"
    SIDE = "side"


@dataclass(frozen=True, slots=True)
class Panel:
    """One piece: where it stands, who sees it, its template, what that shows (`read` names its queries), its sheets."""

    name: str
    place: Place
    order: int
    permission: Permission
    template: str
    read: Callable[[Reading], Mapping[str, Any]]
    styles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """A panel with what it shows to somebody."""

    panel: Panel
    context: Mapping[str, Any]


_panels: dict[str, Panel] = {}


def register(panel: Panel) -> None:
    _panels[panel.name] = panel


def shown_to(reading: Reading) -> dict[str, list[Shown]]:
    """The panels somebody may see, by place and in order."""
    found: dict[str, list[Shown]] = {place.value: [] for place in Place}
    for panel in sorted(_panels.values(), key=lambda each: each.order):
        if reading.may(panel.permission):
            found[panel.place].append(Shown(panel, panel.read(reading)))
    return found


def names(shown: Mapping[str, list[Shown]]) -> list[str]:
    return [each.panel.name for pieces in shown.values() for each in pieces]


def styles(shown: Mapping[str, list[Shown]]) -> list[str]:
    """The sheets these panels need, each once."""
    return list(dict.fromkeys(sheet for pieces in shown.values() for each in pieces for sheet in each.panel.styles))
