"""Typed forms, kept in memory: a published version never changes, so it is read once per process."""

import uuid
from typing import Any

from intake.fhir import Form, read_form
from intake.fhir.value_sets import Find
from intake.models import Questionnaire, ValueSet

_forms: dict[tuple[uuid.UUID, str], Form] = {}
_canonicals: dict[uuid.UUID, str] = {}


def form_of(questionnaire: Questionnaire, language: str = "") -> Form:
    """The questionnaire's typed items, in a language it has words for, else as written.

    A published one may come without its long definition.
    """
    if questionnaire.status == Questionnaire.Status.DRAFT:
        return read_form(questionnaire.definition, language=language, value_sets=value_sets_for(questionnaire))
    key = (questionnaire.pk, language)
    if key not in _forms:
        _forms[key] = read_form(questionnaire.definition, language=language, value_sets=value_sets_for(questionnaire))
    return _forms[key]


def value_sets_for(questionnaire: Questionnaire | None) -> Find:
    """Finds imported value sets by `url` or `url|version`. A published form goes on with those of its own day."""

    def find(address: str) -> dict[str, Any] | None:
        url, _bar, version = address.partition("|")
        rows = ValueSet.objects.filter(url=url, **({"version": version} if version else {}))
        if questionnaire is not None and questionnaire.published_at is not None:
            rows = rows.filter(created_at__lte=questionnaire.published_at)
        row = rows.order_by("-created_at").first()
        return None if row is None else row.definition

    return find


def canonical_of(questionnaire: Questionnaire) -> str:
    """What answers to it name it by: the document's own address and version, else this row's."""
    if questionnaire.status == Questionnaire.Status.DRAFT or questionnaire.pk not in _canonicals:
        url = questionnaire.definition.get("url") or f"urn:uuid:{questionnaire.pk}"
        version = questionnaire.definition.get("version") or questionnaire.version
        _canonicals[questionnaire.pk] = f"{url}|{version}"
    return _canonicals[questionnaire.pk]
