"""What limits hands-on work: contraindication answers and the action each asks for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

# Gravest first, as in `meta.yaml`, vocabulary `massage`.
ACTIONS = ("stop", "clearance", "local-avoid", "modify")


@dataclass(frozen=True, slots=True)
class ContraindicationRule:
    code: str
    label: str
    question: str
    action: str
    advice_staff: str

    @classmethod
    def from_entry(cls, entry: Mapping[str, Any]) -> "ContraindicationRule":
        actions = {row["action"] for row in entry["rule"] if row["answer"] == "yes"}
        (action,) = actions
        return cls(entry["code"], entry["label"], entry["question"], action, entry["advice_staff"])


@dataclass(frozen=True, slots=True)
class Limit:
    rule: ContraindicationRule
    action: str


def limits_of(chosen: Iterable[str], rules: Mapping[str, ContraindicationRule]) -> list[Limit]:
    """The limits that follow from the contraindications a client ticked, gravest first; unknown codes are left out."""
    limits = [Limit(rules[code], rules[code].action) for code in dict.fromkeys(chosen) if code in rules]
    return sorted(limits, key=lambda limit: (ACTIONS.index(limit.action), limit.rule.label))
