"""Snippets and templates: one's own and everybody's, changed, removed and brought back."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clinic.core.errors import Conflict
from clinic.people.access import access
from clinic.people.permissions import Permission
from clinic.ui.flash import undoable
from treatments.forms.snippet import SnippetForm
from treatments.models import NoteTemplate, Snippet
from treatments.ready_snippets import READY
from treatments.services.snippets import remove, restore, save_snippet, snippets_of

KEPT = "removed-writing"  # in the session: what was removed there, until the next removal
MODELS: dict[str, type[Snippet] | type[NoteTemplate]] = {"snippet": Snippet, "template": NoteTemplate}


@access(Permission.VIEW_NOTES)
@require_GET
def snippet_list(request: HttpRequest) -> HttpResponse:
    rows = list(Snippet.objects.visible_to(request.user))
    taken = {row.shortcut.casefold() for row in rows}
    context = {
        "own": [row for row in rows if row.owner_id],
        "shared": [row for row in rows if not row.owner_id],
        "ready": [row for row in READY if row.shortcut not in taken],
        "templates": NoteTemplate.objects.visible_to(request.user).select_related("condition"),
    }
    return render(request, "treatments/snippet_list.html", context)


@access(Permission.VIEW_NOTES)
@require_GET
def snippet_words(request: HttpRequest) -> HttpResponse:
    """For the editor."""
    return JsonResponse({"snippets": snippets_of(request.user)})  # type: ignore[arg-type]


@access(Permission.VIEW_NOTES)
@require_http_methods(["GET", "POST"])
def snippet_create(request: HttpRequest) -> HttpResponse:
    """A new one; `like` begins with a ready one's text."""
    ready = next((row for row in READY if row.shortcut == request.GET.get("like")), None)
    initial: dict[str, Any] = {}
    if ready:
        initial = {"shortcut": ready.shortcut, "title": ready.title, "text": ready.text, "shared": True}
    return _form(request, None, initial)


@access(Permission.VIEW_NOTES)
@require_http_methods(["GET", "POST"])
def snippet_edit(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    snippet: Snippet = get_object_or_404(Snippet.objects.visible_to(request.user), pk=pk)
    return _form(request, snippet, SnippetForm.values_of(snippet))


def _form(request: HttpRequest, snippet: Snippet | None, initial: dict[str, Any]) -> HttpResponse:
    form = SnippetForm(request.POST or None, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                save_snippet(by=request.user, snippet=snippet, **form.cleaned_data)  # type: ignore[arg-type]
            except Conflict as taken:
                form.add_error("shortcut", taken.message)
            else:
                messages.success(request, _("Saved."))
                return redirect("treatments:snippet-list")
    return render(request, "treatments/snippet_form.html", {"form": form, "snippet": snippet}, status=status)


@access(Permission.VIEW_NOTES)
@require_POST
def writing_remove(request: HttpRequest, what: str, pk: uuid.UUID) -> HttpResponse:
    """Take a snippet or template away, with a way back."""
    row: Any = get_object_or_404(MODELS[what].objects.visible_to(request.user), pk=pk)
    name = str(row)
    request.session[KEPT] = {"what": what, "pk": str(pk), "kept": remove(by=request.user, row=row)}  # type: ignore[arg-type]
    undo = reverse(f"treatments:{what}-restore", args=[pk])
    undoable(request, _("%(name)s was removed.") % {"name": name}, undo)
    return redirect("treatments:snippet-list")


@access(Permission.VIEW_NOTES)
@require_POST
def writing_restore(request: HttpRequest, what: str, pk: uuid.UUID) -> HttpResponse:
    kept = request.session.get(KEPT) or {}
    if (kept.get("what"), kept.get("pk")) != (what, str(pk)):
        messages.warning(request, _("There is nothing to bring back."))
    else:
        restore(by=request.user, model=MODELS[what], kept=kept["kept"])  # type: ignore[arg-type]
        del request.session[KEPT]
        messages.success(request, _("It is back."))
    return redirect("treatments:snippet-list")
