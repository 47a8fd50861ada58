"""The note: opened, written, signed, read, added to."""

import uuid
from typing import Any

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from clinic.audit import services as audit
from clinic.core.errors import DomainError, StaleVersion
from clinic.core.numbers import whole
from clinic.people.access import access
from clinic.people.permissions import Permission, may
from treatments.forms import AddendumForm, DraftForms
from treatments.models import SessionNote
from treatments.reads.before import flags_of, head
from treatments.reads.editor import editor
from treatments.seal import is_intact
from treatments.services import add_addendum, missing_for, open_note, save_draft, sign_note
from treatments.views.actions import after_saving
from treatments.views.before import appointment_for


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
        if forms.errors:
            return _editor(request, note, forms, status=422)
        anchor = after_saving(request, note)
    except StaleVersion as stale:
        return _editor(request, note_for(request, pk), forms, stale=stale, status=409)
    except DomainError as refusal:
        if refusal.status in (403, 404):
            raise
        return _editor(request, note_for(request, pk), forms, refusal=refusal, status=refusal.status)
    if request.POST.get("action") == "save":
        messages.success(request, _("Saved."))
    return redirect(f"{reverse('treatments:note-edit', args=[pk])}{anchor}")


@access(Permission.SIGN_NOTE)
@require_POST
def note_sign(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Save what was typed and sign it. What is missing is said beside it; nothing typed is lost."""
    note = note_for(request, pk)
    forms = DraftForms(note, request.POST)
    try:
        note = save_draft(note=note, by=request.user, version=forms.version, changes=forms.changes())  # type: ignore[arg-type]
        if forms.errors:
            return _editor(request, note, forms, status=422)
        after_saving(request, note)
        note = SessionNote.objects.get(pk=pk)
        sign_note(note=note, by=request.user, version=note.version)  # type: ignore[arg-type]
    except StaleVersion as stale:
        return _editor(request, note_for(request, pk), forms, stale=stale, status=409)
    except DomainError as refusal:
        if refusal.status in (403, 404) or note.is_signed:
            raise
        return _editor(request, note_for(request, pk), forms, refusal=refusal, status=refusal.status)
    messages.success(request, _("Signed and locked."))
    return redirect("treatments:note-edit", pk)


@access(Permission.WRITE_NOTE)
@require_POST
def note_draft(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Autosave: the whole form, with the version it was typed over in If-Match."""
    version = whole(request.headers.get("If-Match", "").strip('"W/ '))
    if version is None:
        body = {"code": "version-missing", "message": _("Say which version was changed: If-Match is missing.")}
        return JsonResponse(body, status=428)
    note = get_object_or_404(SessionNote.objects.visible_to(request.user), pk=pk)
    forms = DraftForms(note, request.POST)
    try:
        note = save_draft(note=note, by=request.user, version=version, changes=forms.changes())  # type: ignore[arg-type]
    except DomainError as refusal:
        said = {"code": refusal.code, "message": refusal.message, "details": refusal.details}
        return JsonResponse(said, status=refusal.status)
    return _saved(note, forms)


def _saved(note: SessionNote, forms: DraftForms) -> JsonResponse:
    saved_at = timezone.localtime(note.updated_at, note.appointment.zone)
    row_count = note.findings.count() + note.techniques.count()
    body = {
        "version": note.version,
        "saved_at": saved_at.isoformat(),
        "saved": date_format(saved_at, _("H:i")),
        "copied": sorted(note.copied_sections),
        "errors": forms.errors,
        "missing": [lack.code for lack in missing_for(note, row_count=row_count)],
    }
    return JsonResponse(body, headers={"ETag": f'"{note.version}"'})


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


def _editor(
    request: HttpRequest,
    note: SessionNote,
    forms: DraftForms,
    *,
    stale: StaleVersion | None = None,
    refusal: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page to write on. After a conflict the hidden version is the present one: saving again is meant."""
    shown = note_for(request, note.pk) if forms.main.is_bound else note
    context = editor(shown, forms) | {"stale": stale, "refusal": refusal}
    return render(request, "treatments/note.html", context, status=status)


def _reader(request: HttpRequest, note: SessionNote, form: AddendumForm, status: int = 200) -> HttpResponse:
    prefetch_related_objects([note], "addenda__author")
    context: dict[str, Any] = head(note.appointment, note.episode) | {
        "note": note,
        "flags": flags_of(note.client),
        "is_intact": is_intact(note),
        "addendum_form": form,
        "may_add": note.is_signed and may(request.user, Permission.WRITE_NOTE),
    }
    return render(request, "treatments/note_read.html", context, status=status)
