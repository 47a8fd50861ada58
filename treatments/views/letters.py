"""The owner's settings: what letters begin with."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clinic.core.errors import DomainError
from clinic.people.access import access
from clinic.people.permissions import Permission
from treatments.forms.letters import LetterTemplateForm
from treatments.models import LetterTemplate
from treatments.rules.letters import WORDS
from treatments.services.referrals import retire_letter_template, save_letter_template


@access(Permission.MANAGE_SETTINGS)
@require_GET
def letter_list(request: HttpRequest) -> HttpResponse:
    """Every template, those no longer offered last."""
    rows = sorted(LetterTemplate.objects.all(), key=lambda row: (row.retired_at is not None, row.name.casefold()))
    return render(request, "treatments/letter_list.html", {"templates": rows})


@access(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "POST"])
def letter_create(request: HttpRequest) -> HttpResponse:
    return _edit(request, None)


@access(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "POST"])
def letter_edit(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return _edit(request, get_object_or_404(LetterTemplate, pk=pk))


def _edit(request: HttpRequest, template: LetterTemplate | None) -> HttpResponse:
    initial = {"name": template.name, "body": template.body} if template else None
    form = LetterTemplateForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            save_letter_template(template=template, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        except DomainError as refusal:
            form.add_error("name" if refusal.code == "name-in-use" else "body", refusal.message)
        else:
            messages.success(request, _("Saved. Letters written from now on begin so."))
            return redirect("treatments:letter-list")
    words = [(f"{{{name}}}", text) for name, text in WORDS.items()]
    context = {"form": form, "template": template, "words": words}
    return render(request, "treatments/letter_form.html", context, status=422 if form.errors else 200)


@access(Permission.MANAGE_SETTINGS)
@require_POST
def letter_retire(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Offer it no more; with `restore`, again."""
    template = get_object_or_404(LetterTemplate, pk=pk)
    is_retired = "restore" not in request.POST
    retire_letter_template(template=template, by=request.user, is_retired=is_retired)  # type: ignore[arg-type]
    messages.success(request, _("No longer offered.") if is_retired else _("Offered again."))
    return redirect("treatments:letter-list")
