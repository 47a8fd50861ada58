"""The screens of a form request: which section stands where, what is asked there, with which answers."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from intake import consent_texts
from intake.answers import answers_of, situation_of
from intake.asked import asked_in, nodes_of
from intake.at_once import logic_for
from intake.blocks import Block, Drawer
from intake.fhir import Answers, Form, Item, enabled_items
from intake.form_cache import form_of
from intake.models import Response
from intake.page_state import Clash
from intake.required import missing_in


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


def steps_of(responses: list[Response]) -> list[Step]:
    """In the client's language, where the form has words for it."""
    forms = [(response, form_of(response.questionnaire, response.client.language)) for response in responses]
    pairs = [(response, form, section) for response, form in forms for section in form.sections]
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


def asks_something(step: Step, today: dt.date) -> bool:
    """Whether anything of the screen is shown; one that asks nothing is passed over."""
    answers = answers_of(step.response)
    enabled = enabled_of(step, answers, today)
    return bool(lead_of(step.section)) or any(node.address in enabled for node in nodes_of(step.section, answers))


def blocks_of(
    step: Step,
    answers: Answers,
    today: dt.date,
    errors: Mapping[str, str],
    unread: Mapping[str, list[str]] | None = None,
    *,
    is_shared: bool = False,
    clashes: Mapping[str, Clash] | None = None,
) -> list[Block]:
    """What this screen shows, given the answers so far; its lead stands above."""
    enabled = enabled_of(step, answers, today)
    asked = [each.item for each in asked_in(step.section, answers) if each.address in enabled]
    shown = consent_texts.shown(step.response, asked)
    drawer = Drawer(answers, enabled, errors, shown, unread or {}, is_shared, clashes or {})
    lead = lead_item(step.section)
    return drawer.blocks(node for node in nodes_of(step.section, answers) if node.item is not lead)


def logic_of_step(step: Step, answers: Answers, today: dt.date) -> str:
    """What lets the screen respond before the server does; empty where nothing on it hangs on another answer."""
    return logic_for(step.form, step.section, answers, situation_of(step.response, today))


def lead_item(section: Item) -> Item | None:
    """The text a screen begins with."""
    first = next(iter(section.items), None)
    return first if first is not None and first.type == "display" and not first.enable_when else None


def lead_of(section: Item) -> str:
    item = lead_item(section)
    return item.text if item else ""
