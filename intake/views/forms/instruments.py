"""Outcome measures: what is known of each, the clinic's own copy of its questions, and the permission to use them."""

import datetime as dt

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinic.core.errors import Refused
from clinic.people.access import StaffRequest, access
from clinic.people.permissions import Permission
from clinic.people.zones import zone_of
from intake.fhir.report import Report
from intake.forms_of_forms import LicenceForm, UploadForm
from intake.models import Questionnaire
from intake.reads.instruments import Instrument, instruments
from intake.services.instruments import begin_instrument, record_licence, upload_instrument
from intake.views.forms.common import report_context, sent
from intake.views.forms.listing import say_imported


@access(Permission.MANAGE_SETTINGS)
@require_safe
def instrument_list(request: StaffRequest) -> HttpResponse:
    """Every measure, its licence, and whether the practice asks it."""
    return render(request, "intake/forms/instruments.html", {"instruments": instruments()})


@access(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def instrument_detail(request: StaffRequest, code: str) -> HttpResponse:
    """One measure; a POST takes in its questions."""
    instrument = _at(code)
    upload = UploadForm(*sent(request))
    report = Report()
    if request.method == "POST" and upload.is_valid():
        try:
            imported = upload_instrument(measure=instrument.measure, text=upload.text, by=request.user)
        except Refused as refusal:
            upload.add_error("file", refusal.message)
        else:
            if imported.questionnaire is not None:
                say_imported(request, imported)
                return redirect("intake:instrument-detail", code)
            report = imported.report
    return _page(request, instrument, upload, report)


def _page(request: StaffRequest, instrument: Instrument, upload: UploadForm, report: Report) -> HttpResponse:
    context = {"instrument": instrument, "upload": upload, "zone": zone_of(request.user)}
    status = 422 if upload.errors or report.is_fatal else 200
    return render(request, "intake/forms/instrument.html", context | report_context(report.as_json()), status=status)


@access(Permission.MANAGE_SETTINGS)
@require_POST
def instrument_begin(request: StaffRequest, code: str) -> HttpResponse:
    """An empty draft for the measure's questions."""
    form = begin_instrument(measure=_at(code).measure, by=request.user)
    return redirect("intake:questionnaire-edit", form.pk)


@access(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def instrument_licence(request: StaffRequest, code: str) -> HttpResponse:
    """Record who allowed the practice to use the questions it has brought."""
    instrument = _at(code)
    form = instrument.shown
    if form is None:  # there is nothing to have a permission for
        return redirect("intake:instrument-detail", code)
    licence = LicenceForm(sent(request)[0], initial=_recorded(form))
    if request.method == "POST" and licence.is_valid():
        record_licence(form=form, by=request.user, **licence.cleaned_data)
        messages.success(request, _("The permission is recorded."))
        return redirect("intake:instrument-detail", code)
    context = {"instrument": instrument, "licence": licence}
    return render(request, "intake/forms/licence.html", context, status=422 if licence.errors else 200)


def _recorded(form: Questionnaire) -> dict[str, str | dt.date | None]:
    return {
        "holder": form.licence_holder,
        "reference": form.licence_reference,
        "on": form.licence_on,
        "scope": form.licence_scope,
    }


def _at(code: str) -> Instrument:
    """Raises Http404."""
    found = next((each for each in instruments() if each.measure.code == code), None)
    if found is None:
        raise Http404
    return found
