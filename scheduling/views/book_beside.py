"""What the booking sheet books: a free time it offered, or on purpose one at which somebody is there already."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from clinic.core.errors import Conflict, Refused
from clinic.people.models import Location, Room, User
from clinic.people.permissions import Permission, may
from scheduling.views.offers import read_slot
from scheduling.views.parsing import StaffRequest, asked, chosen, overlap_reason_in, time_in

_OPENS = frozenset({"clash", "no-reason", "no-therapist", "button-not-pressed"})


@dataclass(frozen=True, slots=True)
class Beside:
    """The fields of a deliberate overlap, as they are drawn."""

    at: str  # wall time at the place, or what was typed
    place: Location
    therapist: str
    reason: str
    choices: list[dt.datetime]  # which of the two is meant, of a time that comes twice
    is_open: bool  # part of the explanation of a refusal


def where(request: StaffRequest, place: Location) -> dict[str, Any]:
    """When, with whom and where to book. Raises Refused for what no field sends, Http404 for what is not there."""
    reason = overlap_reason_in(request)
    if not request.POST.get("overlap"):
        if reason:
            words = _("For two at once press “Book it anyway”. For one of the free times leave the reason empty.")
            raise Refused(words, code="button-not-pressed")
        slot = read_slot(request.POST.get("slot", ""))
        rooms = Room.objects.visible_to(request.user).select_related("location")
        return {
            "starts_at": slot.starts_at,
            "therapist": chosen(User.objects.visible_to(request.user), slot.therapist or "none"),
            "room": chosen(rooms, slot.room or "none"),
        }
    place = chosen(Location.objects.visible_to(request.user), request.POST.get("beside_location", "")) or place
    therapist = chosen(User.objects.visible_to(request.user), request.POST.get("beside_therapist", ""))
    if therapist is None:
        raise Refused(_("Say with whom."), code="no-therapist")
    starts_at = time_in(request.POST.get("beside_at", ""), place)
    return {"starts_at": starts_at, "therapist": therapist, "location": place, "overlap_reason": reason}


def beside(
    request: StaffRequest, place: Location, refusal: Conflict | Refused | None, at: dt.datetime | None
) -> Beside | None:
    """What those fields begin with: what was typed, or the time that was refused. None without the right."""
    if not may(request.user, Permission.OVERLAP):
        return None
    typed, therapist = request.POST.get("beside_at", ""), request.POST.get("beside_therapist", "")
    choices: list[str] = refusal.details.get("choices", []) if refusal and typed else []
    if request.POST.get("overlap"):
        place = chosen(Location.objects.visible_to(request.user), request.POST.get("beside_location", "")) or place
    elif refusal and refusal.code == "clash":
        slot = read_slot(request.POST.get("slot", ""))
        rooms = Room.objects.visible_to(request.user).select_related("location")
        typed, therapist, place = "", slot.therapist, chosen(rooms, slot.room).location
    return Beside(
        at=typed or (f"{at.astimezone(place.zone):%Y-%m-%dT%H:%M}" if at else ""),
        place=place,
        therapist=therapist or asked(request, "therapist"),
        reason=request.POST.get("overlap_reason", ""),
        choices=[dt.datetime.fromisoformat(text) for text in choices],
        is_open=bool(refusal and (refusal.code in _OPENS or request.POST.get("overlap"))),
    )


def refused_at(request: StaffRequest, refusal: Conflict | Refused | None) -> dt.datetime | None:
    """When the visit was to be that clashed, so that the nearest free time is proposed."""
    if refusal is None or refusal.code != "clash" or request.POST.get("overlap"):
        return None
    return read_slot(request.POST.get("slot", "")).starts_at
