"""The knowledge's rules, typed, from its files: built-ins only, read once per process."""

from functools import cache

from intake.knowledge import source
from intake.rules import ContraindicationRule, Rule


@cache
def red_flag_rules() -> dict[str, Rule]:
    return {entry["code"]: Rule.from_entry(entry) for entry in source.entries("red_flags")}


@cache
def contraindication_rules() -> dict[str, ContraindicationRule]:
    return {entry["code"]: ContraindicationRule.from_entry(entry) for entry in source.entries("contraindications")}
