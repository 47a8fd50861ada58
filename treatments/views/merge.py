"""Two texts of one note side by side, and which of them stands."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clinic.audit import services as audit
from clinic.core.errors import DomainError
from clinic.core.numbers import whole
from clinic.people.access import access
from clinic.people.permissions import Permission
from treatments.models import SessionNote, SetAside
from treatments.reads.before import head
from treatments.reads.merge import Merge
from treatments.services import add_addendum, merge, settle, unsettled


@access(Permission.WRITE_NOTE)
@require_http_methods(["GET", "POST"])
def note_merge(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What somebody typed over an older version, beside what stands there now."""
    note = get_object_or_404(SessionNote.objects.visible_to(request.user).for_page(), pk=pk)
    mine = list(unsettled(note).filter(author=request.user))
    if request.method == "GET" or not mine:
        return _page(request, note, mine)
    row = next((row for row in mine if str(row.pk) == request.POST.get("text")), mine[0])
    try:
        said = _decide(request, row, Merge(row, note))
    except DomainError as refusal:
        if refusal.status in (403, 404):
            raise
        note = SessionNote.objects.for_page().get(pk=pk)
        return _page(request, note, mine, refusal=refusal)
    messages.success(request, said)
    is_last = len(mine) == 1
    return redirect("treatments:note-edit" if is_last else "treatments:note-merge", pk)


def _decide(request: HttpRequest, row: SetAside, found: Merge) -> str:
    """Do what the button says; gives what to tell the person."""
    by, note = request.user, found.note
    if request.POST.get("action") == "discard":
        settle(note=note, by=by, device=row.device)  # type: ignore[arg-type]
        return _("The note stays as it is.")
    if note.is_signed:
        add_addendum(note=note, by=by, text=request.POST.get("text-addendum", ""))  # type: ignore[arg-type]
        settle(note=note, by=by, device=row.device)  # type: ignore[arg-type]
        return _("Added under the note.")
    version = whole(request.POST.get("version", "")) or 0
    merge(row=row, by=by, version=version, changes=found.chosen(request.POST))  # type: ignore[arg-type]
    return _("Both texts are merged.")


def _page(
    request: HttpRequest, note: SessionNote, mine: list[SetAside], *, refusal: DomainError | None = None
) -> HttpResponse:
    audit.read(request.user, note, client=note.client)  # type: ignore[arg-type]
    note.appointment.client = note.client
    context = head(note.appointment, note.episode) | {
        "note": note,
        "row": mine[0] if mine else None,
        "found": Merge(mine[0], note) if mine else None,
        "more": len(mine) - 1,
        "refusal": refusal,
    }
    return render(request, "treatments/note_merge.html", context, status=refusal.status if refusal else 200)
