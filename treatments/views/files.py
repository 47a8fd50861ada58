"""Photos and documents of a note: a page of their own, and the same part inside the note's page."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinic.audit import services as audit
from clinic.core.errors import Conflict, DomainError, Missing
from clinic.people import uploads
from clinic.people.access import access
from clinic.people.models import Document
from clinic.people.permissions import Permission
from treatments.forms.files import AddFilesForm, CaptionForm, TakeOutForm
from treatments.models import NoteFile, SessionNote
from treatments.reads.files import SMALL_PIXELS, ShownFile, files_of, is_there
from treatments.services.files import add_file, attach_document, caption_file, take_out
from treatments.services.notes import require_author


def files_context(note: SessionNote, form: AddFilesForm | None = None, refused: list[str] | None = None) -> Any:
    """What `_files.html` shows of a draft. Two queries."""
    return {
        "note": note,
        "files": files_of(note),
        "files_form": form or AddFilesForm(note=note),
        "causes": Document.Removal.choices,
        "refused": refused or [],
    }


@access(Permission.WRITE_NOTE)
@require_http_methods(["GET", "HEAD", "POST"])
def note_files(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Add photos and documents, several at once. What cannot be kept is named; the others are kept."""
    note = _draft_of(request, pk)
    if request.method != "POST":
        return render(request, "treatments/note_files.html", files_context(note))
    form = AddFilesForm(request.POST, request.FILES, note=note)
    if not form.is_valid():
        said = [str(error) for errors in form.errors.values() for error in errors]
        return _shown(request, note, said)
    added, refused = _add(request, note, form.cleaned_data)
    if not added and not refused:
        refused = [_("Choose a file first.")]
    return _shown(request, note, refused, added=added)


@access(Permission.WRITE_NOTE)
@require_POST
def note_file_caption(request: HttpRequest, pk: uuid.UUID, file_pk: uuid.UUID) -> HttpResponse:
    note = _draft_of(request, pk)
    form = CaptionForm(request.POST)
    if not form.is_valid():
        return _shown(request, note, [_("Say in at most 200 characters what it shows.")])
    caption_file(file=_file_of(note, file_pk), caption=form.cleaned_data["caption"], by=request.user)  # type: ignore[arg-type]
    return _shown(request, note, [])


@access(Permission.WRITE_NOTE)
@require_POST
def note_file_remove(request: HttpRequest, pk: uuid.UUID, file_pk: uuid.UUID) -> HttpResponse:
    """Take it out of the draft; with a cause out of the client's documents too."""
    note = _draft_of(request, pk)
    form = TakeOutForm(request.POST)
    if not form.is_valid():
        return _shown(request, note, [_("Choose from the list what becomes of the file.")])
    take_out(file=_file_of(note, file_pk), cause=form.cleaned_data["cause"], by=request.user)  # type: ignore[arg-type]
    return _shown(request, note, [])


@access(Permission.VIEW_NOTES)
@require_safe
def note_file_small(request: HttpRequest, pk: uuid.UUID, file_pk: uuid.UUID) -> HttpResponse:
    """A small picture, drawn anew: the bytes that were sent in never reach a page."""
    rows = NoteFile.objects.visible_to(request.user).select_related("document__client")
    file = get_object_or_404(rows, pk=file_pk, note_id=pk)
    if not ShownFile(file).is_picture or not is_there(file.document):
        raise Missing(_("There is no picture of this."))
    audit.read(request.user, file.document, client=file.document.client)  # type: ignore[arg-type]
    response = HttpResponse(uploads.smaller(file.document.file, longest_side_pixels=SMALL_PIXELS * 2))
    response["Content-Type"] = "image/jpeg"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Disposition"] = "inline"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _draft_of(request: HttpRequest, pk: uuid.UUID) -> SessionNote:
    """The caller's own draft. Raises NotAllowed, or Conflict once it is signed."""
    rows = SessionNote.objects.visible_to(request.user).select_related("client", "appointment__location")
    note: SessionNote = get_object_or_404(rows, pk=pk)
    require_author(note, request.user)  # type: ignore[arg-type]
    if note.is_signed:
        raise Conflict(_("This note is signed and locked. Write an addendum instead."), code="note-signed")
    return note


def _file_of(note: SessionNote, pk: uuid.UUID) -> NoteFile:
    file: NoteFile = get_object_or_404(NoteFile.objects.select_related("note", "document"), pk=pk, note=note)
    return file


def _add(request: HttpRequest, note: SessionNote, given: dict[str, Any]) -> tuple[int, list[str]]:
    """How many were kept, and what was refused, by name."""
    added, refused = 0, []
    by, caption = request.user, given["caption"]
    for upload in given["files"]:
        try:
            add_file(note=note, upload=upload, caption=caption, by=by)  # type: ignore[arg-type]
            added += 1
        except DomainError as refusal:
            refused.append(f"{uploads.title_from(upload.name) or _('File')}: {refusal.message}")
    if given["document"]:
        attach_document(note=note, document=given["document"], caption=caption, by=by)  # type: ignore[arg-type]
        added += 1
    return added, refused


def _shown(request: HttpRequest, note: SessionNote, refused: list[str], *, added: int = 0) -> HttpResponse:
    """The list again: for a script alone, else the whole page."""
    status = 422 if refused else 200
    if request.headers.get("HX-Request"):
        return render(request, "treatments/_files.html", files_context(note, refused=refused), status=status)
    if refused:
        return render(request, "treatments/note_files.html", files_context(note, refused=refused), status=status)
    if added:
        messages.success(request, ngettext("%(count)s file added.", "%(count)s files added.", added) % {"count": added})
    return redirect("treatments:note-files", note.pk)
