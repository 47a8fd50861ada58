"""Red flags: which questions are asked, what an answer means, what the client is told at once.

The rules are the entries of `data/knowledge/red_flags.yaml`, each with its sources. Their wording and thresholds are
for a clinician to sign off; nothing here ever says that a client is clear.
"""

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from intake.rules.marks import Mark, marked_regions


class Urgency(enum.StrEnum):
    EMERGENCY = "emergency"
    URGENT = "urgent"
    CAUTION = "caution"
    NONE = "none"


_GRAVEST_FIRST = list(Urgency)
ADULT_AT = 17  # years; rule young-limp asks for those under it
NUMB = frozenset({"numbness", "tingling", "pins-and-needles"})
SADDLE = "saddle"
SADDLE_RULE = "ces-saddle"
SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Rule:
    code: str
    label: str
    question: str
    answer_type: str
    urgencies: Mapping[str, Urgency]
    massage: str
    advice_client: str
    advice_staff: str
    asks_always: bool
    trigger_regions: frozenset[str]
    ask_if: str

    @classmethod
    def from_entry(cls, entry: Mapping[str, Any]) -> "Rule":
        return cls(
            code=entry["code"],
            label=entry["label"],
            question=entry["question"],
            answer_type=entry["answer_type"],
            urgencies={row["answer"]: Urgency(row["urgency"]) for row in entry["rule"]},
            massage=entry["massage"],
            advice_client=entry["advice_client"],
            advice_staff=entry["advice_staff"],
            asks_always=entry["ask"] == "always",
            trigger_regions=frozenset(entry.get("trigger_regions", ())),
            ask_if=entry.get("ask_if", ""),
        )

    @property
    def answers(self) -> tuple[str, ...]:
        """The allowed answers, gravest first as the entry lists them."""
        if self.answer_type == "choice":
            return tuple(self.urgencies)
        return ("yes", "no", SKIP) if self.answer_type == "yes_no_skip" else ("yes", "no")


@dataclass(frozen=True, slots=True)
class Finding:
    """An answer that means something."""

    rule: Rule
    answer: str
    urgency: Urgency


def is_asked(rule: Rule, *, marks: Iterable[Mark], age: int | None, may_be_pregnant: bool) -> bool:
    """Whether a client with these marks is asked. Unknown age asks; a region that pain runs to counts as marked."""
    if rule.ask_if.startswith("age under") and age is not None and age >= ADULT_AT:
        return False
    if "pregnancy" in rule.ask_if and not may_be_pregnant:
        return False
    return rule.asks_always or bool(rule.trigger_regions & marked_regions(marks))


def assess(rule: Rule, answer: str) -> Finding | None:
    """What an answer means; None when it means nothing. Raises ValueError for an answer the rule does not know."""
    if answer not in rule.answers:
        raise ValueError(f"{rule.code}: unknown answer")
    urgency = rule.urgencies.get(answer, Urgency.NONE)
    return None if urgency is Urgency.NONE else Finding(rule, answer, urgency)


def from_marks(marks: Iterable[Mark], rules: Mapping[str, Rule]) -> list[Finding]:
    """Numbness marked on the saddle area answers the saddle question (qualities.yaml, note at `numbness`)."""
    numb = any(SADDLE in marked_regions([mark]) and NUMB & set(mark.qualities) for mark in marks)
    found = assess(rules[SADDLE_RULE], "yes") if numb and SADDLE_RULE in rules else None
    return [found] if found else []


def worst(findings: Iterable[Finding]) -> Urgency:
    """The gravest urgency among findings."""
    return min((f.urgency for f in findings), key=_GRAVEST_FIRST.index, default=Urgency.NONE)


def advice_for(urgency: Urgency, rules: Iterable[Rule]) -> str:
    """What the client is told. A rule's own advice fits its gravest answer alone, so the wording goes by urgency."""
    for rule in rules:
        meant = {u for u in rule.urgencies.values() if u is not Urgency.NONE}
        if meant == {urgency}:
            return rule.advice_client
    return ""
