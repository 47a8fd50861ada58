"""What a client is told at once, and what is said again when the form is sent."""

from collections.abc import Iterable
from typing import Any

from intake.answers import answers_of
from intake.fhir import Item, Kind
from intake.figures import as_mark
from intake.knowledge.rules import red_flag_rules
from intake.models import RedFlag, Response
from intake.rules import Urgency, advice_for
from intake.rules.red_flags import SADDLE_RULE

AT_ONCE = {Urgency.EMERGENCY, Urgency.URGENT}


def emergencies(flags: Iterable[RedFlag]) -> list[RedFlag]:
    return [flag for flag in flags if flag.urgency == Urgency.EMERGENCY]


def needs_advice(response: Response, section: Item) -> bool:
    """Whether an answer of this section must not wait and the client has not yet gone on from the advice. One query.

    Not only what this POST raised: with a script, autosave has raised it before.
    """
    asked = {item.code for item in section.walk() if item.kind is Kind.RED_FLAG}
    waiting = response.red_flags.filter(taken_back_at=None, seen_by_doctor_at=None, urgency__in=AT_ONCE)
    if any(item.kind is Kind.PAIN_MAP for item in section.walk()):
        asked.add(SADDLE_RULE)
    return waiting.filter(rule__code__in=asked).exists()


def advice_context(responses: Iterable[Response]) -> dict[str, Any]:
    """The standing flags, gravest first, with the words for the gravest. One query for each response that was begun."""
    begun = [response for response in responses if not response._state.adding]
    flags = [f for r in begun for f in r.red_flags.select_related("rule").filter(taken_back_at=None)]
    ranks = list(Urgency)
    flags.sort(key=lambda flag: ranks.index(Urgency(flag.urgency)))
    gravest = Urgency(flags[0].urgency) if flags else Urgency.NONE
    rules = red_flag_rules()
    return {
        "flags": [flag for flag in flags if flag.urgency == gravest],
        "is_emergency": gravest is Urgency.EMERGENCY,
        "is_urgent": gravest is Urgency.URGENT,
        "advice": advice_for(gravest, rules.values()),
        "marks": [as_mark(mark) for response in begun for mark in answers_of(response).all_marks()],
    }
