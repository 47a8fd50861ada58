"""What is held of forms: requests, answers, pain maps, red flags, consents. Answers leave as FHIR too."""

import functools
import io
import uuid
from collections.abc import Collection, Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.core import clock
from clinic.people.record import held
from clinic.people.record.held import Area, File, Lines, Table
from clinic.people.uploads import SUFFIXES
from intake.answers import sections
from intake.body_map import place_name
from intake.consent_pdf import pdf_of
from intake.fhir import exact
from intake.models import (
    Consent,
    Invitation,
    KioskTurn,
    PainDrawing,
    PainMark,
    Proposal,
    Questionnaire,
    RedFlag,
    Response,
    Upload,
)
from intake.services.alarm import location_of


def _answers(row: Response) -> Lines:
    """Every question that was asked with its answer in words."""
    return [
        (line.label, line.value or _("not answered"))
        for _section, lines in sections(row, clock.now().date())
        for line in lines
    ]


def _place(row: PainMark) -> Lines:
    spread = [(_("Spreads to"), place_name(row.spreads_to))] if row.spreads_to else []
    return [(_("Where"), place_name(row.key)), *spread]


def _fhir(ids: Collection[uuid.UUID]) -> Iterator[File]:
    """Each answered form as a QuestionnaireResponse, and the Questionnaires they answer."""
    answered = Response.objects.filter(client__in=ids)
    for form in Questionnaire.objects.filter(pk__in=answered.values("questionnaire")):
        yield _json(f"fhir/Questionnaire-{form.pk}.json", form.definition)
    for response in answered.exclude(answers={}):
        yield _json(f"fhir/QuestionnaireResponse-{response.pk}.json", response.answers)


def _signed(ids: Collection[uuid.UUID]) -> Iterator[File]:
    """What was agreed to with each signature, as the client's own copy shows it."""
    signed = Response.objects.filter(client__in=ids, pk__in=Consent.objects.filter(client__in=ids).values("response"))
    for response in signed.select_related("client", "invitation__location"):
        yield File(f"consents/Consent-{response.pk}.pdf", functools.partial(_pdf, response))


def _pdf(response: Response) -> io.BytesIO:
    consents = list(response.consents.select_related("client").order_by("created_at"))
    return io.BytesIO(pdf_of(consents, location=location_of(response)))


def _files(ids: Collection[uuid.UUID]) -> Iterator[File]:
    yield from _fhir(ids)
    yield from _signed(ids)
    yield from _uploads(ids)


def _uploads(ids: Collection[uuid.UUID]) -> Iterator[File]:
    """What came as an answer, as it is kept."""
    for row in Upload.objects.filter(client__in=ids):
        if row.file.storage.exists(str(row.file.name)):
            yield File(_path_of(row), functools.partial(row.file.storage.open, str(row.file.name), "rb"))


def _path_of(row: Upload) -> str:
    return f"answers/Upload-{row.pk}{SUFFIXES[row.media_type]}"


def _json(path: str, resource: Any) -> File:
    return File(path, functools.partial(io.BytesIO, exact.dumps(resource, indent=1).encode()))


held.register(
    Area(
        "forms",
        gettext_lazy("Forms, pain maps and consents"),
        (
            Table(Invitation, "client", title=("questionnaires",), at="created_at"),
            Table(KioskTurn, "invitation__client", under="invitation", is_list=True, label=gettext_lazy("At a tablet")),
            Table(
                Response,
                "client",
                title=("questionnaire",),
                at="created_at",
                fetch=("client",),
                technical=("answers", "consent_texts", "current_step", "scores", "shown_details", "writers"),
                more=_answers,
            ),
            Table(Proposal, "client", title=("field",), at="created_at", fetch=("decided_by",)),
            Table(PainDrawing, "client", at="drawn_at"),
            Table(
                PainMark,
                "drawing__client",
                under="drawing",
                technical=("region", "side", "spreads_to", "stroke"),
                more=_place,
                is_list=True,
            ),
            Table(
                Upload,
                "client",
                title=("title",),
                at="created_at",
                technical=("sha256",),
                adjust=lambda row, values: values | {"file": _path_of(row)},
            ),
            Table(RedFlag, "client", title=("rule",), at="raised_at"),
            Table(Consent, "client", title=("kind",), at="given_at", technical=("signature",)),
        ),
        _files,
    )
)
