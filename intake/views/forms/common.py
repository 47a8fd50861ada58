"""What the pages about one form have in common."""

import uuid
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, QueryDict
from django.shortcuts import get_object_or_404
from django.utils.datastructures import MultiValueDict

from clinic.core.errors import DomainError
from intake.fhir.report import Severity
from intake.models import Questionnaire


def form_at(request: HttpRequest, pk: uuid.UUID) -> Questionnaire:
    """A form the caller may see. Raises Http404."""
    found: Questionnaire = get_object_or_404(Questionnaire.objects.visible_to(request.user), pk=pk)
    return found


def sent(request: HttpRequest) -> tuple[QueryDict | None, MultiValueDict[str, UploadedFile[Any]] | None]:
    """What a form is bound to: an empty POST is one too."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def report_context(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """A report as its template shows it."""
    fatal = sum(row["severity"] == Severity.FATAL for row in rows)
    blocks = sum(row["severity"] == Severity.BLOCKS for row in rows)
    return {"report": rows, "fatal": fatal, "blocks": blocks, "notes": len(rows) - fatal - blocks}


def rows_of(error: DomainError) -> list[dict[str, Any]]:
    """The report a refusal came with."""
    rows: list[dict[str, Any]] = error.details.get("report", [])
    return rows
