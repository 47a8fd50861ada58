"""enableWhen: which items are asked, given the answers so far. FHIR R4 semantics, all operators."""

import datetime as dt
import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from intake.fhir.answers import Answers
from intake.fhir.items import Condition, Form, Item

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
}


@dataclass(frozen=True, slots=True)
class Situation:
    """What decides besides the answers. Unknown age is None and asks."""

    age: int | None = None


def enabled_items(form: Form, answers: Answers, situation: Situation) -> set[str]:
    """linkIds of everything that is asked; a child of what is not asked is not asked."""
    found: set[str] = set()

    def visit(item: Item) -> None:
        if is_enabled(item, answers, situation):
            found.add(item.link_id)
            for child in item.items:
                visit(child)

    for section in form.sections:
        visit(section)
    return found


def is_enabled(item: Item, answers: Answers, situation: Situation) -> bool:
    """Whether the item's own conditions hold."""
    under_age = item.extensions.get("only-under-age")
    if under_age is not None and situation.age is not None and situation.age >= under_age:
        return False
    if not item.enable_when:
        return True
    results = (_holds(condition, answers) for condition in item.enable_when)
    return any(results) if item.enable_any else all(results)


def _holds(condition: Condition, answers: Answers) -> bool:
    given = list(_values_of(condition.question, answers))
    if condition.operator == "exists":
        return bool(given) is bool(condition.answer)
    if condition.operator == "!=":
        return bool(given) and all(value != condition.answer for value in given)
    compare = _COMPARE[condition.operator]
    return any(_comparable(value, condition.answer) and compare(value, condition.answer) for value in given)


def _comparable(value: Any, other: Any) -> bool:
    numbers = (int, float)
    if isinstance(value, numbers) and isinstance(other, numbers):
        return True
    return type(value) is type(other)


def _values_of(question: str, answers: Answers) -> Iterator[Any]:
    """Answers to a question; a part of a pain map has the values of every mark."""
    for value in answers.all(question):
        yield value.isoformat() if isinstance(value, dt.date) else value
    link_id, _, part = question.rpartition(".")
    for mark in answers.marks.get(link_id, ()):
        if part == "region":
            yield mark.key
        elif part == "spreads-to" and mark.spreads_to:
            yield mark.spreads_to
        elif part == "quality":
            yield from mark.qualities
        elif part == "intensity" and mark.intensity is not None:
            yield mark.intensity
