"""What can be done with a version as a whole, each asked once more on a page of its own."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
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


@dataclass(frozen=True)
class Change:
    """What is asked before a form is changed as a whole, what does it, and what is said when it is done."""

    act: Callable[..., Questionnaire | None]
    title: Promise
    text: Promise
    submit: Promise
    said: Promise
    kind: str = ""


RETIRE = Change(
    retire_form,
    gettext_lazy("Retire this form?"),
    gettext_lazy("Nobody is asked it any more, in any version. Who has begun can finish; all answers stay."),
    gettext_lazy("Retire it"),
    gettext_lazy("“%(title)s” is retired."),
)
BRING_BACK = Change(
    bring_back,
    gettext_lazy("Bring this version back?"),
    gettext_lazy("Clients are asked it again from now on."),
    gettext_lazy("Bring it back"),
    gettext_lazy("“%(title)s” is asked again."),
    kind="primary",
)
DISCARD = Change(
    discard_draft,
    gettext_lazy("Throw this draft away?"),
    gettext_lazy("What was written in it is lost. Published versions stay as they are."),
    gettext_lazy("Throw it away"),
    gettext_lazy("The draft of “%(title)s” is gone."),
)


@access(Permission.MANAGE_SETTINGS)
@require_http_methods(METHODS)
def questionnaire_retire(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Ask a form no more."""
    return _confirmed(request, pk, RETIRE)


@access(Permission.MANAGE_SETTINGS)
@require_http_methods(METHODS)
def questionnaire_bring_back(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Ask a retired version again."""
    return _confirmed(request, pk, BRING_BACK)


@access(Permission.MANAGE_SETTINGS)
@require_http_methods(METHODS)
def questionnaire_discard(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Throw a draft away."""
    return _confirmed(request, pk, DISCARD)


def _confirmed(request: StaffRequest, pk: uuid.UUID, change: Change) -> HttpResponse:
    """A page that asks once more; a POST to it acts."""
    form = form_at(request, pk)
    if request.method != "POST":
        return render(request, "intake/forms/confirm.html", {"form": form, "words": change, "action": request.path})
    title = form.title
    try:
        left = change.act(form=form, by=request.user)
    except Conflict as error:
        messages.error(request, error.message)
        return redirect("intake:questionnaire-detail", pk)
    messages.success(request, str(change.said) % {"title": title})
    return redirect("intake:questionnaire-detail", left.pk) if left else redirect("intake:questionnaire-list")
