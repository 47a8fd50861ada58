"""Free times as a page offers them: by day, by place, each with the value its radio button sends."""

import datetime as dt
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from clinic.core.errors import Refused
from clinic.people.models import Location
from scheduling.availability import Search, Slot, find
from scheduling.views.parsing import instant_in


@dataclass(frozen=True, slots=True)
class ChosenSlot:
    """A slot as it came back from a form: who and where are ids still to be looked up."""

    starts_at: dt.datetime
    therapist: str
    room: str


def value_of(slot: Slot) -> str:
    return f"{slot.starts_at.isoformat()}|{slot.therapist.pk}|{slot.room.pk}"


def read_slot(text: str) -> ChosenSlot:
    """Raises Refused for what no radio button sends."""
    parts = text.split("|")
    if len(parts) != 3:
        raise Refused(_("Choose one of the free times."), code="no-slot")
    return ChosenSlot(instant_in(parts[0]), parts[1], parts[2])


def offers(
    search: Search, *, places: list[Location], at: dt.datetime | None = None, days: int = 5, is_chosen: bool = False
) -> dict[str, Any]:
    """Days of free times, and where the next page of them begins. 2 queries.

    With `is_chosen` one is chosen already: the next, or the nearest to the time asked for.
    """
    found = find(search, days=days, per_day=40 if search.therapist else 14)
    chosen = _nearest_to([each for day in found for each in day.slots], at) if is_chosen else None
    return {
        "is_elsewhen": bool(at and chosen and chosen.starts_at != at),
        "days": [
            {
                "date": day.date,
                "places": [
                    {
                        "location": location,
                        "zone": slots[0].starts_at.astimezone(location.zone).strftime("%Z"),
                        "slots": [
                            {"slot": each, "value": value_of(each), "is_chosen": each is chosen} for each in slots
                        ],
                    }
                    for location, slots in _by_place(day.slots)
                ],
            }
            for day in found
        ],
        "has_reasons": any(slot.reason for day in found for slot in day.slots),
        "names_places": len(places) > 1,
        "next": (found[-1].date + dt.timedelta(days=1)).isoformat() if found else "",
    }


def _nearest_to(found: list[Slot], at: dt.datetime | None) -> Slot | None:
    """The first of them, or the one nearest to `at`."""
    return min(found, key=lambda slot: abs(slot.starts_at - at) if at else slot.starts_at, default=None)


def _by_place(slots: list[Slot]) -> list[tuple[Location, list[Slot]]]:
    ordered = sorted(slots, key=lambda slot: (slot.location.name, slot.starts_at))
    return [
        (group[0].location, group)
        for _key, each in groupby(ordered, key=lambda slot: slot.location.pk)
        if (group := list(each))
    ]
