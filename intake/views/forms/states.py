"""What can be done with a version as a whole, each asked once more on a page of its own."""

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clinic.core.errors import Conflict, Refused
from clinic.people.access import StaffRequest, access
from clinic.people.permissions import Permission
from intake.models import Questionnaire
from intake.services.documents import bring_back, hindrances, publish_form, retire_form
from intake.services.editing import discard_draft
from intake.views.forms.common import form_at, report_context, rows_of

METHODS = ["GET", "HEAD", "POST"]


@access(Permission.MANAGE_SETTINGS)
@require_http_methods(METHODS)
def questionnaire_publish(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """What stands in the way, with links to the items; without any, the question whether to publish."""
    form = form_at(request, pk)
    rows, status = hindrances(form).as_json() if form.status == Questionnaire.Status.DRAFT else form.report, 200
    if request.method == "POST":
        try:
            form = publish_form(form=form, by=request.user)
        except Refused as refusal:
            rows, status = rows_of(refusal), refusal.status
        else:
            messages.success(request, _("Version %(version)s is asked from now on.") % {"version": form.version})
            return redirect("intake:questionnaire-detail", form.pk)
    return render(request, "intake/forms/publish.html", {"form": form} | report_context(rows), status=status)


@access(Permission.MANAGE_SETTINGS)
@require_http_methods(METHODS)
def questionnaire_retire(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Ask a form no more."""
    form = form_at(request, pk)
    words = {
        "title": _("Retire this form?"),
        "text": _("Nobody is asked it any more, in any version. Who has begun can finish; all answers stay."),
        "submit": _("Retire it"),
    }
    return _confirmed(request, form, words, retire_form, _("“%(title)s” is retired."))


@access(Permission.MANAGE_SETTINGS)
@require_http_methods(METHODS)
def questionnaire_bring_back(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Ask a retired version again."""
    form = form_at(request, pk)
    words = {
        "title": _("Bring this version back?"),
        "text": _("Clients are asked it again from now on."),
        "submit": _("Bring it back"),
        "kind": "primary",
    }
    return _confirmed(request, form, words, bring_back, _("“%(title)s” is asked again."))


@access(Permission.MANAGE_SETTINGS)
@require_http_methods(METHODS)
def questionnaire_discard(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Throw a draft away."""
    form = form_at(request, pk)
    words = {
        "title": _("Throw this draft away?"),
        "text": _("What was written in it is lost. Published versions stay as they are."),
        "submit": _("Throw it away"),
    }
    return _confirmed(request, form, words, discard_draft, _("The draft of “%(title)s” is gone."))


def _confirmed(
    request: StaffRequest,
    form: Questionnaire,
    words: dict[str, str],
    act: Callable[..., Questionnaire | None],
    said: str,
) -> HttpResponse:
    """A page that asks once more; a POST to it acts."""
    if request.method != "POST":
        return render(request, "intake/forms/confirm.html", {"form": form, "words": words, "action": request.path})
    pk, title = form.pk, form.title
    try:
        left = act(form=form, by=request.user)
    except Conflict as error:
        messages.error(request, error.message)
        return redirect("intake:questionnaire-detail", pk)
    messages.success(request, said % {"title": title})
    return (
        redirect("intake:questionnaire-detail", left.pk) if left is not None else redirect("intake:questionnaire-list")
    )
