"""Answers as FHIR documents: taken in whole or not at all, with what follows from them; given out as they came."""

import datetime as dt
import uuid
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from clinic.audit import services as audit
from clinic.core import clock
from clinic.people.models import Client, User
from clinic.people.permissions import Permission, require
from intake.answers import answers_of, situation_of
from intake.fhir import decide, exact
from intake.fhir.checking_response import check_response
from intake.fhir.report import Problem, Report, fatal, read_document
from intake.fhir.values import Json
from intake.form_cache import form_of
from intake.models import Questionnaire, Response
from intake.required import missing_in
from intake.scores import instrument_of, scores_of
from intake.services.effects import apply_effects
from intake.services.flags import findings_in, settle_flags

ENDED = ("completed", "amended")


def export_response(response: Response) -> bytes:
    """The answers as a QuestionnaireResponse."""
    return exact.dumps(response.answers, indent=2).encode()


@transaction.atomic
def import_response(*, text: bytes, client: Client, by: User | None) -> tuple[Response | None, Report]:
    """Take in answers given elsewhere, held to what a client is held to; flags, drawing and alerts follow from them.

    The same document twice is taken in once.
    """
    if by is not None:
        require(by, Permission.VIEW_INTAKE, client)
    client = Client.objects.select_for_update(of=("self",)).get(pk=client.pk)
    document, report = read_document(text)
    if document is None:
        return None, report
    form, problems = _form_for(document, client)
    if form is None:
        return None, Report(tuple(problems))
    known = Response.objects.filter(client=client, questionnaire=form, answers=document).first()
    if known is not None:
        return known, Report()
    return _taken_in(document, form, client, by)


def _form_for(document: Any, client: Client) -> tuple[Questionnaire | None, list[Problem]]:
    if not isinstance(document, dict) or document.get("resourceType") != "QuestionnaireResponse":
        return None, [fatal("not-a-response", _("This is not a FHIR QuestionnaireResponse."))]
    if document.get("status") not in ENDED:
        return None, [fatal("not-completed", _("Only completed answers are taken in."))]
    subject = document.get("subject")
    reference = str(subject.get("reference", "")) if isinstance(subject, dict) else ""
    if _is_of_another(reference, client):
        return None, [fatal("other-subject", _("These are the answers of another client."))]
    form = form_named(str(document.get("questionnaire", "")))
    if form is None:
        return None, [fatal("unknown-form", _("The form they answer is not published here, in this version."))]
    return form, []


def _is_of_another(reference: str, client: Client) -> bool:
    """A reference to a client of ours who is somebody else; ids of other systems say nothing."""
    try:
        named = uuid.UUID(reference.rpartition("/")[2])
    except ValueError:
        return False
    return named != client.pk and Client.objects.filter(pk=named).exists()


def form_named(canonical: str) -> Questionnaire | None:
    """The published or retired form a canonical address names; the newest where it names no version."""
    url, _bar, version = canonical.partition("|")
    forms = Questionnaire.objects.exclude(status=Questionnaire.Status.DRAFT).order_by("-version")
    if url.startswith("urn:uuid:"):
        try:
            return forms.filter(pk=uuid.UUID(url.removeprefix("urn:uuid:"))).first()
        except ValueError:
            return None
    named = forms.filter(definition__url=url) if url else forms.none()
    if version:
        unversioned = ~models.Q(definition__has_key="version") & models.Q(
            version=int(version) if version.isdecimal() else 0
        )
        named = named.filter(models.Q(definition__version=version) | unversioned)
    return named.first()


def _taken_in(
    document: Any, questionnaire: Questionnaire, client: Client, by: User | None
) -> tuple[Response | None, Report]:
    form, now = form_of(questionnaire), clock.now()
    at = _authored(document) or now
    response = Response(
        questionnaire=questionnaire,
        client=client,
        source=Response.Source.FILE,
        status=document["status"],
        answers=document,
        completed_at=at,
    )
    situation = situation_of(response, at.date())
    report = check_response(document, form, situation)
    if report.is_fatal:
        return None, report
    answers = answers_of(response)
    enabled = set(decide(form, answers, situation).enabled)
    missing = [name for section in form.sections for name in missing_in(section, answers, enabled)]
    if missing:
        return None, Report(tuple(fatal("missing", _("This is required."), link_id) for link_id in missing))
    response.scores = scores_of(form, answers, instrument_of(questionnaire))
    response.save()
    settle_flags(response=response, findings=findings_in(form, answers, enabled, with_marks=True), now=now)
    apply_effects(response=response, form=form, answers=answers, enabled=enabled, by=by)
    audit.record(by, "response.imported", response, client=client)
    return response, report


def _authored(document: Json) -> dt.datetime | None:
    """When the answers were given; None without a time, or for one that is still to come."""
    try:
        at = dt.datetime.fromisoformat(str(document.get("authored", "")))
    except ValueError:
        return None
    return at if at.tzinfo is not None and at <= clock.now() else None
