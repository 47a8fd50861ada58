"""Typed forms, kept in memory: a published version never changes, so it is read once per process."""

import uuid

from intake.fhir import Form, read_form
from intake.models import Questionnaire

_forms: dict[uuid.UUID, Form] = {}


def form_of(questionnaire: Questionnaire) -> Form:
    """The questionnaire's typed items."""
    if questionnaire.status == Questionnaire.Status.DRAFT:
        return read_form(questionnaire.definition)
    if questionnaire.pk not in _forms:
        _forms[questionnaire.pk] = read_form(questionnaire.definition)
    return _forms[questionnaire.pk]
