"""Typed forms, kept in memory: a published version never changes, so it is read once per process."""

import uuid

from intake.fhir import Form, read_form
from intake.models import Questionnaire

_forms: dict[uuid.UUID, Form] = {}
_canonicals: dict[uuid.UUID, str] = {}


def form_of(questionnaire: Questionnaire) -> Form:
    """The questionnaire's typed items. A published one may come without its long definition."""
    if questionnaire.status == Questionnaire.Status.DRAFT:
        return read_form(questionnaire.definition)
    if questionnaire.pk not in _forms:
        _forms[questionnaire.pk] = read_form(questionnaire.definition)
    return _forms[questionnaire.pk]


def canonical_of(questionnaire: Questionnaire) -> str:
    """What answers to it name it by: its address and version."""
    if questionnaire.status == Questionnaire.Status.DRAFT or questionnaire.pk not in _canonicals:
        _canonicals[questionnaire.pk] = f"{questionnaire.definition['url']}|{questionnaire.version}"
    return _canonicals[questionnaire.pk]
