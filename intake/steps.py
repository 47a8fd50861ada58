"""The screens of a form request: which section stands where, what is asked there, with which answers."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from intake import consent_texts
from intake.answers import answers_of, questions, situation_of
from intake.body_map_form import form_context
from intake.consent_texts import Wording
from intake.fhir import Answers, Form, Item, Kind, enabled_items
from intake.form_cache import form_of
from intake.models import Response
from intake.required import missing_in

TEMPLATES = {
    Kind.PAIN_MAP: "pain_map",
    Kind.RED_FLAG: "choice",
    Kind.CONTRAINDICATIONS: "checks",
    Kind.SCALE: "scale",
    Kind.CONSENT: "consent",
    Kind.SIGNATURE: "signature",
}
TYPE_TEMPLATES = {
    "text": "text",
    "string": "line",
    "date": "date",
    "integer": "number",
    "decimal": "number",
    "boolean": "yes_no",
}


@dataclass(frozen=True)
class Step:
    """One screen."""

    number: int
    total: int
    response: Response
    form: Form
    section: Item

    @property
    def is_last(self) -> bool:
        return self.number == self.total


@dataclass
class Question:
    """One question as its template draws it."""

    item: Item
    template: str
    error: str = ""
    values: list[Any] = field(default_factory=list)
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def value(self) -> Any:
        return self.values[0] if self.values else None

    @property
    def options(self) -> list[dict[str, Any]]:
        return [{"option": option, "is_chosen": option.code in self.values} for option in self.item.options]

    @property
    def points(self) -> list[dict[str, Any]]:
        return [{"number": n, "is_chosen": n in self.values} for n in range(11)]


def steps_of(responses: list[Response]) -> list[Step]:
    pairs = [(r, form_of(r.questionnaire), s) for r in responses for s in form_of(r.questionnaire).sections]
    return [Step(n, len(pairs), r, form, section) for n, (r, form, section) in enumerate(pairs, 1)]


def first_unfinished(steps: list[Step], today: dt.date) -> Step:
    """Where to go on: the first screen that still needs something, the last one otherwise."""
    for step in steps:
        answers = answers_of(step.response)
        reached = step.response.current_step >= step.number
        if not reached or missing_in(step.section, answers, enabled_of(step, answers, today)):
            return step
    return steps[-1]


def enabled_of(step: Step, answers: Answers, today: dt.date) -> set[str]:
    return enabled_items(step.form, answers, situation_of(step.response, today))


def questions_of(step: Step, answers: Answers, today: dt.date, errors: Mapping[str, str]) -> list[Question]:
    """What this screen asks, given the answers so far."""
    enabled = enabled_of(step, answers, today)
    asked = [item for item in questions(step.section) if item.link_id in enabled]
    wordings = consent_texts.shown(step.response, asked)
    return [_question(item, answers, errors.get(item.link_id, ""), wordings.get(item.link_id)) for item in asked]


def lead_of(section: Item) -> str:
    return next((item.text for item in section.items if item.type == "display"), "")


def _question(item: Item, answers: Answers, error: str, wording: Wording | None) -> Question:
    extra = form_context(item, answers.marks.get(item.link_id, [])) if item.kind is Kind.PAIN_MAP else {}
    if wording:
        extra = {"wording": wording}
    return Question(item, f"intake/questions/{_template(item)}.html", error, answers.all(item.link_id), extra)


def _template(item: Item) -> str:
    if item.kind in TEMPLATES:
        return TEMPLATES[item.kind]
    if item.type == "choice":
        return "choices" if item.repeats else "choice"
    return TYPE_TEMPLATES[item.type]
