"""What a tablet at the desk shows between two clients, and how a client's turn ends."""

import uuid

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from clinic.core import clock
from clinic.people.access import background, public
from intake.kiosk_door import device_or_missing, turn_of
from intake.models import KioskDevice, KioskTurn
from intake.services import kiosk
from intake.views.access import COOKIE, kiosk_path

REASON = "a tablet that staff enrolled, known by its own secret; it holds nobody's data"


@public(REASON)
@never_cache
@require_safe
def neutral(request: HttpRequest) -> HttpResponse:
    """The page between two clients. Without script it offers the form that was sent as a button."""
    turn = _waiting(device_or_missing(request))
    context = {"turn_path": kiosk_path(turn) if turn else "", "next_path": reverse("intake:kiosk-next")}
    return render(request, "intake/kiosk/neutral.html", context)


@background
@public(REASON)
@never_cache
@require_safe
def next_turn(request: HttpRequest) -> JsonResponse:
    """Where the tablet is to go; polled by the neutral page."""
    turn = _waiting(device_or_missing(request))
    return JsonResponse({"path": kiosk_path(turn) if turn else ""})


@public(REASON)
@require_POST
def end(request: HttpRequest, turn: uuid.UUID) -> HttpResponse:
    """The tablet goes back to the neutral page and forgets who held it."""
    found = turn_of(request, turn)
    kiosk.end_turn(turn=found, is_idle="idle" in request.POST)
    response = HttpResponseRedirect(reverse("intake:kiosk"))
    response.delete_cookie(COOKIE, path=kiosk_path(found))
    response["Clear-Site-Data"] = '"storage"'
    return response


def _waiting(device: KioskDevice) -> KioskTurn | None:
    """The form that was sent to the tablet and nobody has finished."""
    turn: KioskTurn | None = device.turns.filter(ended_at=None).select_related("invitation").first()
    if turn is None or turn.invitation.completed_at or turn.is_over(clock.now()):
        return None
    return turn
