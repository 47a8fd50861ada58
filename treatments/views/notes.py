"""The note: opened, written, signed, read, added to."""

import re
import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from clinic.audit import services as audit
from clinic.core.errors import DomainError, StaleVersion
from clinic.people.access import access
from clinic.people.permissions import Permission, may
from treatments.forms import AddendumForm, DraftForms
from treatments.models import SessionNote
from treatments.reads.before import flags_of, head
from treatments.reads.editor import editor
from treatments.reads.files import files_of
from treatments.reads.findings import sections_of
from treatments.reads.note_parts import thinking_in
from treatments.reads.subjective import told_in
from treatments.seal import is_intact
from treatments.services import add_addendum, may_co_sign, open_note, save_draft, settle, unsettled
from treatments.views.actions import after_saving
from treatments.views.autosave import keep_aside
from treatments.views.before import appointment_for
from treatments.views.files import files_context

DEVICE = re.compile(r"[\w-]{1,40}")


def note_for(request: HttpRequest, pk: uuid.UUID) -> SessionNote:
    """The note with all its page shows, or 404."""
    note: SessionNote = get_object_or_404(SessionNote.objects.visible_to(request.user).for_page(), pk=pk)
    note.appointment.client = note.client
    return note


@access(Permission.WRITE_NOTE)
@require_POST
def note_open(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Begin the note of a session, or go on with it."""
    note = open_note(appointment=appointment_for(request, pk), by=request.user)  # type: ignore[arg-type]
    return redirect("treatments:note-edit", note.pk)


@access(Permission.VIEW_NOTES)
@require_GET
def note_edit(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The editor for whoever writes it; for others, and once it is signed, the note to read."""
    note = note_for(request, pk)
    audit.read(request.user, note, client=note.client)  # type: ignore[arg-type]
    writes = note.therapist_id == request.user.pk and may(request.user, Permission.WRITE_NOTE)
    if writes and not note.is_signed:
        return _editor(request, note, DraftForms(note))
    return _reader(request, note, AddendumForm())


@access(Permission.WRITE_NOTE)
@require_POST
def note_save(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Every button of the editor: all that was typed is saved first, then the button does its work."""
    note = note_for(request, pk)
    forms = DraftForms(note, request.POST)
    try:
        note = save_draft(note=note, by=request.user, version=forms.version, changes=forms.changes())  # type: ignore[arg-type]
        settle(note=note, by=request.user, device=forms.device)  # type: ignore[arg-type]
        if forms.errors:
            return _editor(request, note, forms, status=422)
        anchor = after_saving(request, note)
    except StaleVersion as stale:
        return _stale(request, note_for(request, pk), forms, stale)
    except DomainError as refusal:
        if refusal.status in (403, 404):
            raise
        return _editor(request, note_for(request, pk), forms, refusal=refusal, status=refusal.status)
    if request.POST.get("action") == "save":
        messages.success(request, _("Saved."))
    page = reverse("treatments:note-edit", args=[pk])
    is_signing = request.POST.get("action") == "sign"
    return _arrived(redirect("treatments:note-sign", pk) if is_signing else redirect(f"{page}{anchor}"), page, forms)


def _arrived(response: HttpResponse, page: str, forms: DraftForms) -> HttpResponse:
    """Tells the next page that this one's form arrived whole: nothing that it kept on the device is to come back."""
    if DEVICE.fullmatch(forms.device):
        response.set_cookie(
            "note-arrived", forms.device, max_age=600, path=page, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
        )
    return response


@access(Permission.WRITE_NOTE)
@require_POST
def note_addendum(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Add to a signed note."""
    note = note_for(request, pk)
    form = AddendumForm(request.POST)
    if not form.is_valid():
        return _reader(request, note, form, status=422)
    add_addendum(note=note, by=request.user, text=form.cleaned_data["text"])  # type: ignore[arg-type]
    messages.success(request, _("Added under the note."))
    return redirect("treatments:note-edit", pk)


def _stale(request: HttpRequest, note: SessionNote, forms: DraftForms, stale: StaleVersion) -> HttpResponse:
    """What was typed is kept beside the note. With a script on to both texts; without one they stand over the form."""
    has_script = bool(forms.device)
    row = keep_aside(note, forms, by=request.user, over_version=forms.version)
    if has_script:
        return redirect("treatments:note-merge", note.pk)
    return _editor(request, note, forms, stale=stale, device=row.device if row else "", status=409)


def _editor(
    request: HttpRequest,
    note: SessionNote,
    forms: DraftForms,
    *,
    stale: StaleVersion | None = None,
    refusal: DomainError | None = None,
    device: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page to write on. After a conflict the hidden version is the present one: saving again is meant."""
    shown = note_for(request, note.pk) if forms.main.is_bound else note
    waiting = [row for row in unsettled(shown).filter(author=request.user) if row.device != device]
    context = editor(shown, forms) | {"stale": stale, "refusal": refusal, "device": device, "unmerged": waiting}
    context |= files_context(shown)
    return render(request, "treatments/note.html", context, status=status)


def _reader(request: HttpRequest, note: SessionNote, form: AddendumForm, status: int = 200) -> HttpResponse:
    prefetch_related_objects([note], "addenda__author", "co_signature__signed_by")
    context: dict[str, Any] = head(note.appointment, note.episode) | {
        "note": note,
        "unmerged": list(unsettled(note).filter(author=request.user)),
        "flags": flags_of(note.client),
        "told": told_in(note),
        "sections": sections_of(note.findings.all()),
        "is_intact": is_intact(note),
        "files": files_of(note),
        **thinking_in(note),
        "addendum_form": form,
        "may_co_sign": may_co_sign(note, request.user),  # type: ignore[arg-type]
        "may_add": note.is_signed and may(request.user, Permission.WRITE_NOTE),
    }
    return render(request, "treatments/note_read.html", context, status=status)
