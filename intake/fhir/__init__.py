"""FHIR R4 Questionnaire and QuestionnaireResponse: as much of them as our forms use, kept whole as JSON."""

from intake.fhir.answers import Answers, read_response, write_response
from intake.fhir.enabled import Decision, decide, enabled_items
from intake.fhir.forms import Form, read_form
from intake.fhir.initial import initial_answers
from intake.fhir.items import Control, Item, Kind
from intake.fhir.scope import Situation
from intake.fhir.value_sets import Option

__all__ = [
    "Answers",
    "Control",
    "Decision",
    "Form",
    "Item",
    "Kind",
    "Option",
    "Situation",
    "decide",
    "enabled_items",
    "initial_answers",
    "read_form",
    "read_response",
    "write_response",
]
