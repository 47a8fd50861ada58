"""Signing a note: what is signed, by whom, and the PIN or passkey that says so."""

import uuid

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from clinic.audit import services as audit
from clinic.core.errors import DomainError, NotAllowed
from clinic.core.numbers import whole
from clinic.people import demo, signer
from clinic.people.access import access
from clinic.people.permissions import Permission
from treatments.models import SessionNote
from treatments.reads.signing import summary
from treatments.services import keep_copied, sign_note


def _draft_for(request: HttpRequest, pk: uuid.UUID) -> SessionNote:
    """One's own note to sign. Raises NotAllowed when a colleague tries."""
    note: SessionNote = get_object_or_404(SessionNote.objects.visible_to(request.user).for_page(), pk=pk)
    if request.method == "POST" and note.therapist_id != request.user.pk:
        raise NotAllowed(_("Only the therapist of this session signs its note."))
    note.appointment.client = note.client
    return note


@access(Permission.SIGN_NOTE)
@require_http_methods(["GET", "POST"])
def note_sign(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What is about to be signed; POST signs it as it was shown, once the author has said that it is they."""
    note = _draft_for(request, pk)
    if note.is_signed or note.therapist_id != request.user.pk:
        return redirect("treatments:note-edit", pk)
    if request.method == "GET":
        audit.read(request.user, note, client=note.client)
        return _page(request, note)
    try:
        signer.confirm(request, request.POST)
        sign_note(note=note, by=request.user, version=whole(request.POST.get("version", "")) or 0)
    except DomainError as refusal:
        return _page(request, note, refusal=refusal, status=refusal.status)
    messages.success(request, _("Signed and locked."))
    return redirect("treatments:note-edit", pk)


@access(Permission.SIGN_NOTE)
@require_POST
def note_keep(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What was copied forward is still true: its mark goes, and the page is shown again."""
    note = _draft_for(request, pk)
    try:
        version = whole(request.POST.get("version", "")) or 0
        keep_copied(note=note, by=request.user, version=version, section=request.POST.get("keep", ""))  # type: ignore[arg-type]
    except DomainError as refusal:
        return _page(request, note, refusal=refusal, status=refusal.status)
    return redirect("treatments:note-sign", pk)


def _page(
    request: HttpRequest, note: SessionNote, *, refusal: DomainError | None = None, status: int = 200
) -> HttpResponse:
    context = summary(note) | signer.ways_of(request.user)  # type: ignore[arg-type]
    context |= {
        "note": note,
        "client": note.client,
        "appointment": note.appointment,
        "zone": note.appointment.zone,
        "refusal": refusal,
        "confirmed_at": signer.confirmed_at(request),
        "demo_pin": demo.PIN if settings.DEMO else "",
    }
    return render(request, "treatments/sign.html", context, status=status)
