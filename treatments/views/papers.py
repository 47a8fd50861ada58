"""A note as a file, and the second signature of a supervised therapist's note."""

import uuid

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from clinic.core.errors import DomainError, NotAllowed
from clinic.people import demo, signer
from clinic.people.access import access
from clinic.people.permissions import Permission
from treatments.paper import handed_out
from treatments.services import co_sign_note, may_co_sign
from treatments.views.notes import note_for


@access(Permission.VIEW_NOTES)
@require_GET
def note_paper(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """To print or hand out. Its file name says nothing of the person."""
    return handed_out(note_for(request, pk), request.user)  # type: ignore[arg-type]


@access(Permission.SIGN_NOTE)
@require_http_methods(["GET", "POST"])
def note_co_sign(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A supervisor stands by a note that waits for them, and says that it is they."""
    note = note_for(request, pk)
    user = request.user
    if not may_co_sign(note, user):  # type: ignore[arg-type]
        if request.method == "POST":
            raise NotAllowed(_("Only the supervisor of this therapist co-signs the note, once."))
        return redirect("treatments:note-edit", pk)
    refusal = None
    if request.method == "POST":
        try:
            signer.confirm(request, request.POST)
            co_sign_note(note=note, by=user, remark=request.POST.get("remark", "")[:300])  # type: ignore[arg-type]
        except DomainError as error:
            refusal = error
        else:
            messages.success(request, _("Co-signed."))
            return redirect("treatments:note-edit", pk)
    return _page(request, note, refusal)


def _page(request: HttpRequest, note: object, refusal: DomainError | None) -> HttpResponse:
    context = signer.ways_of(request.user) | {  # type: ignore[arg-type]
        "note": note,
        "refusal": refusal,
        "remark": request.POST.get("remark", ""),
        "confirmed_at": signer.confirmed_at(request),
        "demo_pin": demo.PIN if settings.DEMO else "",
    }
    return render(request, "treatments/co_sign.html", context, status=refusal.status if refusal else 200)
