"""What a client gave otherwise than the record: taken over, or not."""

import uuid

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clinic.core.errors import Conflict, Refused
from clinic.people.access import StaffRequest, access
from clinic.people.permissions import Permission, may
from intake.models import Proposal
from intake.services.proposals import accept_proposal, keep_record


@access(Permission.EDIT_CLIENTS)
@require_POST
def accept(request: StaffRequest, pk: uuid.UUID) -> HttpResponseBase:
    """What the client gave goes into the record."""
    proposal = get_object_or_404(Proposal.objects.visible_to(request.user), pk=pk)
    try:
        accept_proposal(proposal=proposal, seen=_plain(request.POST.get("seen", "")), by=request.user)
    except (Conflict, Refused) as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("It is in the record."))
    return _back(request, proposal)


@access(Permission.EDIT_CLIENTS)
@require_POST
def keep(request: StaffRequest, pk: uuid.UUID) -> HttpResponseBase:
    """The record stays as it is."""
    proposal = get_object_or_404(Proposal.objects.visible_to(request.user), pk=pk)
    try:
        keep_record(proposal=proposal, by=request.user)
    except Conflict as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("The record stays as it is."))
    return _back(request, proposal)


def _plain(text: str) -> str:
    """A browser sends line breaks of its own kind."""
    return text.replace("\r\n", "\n")


def _back(request: StaffRequest, proposal: Proposal) -> HttpResponseBase:
    """To the answers it was decided beside, else to the client's page."""
    response = proposal.invitation.responses.first() if "beside-answers" in request.POST else None
    if response and may(request.user, Permission.VIEW_INTAKE):
        return redirect("intake:response-detail", response.pk)
    return redirect("people:client-detail", proposal.client.merged_into_id or proposal.client_id)
