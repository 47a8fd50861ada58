"""What is asked and what is reckoned, given the answers so far: enableWhen with every operator, and expressions.

`decide` is the one place; the browser repeats it with what `logic_of` gives it. An answer to an item that is not asked
counts as none, so nothing hangs on a stale answer.
"""

from collections.abc import Container
from dataclasses import dataclass, replace

from intake.fhir import addresses
from intake.fhir.answers import Answers
from intake.fhir.calculated import as_value
from intake.fhir.comparing import holds
from intake.fhir.forms import Form
from intake.fhir.items import Item, Kind
from intake.fhir.scope import Scope, Situation
from intake.fhir.values import Code, Value
from intake.rules.marks import Mark

MOST_PASSES = 5


@dataclass(frozen=True, slots=True)
class Decision:
    """Addresses of everything that is asked, and what was reckoned; `answers` holds that too."""

    enabled: frozenset[str]
    calculated: dict[str, Value]
    answers: Answers
    situation: Situation
    failed: int = 0


def decide(form: Form, answers: Answers, situation: Situation) -> Decision:
    """Never raises for a form that `check` let in: an expression that cannot be evaluated has no value."""
    return _Decider(form, answers, situation).decide()


def enabled_items(form: Form, answers: Answers, situation: Situation) -> set[str]:
    """Addresses of everything that is asked; a child of what is not asked is not asked."""
    return set(decide(form, answers, situation).enabled)


class _Decider:
    def __init__(self, form: Form, answers: Answers, situation: Situation) -> None:
        self.form, self.situation = form, situation
        self.answers = replace(answers, values=dict(answers.values), rows=dict(answers.rows), kept=dict(answers.kept))
        self.enabled: set[str] = set()
        self.decided: set[str] = set()
        self.calculated: dict[str, Value] = {}
        self.given: dict[str, list[Value]] = {}
        self.scope = Scope(form, self.answers, situation, _OnOrOpen(self.enabled, self.decided))

    def decide(self) -> Decision:
        found = self.form.order
        for _ in range(MOST_PASSES if found.is_broad else 1):
            before = (set(self.enabled), dict(self.calculated))
            for item in found.items:
                for prefix in self.prefixes(item):
                    self.item(item, prefix)
            if before == (self.enabled, self.calculated):
                break
        return Decision(
            frozenset(self.enabled), self.calculated, self.answers, self.situation, self.scope.evaluator.failed
        )

    def prefixes(self, item: Item) -> list[str]:
        """What stands before the item's address, once for each row of what repeats above."""
        found = [""]
        for parent in self.form.holders[item.link_id]:
            found = [
                addresses.row(at, n)
                for at in (prefix + self.form.encoded[parent.link_id] for prefix in found)
                for n in range(self.count(parent, at))
            ]
        return found

    def count(self, parent: Item, address: str) -> int:
        """Rows to decide for: one is there to be filled in even before it was."""
        held = len(self.answers.all(address)) if parent.is_question else self.answers.rows.get(address, 0)
        return max(1, held, parent.min_occurs if parent.has_rows else 0)

    def item(self, item: Item, prefix: str) -> None:
        address = prefix + self.form.encoded[item.link_id]
        is_on = self.parent_is_on(item, prefix) and self.is_asked(item, prefix)
        was_on = address in self.enabled
        (self.enabled.add if is_on else self.enabled.discard)(address)
        self.decided.add(address)
        if is_on != was_on:
            self.given.pop(address, None)
            self.scope.forget()
        if item.calculated and item.is_question:
            self.calculate(item, prefix, address, is_on)

    def parent_is_on(self, item: Item, prefix: str) -> bool:
        above = self.form.parents[item.link_id]
        if not above:
            return True
        parent = above[-1]
        inside = parent.has_rows or parent.is_question
        return (
            prefix[:-1].rpartition(":")[0] if inside else prefix + self.form.encoded[parent.link_id]
        ) in self.enabled

    def is_asked(self, item: Item, prefix: str) -> bool:
        """Whether the item's own conditions hold."""
        if is_left_out(item, self.situation):
            return False
        if item.enable_when_expression:
            return self.scope.evaluate(item, prefix, item.enable_when_expression) == [True]
        if not item.enable_when:
            return True
        results = (holds(c.operator, self.values_of(c.question, item, prefix), c.answer) for c in item.enable_when)
        return any(results) if item.enable_any else all(results)

    def values_of(self, question: str, asking: Item, prefix: str) -> list[Value]:
        """Answers to the occurrence of a question nearest to who asks; none when it is not asked itself."""
        target = self.form.by_link_id.get(question)
        if target is None:
            return []
        address = self.nearest(target, asking, prefix)
        if address not in self.enabled:
            return []
        if address not in self.given:
            self.given[address] = list(self.read(target, address))
        return self.given[address]

    def nearest(self, target: Item, asking: Item, prefix: str) -> str:
        """The row both stand in; else the last row before who asks, or the first after (R4, enableWhen.question)."""
        at = ""
        for parent in self.form.holders[target.link_id]:
            base = at + self.form.encoded[parent.link_id]
            if prefix.startswith(f"{base}:"):
                number = int(prefix.removeprefix(f"{base}:").partition("/")[0])
            else:
                is_before = self.form.positions[target.link_id] < self.form.positions[asking.link_id]
                number = self.count(parent, base) - 1 if is_before else 0
            at = addresses.row(base, number)
        return at + self.form.encoded[target.link_id]

    def read(self, target: Item, address: str) -> list[Value]:
        above = self.form.parents[target.link_id]
        if above and above[-1].kind is Kind.PAIN_MAP:
            map_address = address.removesuffix(addresses.encoded(target.link_id)) + addresses.encoded(above[-1].link_id)
            part = target.link_id.removeprefix(f"{above[-1].link_id}.")
            return [v for mark in self.answers.marks.get(map_address, ()) for v in part_of(mark, part)]
        values = self.answers.all(address)
        if target.type != "choice":
            return values
        return [self._chosen(target, value) for value in values]

    @staticmethod
    def _chosen(target: Item, value: Value) -> Value:
        """A choice by its token alone is its option's value."""
        if type(value) is not str:
            return value
        option = target.option(value)
        return Code(value) if option is None or option.value is None else option.value

    def calculate(self, item: Item, prefix: str, address: str, is_on: bool) -> None:
        found = self.scope.evaluate(item, prefix, item.calculated) if is_on else []
        value = next((v for v in (as_value(item, raw) for raw in found) if v is not None), None)
        values = [] if value is None else [value]
        if self.answers.all(address) != values:
            self.answers.put(address, values)
            self.given.pop(address, None)
            self.scope.forget()
        if value is None:
            self.calculated.pop(address, None)
        else:
            self.calculated[address] = value


def is_left_out(item: Item, situation: Situation) -> bool:
    """Whether nothing that is answered could make the item be asked: by age, or a consent that is not due."""
    under_age, consent = item.extensions.get("only-under-age"), item.extensions.get("consent")
    if under_age is not None and situation.age is not None and situation.age >= under_age:
        return True
    return consent is not None and situation.consents is not None and consent not in situation.consents


@dataclass(frozen=True, slots=True)
class _OnOrOpen(Container[str]):
    """Addresses that are asked, or not decided yet."""

    enabled: set[str]
    decided: set[str]

    def __contains__(self, address: object) -> bool:
        return address in self.enabled or address not in self.decided


def part_of(mark: Mark, part: str) -> list[Value]:
    """What one mark answers to a part of its pain map."""
    match part:
        case "region":
            return [Code(mark.key)]
        case "spreads-to":
            return [Code(mark.spreads_to)] if mark.spreads_to else []
        case "quality":
            return [Code(quality) for quality in mark.qualities]
        case "course":
            return [Code(mark.course)] if mark.course else []
        case "intensity":
            return [] if mark.intensity is None else [mark.intensity]
    return []
