"""What stands in a form before anything was answered."""

from typing import Any

from intake.fhir import addresses
from intake.fhir.answers import Answers
from intake.fhir.calculated import as_value
from intake.fhir.forms import Form
from intake.fhir.items import Kind
from intake.fhir.scope import Situation


def initial_answers(form: Form, situation: Situation) -> Answers:
    """What stands in a new form: the items' initial values, and what their initialExpressions give."""
    answers = Answers()
    evaluator = situation.evaluator()
    names = {"patient": situation.patient, "questionnaire": form.source, "resource": {}}
    for item in form.by_link_id.values():
        if not item.is_question or any(p.is_question or p.kind is Kind.PAIN_MAP for p in form.parents[item.link_id]):
            continue
        values: list[Any] = list(item.initial)
        if item.initial_expression and not values:
            found = evaluator(item.initial_expression, {}, {**names, "qitem": item.source})
            values = [v for v in (as_value(item, raw) for raw in found) if v is not None]
        if values:
            rows = [p.link_id for p in form.parents[item.link_id] if p.has_rows]
            answers.put(addresses.address_of([(name, 0) for name in rows], item.link_id), values[: item.max_occurs])
            answers.rows.update(
                {addresses.address_of([(r, 0) for r in rows[:n]], rows[n]): 1 for n in range(len(rows))}
            )
    return answers
