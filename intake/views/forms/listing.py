"""The list of forms; files in and out."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from clinic.people.access import StaffRequest, access
from clinic.people.permissions import Permission
from clinic.people.zones import zone_of
from intake.fhir.report import Report
from intake.forms_of_forms import UploadForm
from intake.reads.forms import families, versions_of
from intake.services.documents import Imported, export_questionnaire, import_questionnaire
from intake.views.forms.common import form_at, report_context, sent

FHIR = "application/fhir+json"


@access(Permission.MANAGE_SETTINGS)
@require_safe
def questionnaire_list(request: StaffRequest) -> HttpResponse:
    """Every form with what is asked now, what is in work, and what was retired."""
    context = {"families": families(request.user), "zone": zone_of(request.user)}
    return render(request, "intake/forms/list.html", context)


@access(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def questionnaire_upload(request: StaffRequest) -> HttpResponse:
    """Take in a file whole, or say why not."""
    form = UploadForm(*sent(request))
    report = Report()
    if request.method == "POST" and form.is_valid():
        imported = import_questionnaire(text=form.text, by=request.user)
        if imported.questionnaire is not None:
            say_imported(request, imported)
            return redirect("intake:questionnaire-detail", imported.questionnaire.pk)
        report = imported.report
    context = {"form": form} | report_context(report.as_json())
    status = 422 if form.errors or report.is_fatal else 200
    return render(request, "intake/forms/upload.html", context, status=status)


@access(Permission.MANAGE_SETTINGS)
@require_safe
def questionnaire_detail(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """One version: what was found in it, what can be done with it, and the other versions."""
    form = form_at(request, pk)
    versions = versions_of(form, request.user)
    drafts = [version for version in versions if version.status == "draft"]
    context = {"form": form, "versions": versions, "draft": drafts[0] if drafts else None}
    context |= {"zone": zone_of(request.user)} | report_context(form.report)
    return render(request, "intake/forms/detail.html", context)


@access(Permission.MANAGE_SETTINGS)
@require_safe
def questionnaire_document(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """The document as a file: byte for byte as it came in, or as it was written here."""
    form = form_at(request, pk)
    name = f"{form.slug}-{form.version}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(export_questionnaire(form), content_type=FHIR, headers=headers)


def say_imported(request: StaffRequest, imported: Imported) -> None:
    """What became of a file that was taken in."""
    form = imported.questionnaire
    if form is None:
        return
    names = {"title": form.title, "version": form.version}
    if not imported.is_new:
        messages.info(request, _("This very file is here already: “%(title)s”, version %(version)s.") % names)
    else:
        messages.success(request, _("“%(title)s” was taken in as a draft, version %(version)s.") % names)
