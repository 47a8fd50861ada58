"""The ledger of messages and what staff may do in it."""

import uuid
from typing import Any

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from clinic.core import clock
from clinic.messaging import ledger, services
from clinic.messaging.models import OutboundMessage, Purpose
from clinic.people.access import access
from clinic.people.permissions import Permission, may
from clinic.people.zones import zone_of


@access(Permission.VIEW_MESSAGES)
@require_safe
def message_list(request: HttpRequest, pk: uuid.UUID | None = None) -> HttpResponse:
    """Every message and its fate; one of them opened beside the list."""
    visible, zone = OutboundMessage.objects.visible_to(request.user), zone_of(request.user)
    opened = get_object_or_404(visible.with_people(), pk=pk) if pk else None
    choice = ledger.Choice.of(request.GET)
    shown = ledger.read(messages=visible, choice=choice, page=request.GET.get("page"), zone=zone, now=clock.now())
    context = {
        "ledger": shown,
        "page": shown.page,
        "choice": choice,
        "chips": _chips(shown, choice, request),
        "purposes": Purpose.choices,
        "spans": [(key, label) for key, (label, _days) in ledger.SPANS.items()],
        "is_chosen": opened is not None,
        "may_edit_wordings": may(request.user, Permission.EDIT_WORDINGS),
        "opened": opened or shown.first,
        "companions": ledger.companions(opened or shown.first, visible),
        "may_send": may(request.user, Permission.SEND_MESSAGES),
        "zone": zone,
        "today": clock.today(zone),
        "now": clock.now(),
    }
    return render(request, "messaging/messages.html", context)


@access(Permission.SEND_MESSAGES)
@require_POST
def message_resend(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    message = get_object_or_404(OutboundMessage.objects.visible_to(request.user), pk=pk)
    again = services.resend_message(message=message, by=request.user)  # type: ignore[arg-type]
    flash.success(request, _("It goes out again now."))
    return redirect("messaging:message-detail", pk=again.pk)


@access(Permission.SEND_MESSAGES)
@require_POST
def message_void(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    message = get_object_or_404(OutboundMessage.objects.visible_to(request.user), pk=pk)
    services.void_message(message=message, by=request.user)  # type: ignore[arg-type]
    flash.success(request, _("Taken back. It will not be sent."))
    return redirect("messaging:message-detail", pk=message.pk)


def _chips(shown: ledger.Ledger, choice: ledger.Choice, request: HttpRequest) -> list[dict[str, Any]]:
    chips = []
    for fate, (label, _condition) in ledger.FATES.items():
        query = request.GET.copy()
        query.pop("page", None)
        query["fate"] = fate
        address = f"{reverse('messaging:message-list')}?{query.urlencode()}"
        chips.append(
            {"label": label, "url": address, "is_current": fate == choice.fate, "count": shown.counts[fate]},
        )
    return chips
