"""Rules of intake: pure functions over marks, answers and the clinical knowledge. No database, the clock passed in."""

from intake.rules.contraindications import ContraindicationRule, Limit, limits_of
from intake.rules.marks import Mark, Places, keys_of, marked_regions, split_key
from intake.rules.red_flags import Finding, Rule, Urgency, advice_for, assess, from_marks, is_asked, worst
from intake.rules.structures import StructureMatch, match_structures

__all__ = [
    "ContraindicationRule",
    "Finding",
    "Limit",
    "Mark",
    "Places",
    "Rule",
    "StructureMatch",
    "Urgency",
    "advice_for",
    "assess",
    "from_marks",
    "is_asked",
    "keys_of",
    "limits_of",
    "marked_regions",
    "match_structures",
    "split_key",
    "worst",
]
