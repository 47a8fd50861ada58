"""What an expression of an item sees: the answers as a response, its own row of it, and the variables above it."""

import datetime as dt
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from intake.fhir import addresses
from intake.fhir.answers import Answers, Writer
from intake.fhir.expressions import Evaluator, names_in
from intake.fhir.forms import Form
from intake.fhir.items import Item
from intake.fhir.order import scope_of
from intake.fhir.values import Json

Rows = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Situation:
    """What decides besides the answers. Unknown age is None and asks; `patient` is what expressions may know.

    `consents` are the kinds of consent that are asked for; None asks for all of the form's.
    """

    age: int | None = None
    now: dt.datetime | None = None
    zone: ZoneInfo | None = None
    patient: Json = field(default_factory=dict)
    consents: frozenset[str] | None = None

    def evaluator(self) -> Evaluator:
        return Evaluator(self.now or dt.datetime.now(dt.UTC), self.zone)


class Scope:
    """Evaluates a form's expressions over answers that may change in between; say so by `forget`."""

    def __init__(self, form: Form, answers: Answers, situation: Situation, included: Container[str]) -> None:
        self.form, self.answers, self.situation, self.included = form, answers, situation, included
        self.evaluator = situation.evaluator()
        self.resource: tuple[dict[str, Any], Rows] | None = None

    def forget(self) -> None:
        self.resource = None

    def evaluate(self, item: Item, prefix: str, expression: str) -> list[Any]:
        """In the row `prefix` stands for. Variables are evaluated as they are needed, each where it is declared."""
        resource, rows = self.resource = self.resource or self._written()
        names: dict[str, Any] = {
            "resource": resource,
            "questionnaire": self.form.source,
            "qitem": item.source,
            "patient": self.situation.patient,
            "context": self._row(item, prefix, rows),
        }
        self._add_variables(expression, item, prefix, names, ())
        return self.evaluator(expression, names["context"], names)

    def _add_variables(
        self, expression: str, item: Item, prefix: str, names: dict[str, Any], open_: tuple[str, ...]
    ) -> None:
        scope: Mapping[str, str] | None = None
        for name in names_in(expression):
            if name in names or name in open_:
                continue
            scope = scope_of(self.form, item) if scope is None else scope
            if name in scope:
                self._add_variables(scope[name], item, prefix, names, (*open_, name))
                holder = self._holder(name, item)
                rows = (self.resource or self._written())[1]
                base = self._row(holder, prefix, rows) if holder else names["resource"]
                names[name] = self.evaluator(scope[name], base, {**names, "context": base})

    def _holder(self, name: str, item: Item) -> Item | None:
        """The innermost item that declares a variable; None for the form itself."""
        lineage = (*self.form.parents[item.link_id], item)
        return next((h for h in reversed(lineage) if any(name == n for n, _ in h.variables)), None)

    def _row(self, item: Item, prefix: str, rows: Rows) -> dict[str, Any]:
        """The response's row of an item; a bare one where nothing was answered yet."""
        depth = sum(parent.has_rows or parent.is_question for parent in self.form.parents[item.link_id])
        parts = prefix.split("/")
        at = "".join(f"{part}/" for part in parts[:depth])
        own = f"{at}{parts[depth]}" if item.has_rows and len(parts) > depth + 1 else addresses.join(at, item.link_id)
        return rows.get(own) or {"linkId": item.link_id}

    def _written(self) -> tuple[dict[str, Any], Rows]:
        writer = Writer(self.answers, self.included, with_scores=True)
        rows = writer.rows(self.form.items, "")
        return {"resourceType": "QuestionnaireResponse", "item": rows}, writer.index
