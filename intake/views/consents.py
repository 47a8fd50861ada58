"""What a client agreed to, for staff: to read, to print, to take back, to send once more."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from clinic.audit import services as audit
from clinic.core.errors import Conflict
from clinic.people.access import StaffRequest, access
from clinic.people.models import Location
from clinic.people.permissions import Permission, may
from intake.consent_pdf import FILE_NAME, pdf_of
from intake.models import Consent
from intake.services import withdraw_consent
from intake.services.alarm import location_of
from intake.services.consents import send_copy
from intake.signatures import drawn

NOT_KEPT = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


@access(Permission.VIEW_INTAKE_STATE)
@require_safe
def consent_detail(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """The words, the signature, and what can be done."""
    consent = _consent(request, pk)
    audit.read(request.user, consent, client=consent.client)
    context = {
        "consent": consent,
        "ink": drawn(consent.signature),
        "zone": _place(consent).timezone,
        "may_withdraw": may(request.user, Permission.EDIT_CLIENTS) and consent.withdrawn_at is None,
        "may_send": may(request.user, Permission.SEND_INTAKE) and consent.response_id is not None,
    }
    return render(request, "intake/consent_detail.html", context)


@access(Permission.VIEW_INTAKE_STATE)
@require_safe
def consent_pdf(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """The same to save or print."""
    consent = _consent(request, pk)
    audit.record(request.user, "consent.printed", consent, client=consent.client)
    return as_file(pdf_of([consent], location=_place(consent)))


@access(Permission.EDIT_CLIENTS)
@require_POST
def consent_withdraw(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """The client has told us to stop."""
    consent = _consent(request, pk)
    try:
        withdraw_consent(consent=consent, by=request.user)
        messages.success(request, _("Taken back from now on."))
    except Conflict as error:
        messages.warning(request, error.message)
    return redirect("intake:consent-detail", pk)


@access(Permission.SEND_INTAKE)
@require_POST
def consent_send(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """The link to the copy, by mail."""
    consent = _consent(request, pk)
    sent = send_copy(response=consent.response, by=request.user) if consent.response else None
    if sent:
        messages.success(request, _("The copy is on its way."))
    else:
        messages.warning(request, _("It was sent today already, or there is no e-mail address."))
    return redirect("intake:consent-detail", pk)


def as_file(content: bytes) -> HttpResponse:
    """A PDF that no cache keeps. Its name says nothing of the person."""
    headers = {**NOT_KEPT, "Content-Disposition": f'attachment; filename="{FILE_NAME}"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _consent(request: StaffRequest, pk: uuid.UUID) -> Consent:
    rows = Consent.objects.visible_to(request.user).select_related(
        "client", "withdrawn_by", "response__client", "response__invitation__location"
    )
    consent: Consent = get_object_or_404(rows, pk=pk)
    return consent


def _place(consent: Consent) -> Location:
    if consent.response:
        return location_of(consent.response)
    return consent.client.locations.order_by("created_at").first() or Location.objects.earliest("created_at")
