"""FHIR R4 Questionnaire and QuestionnaireResponse: as much of them as our forms use, kept whole as JSON."""

from intake.fhir.answers import Answers, read_response, write_response
from intake.fhir.enabled import Situation, enabled_items, is_enabled
from intake.fhir.items import Form, Item, Kind, Option, read_form

__all__ = [
    "Answers",
    "Form",
    "Item",
    "Kind",
    "Option",
    "Situation",
    "enabled_items",
    "is_enabled",
    "read_form",
    "read_response",
    "write_response",
]
