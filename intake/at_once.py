"""What a screen needs to respond before the server does."""

import json

from intake.fhir import Answers, Form, Item, Situation, decide
from intake.fhir.browser import logic_for_page


def logic_for(form: Form, section: Item, answers: Answers, situation: Situation) -> str:
    """As JSON for `data-logic`; empty where nothing on the screen hangs on another of its answers."""
    hangs = any(item.enable_when or item.enable_when_expression or item.calculated for item in section.walk())
    logic = logic_for_page(form, section, answers, decide(form, answers, situation)) if hangs else None
    return json.dumps(logic, separators=(",", ":")) if logic else ""
