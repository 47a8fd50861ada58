"""Red flags, contraindications and structures: one test per rule and answer of the clinical knowledge."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from intake.fhir import Answers, Situation, enabled_items, read_form
from intake.knowledge import source
from intake.knowledge.rules import contraindication_rules, red_flag_rules
from intake.ready_forms import BUILDERS
from intake.rules import (
    Mark,
    Rule,
    Urgency,
    advice_for,
    assess,
    from_marks,
    is_asked,
    keys_of,
    limits_of,
    match_structures,
    split_key,
    worst,
)

RULES = red_flag_rules()
CASES = [(rule, answer) for rule in RULES.values() for answer in rule.answers]
EMERGENCY_WORDS = "call emergency services"


@pytest.mark.parametrize(("rule", "answer"), CASES, ids=lambda value: getattr(value, "code", value))
def test_every_answer_has_the_urgency_its_entry_gives_it(rule: Rule, answer: str) -> None:
    given = {row["answer"]: row["urgency"] for row in source.by_code("red_flags")[rule.code]["rule"]}
    finding = assess(rule, answer)
    assert (finding.urgency if finding else "none") == given.get(answer, "none")


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.code)
def test_an_answer_the_rule_does_not_know_is_refused(rule: Rule) -> None:
    with pytest.raises(ValueError, match="unknown answer"):
        assess(rule, "perhaps")


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.code)
def test_every_rule_has_an_answer_that_raises_nothing(rule: Rule) -> None:
    assert any(assess(rule, answer) is None for answer in rule.answers)


def test_the_client_is_told_to_call_for_help_after_an_emergency_answer_alone() -> None:
    told = {urgency: advice_for(urgency, RULES.values()) for urgency in Urgency}
    assert EMERGENCY_WORDS in told[Urgency.EMERGENCY]
    assert "doctor today or tomorrow" in told[Urgency.URGENT]
    assert "your doctor" in told[Urgency.CAUTION]
    assert EMERGENCY_WORDS not in told[Urgency.URGENT] + told[Urgency.CAUTION]
    assert told[Urgency.NONE] == ""


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.code)
def test_a_rule_is_asked_always_or_when_one_of_its_regions_is_marked_or_reached(rule: Rule) -> None:
    ask = {"age": 12, "may_be_pregnant": True}
    assert is_asked(rule, marks=[], **ask) is rule.asks_always
    for code in rule.trigger_regions:
        (key, *_) = keys_of(source.by_code("regions")[code])
        region, side = split_key(key)
        assert is_asked(rule, marks=[Mark(region, side)], **ask)
        assert is_asked(rule, marks=[Mark("jaw", "left", spreads_to=key)], **ask)


def test_the_question_for_the_young_is_not_put_to_grown_ups_but_to_those_of_unknown_age() -> None:
    groin = [Mark("groin", "left")]
    assert not is_asked(RULES["young-limp"], marks=groin, age=17, may_be_pregnant=False)
    assert is_asked(RULES["young-limp"], marks=groin, age=16, may_be_pregnant=False)
    assert is_asked(RULES["young-limp"], marks=groin, age=None, may_be_pregnant=False)


def test_pregnancy_questions_wait_for_a_possible_pregnancy() -> None:
    belly = [Mark("abdomen-lower", "right")]
    assert not is_asked(RULES["ectopic"], marks=belly, age=30, may_be_pregnant=False)
    assert is_asked(RULES["ectopic"], marks=belly, age=30, may_be_pregnant=True)


@pytest.mark.parametrize("age", [12, 40, None])
@pytest.mark.parametrize("pregnant", [True, False])
@pytest.mark.parametrize("region", source.entries("regions"), ids=lambda region: region["code"])
def test_the_form_asks_exactly_what_the_rules_ask(region: dict[str, Any], pregnant: bool, age: int | None) -> None:
    form = read_form({**BUILDERS["first-visit"](), "version": "1"})
    asked_by_link = {item.code: item.link_id for item in form.by_link_id.values() if item.kind == "red-flag"}
    assert set(asked_by_link) == set(RULES)
    code, side = split_key(keys_of(region)[-1])
    marks = [Mark(code, side)]
    answers = Answers({"contraindications": ["ci-pregnancy" if pregnant else "none"]}, {"pain-map": marks})
    enabled = enabled_items(form, answers, Situation(age=age))
    expected = {r.code for r in RULES.values() if is_asked(r, marks=marks, age=age, may_be_pregnant=pregnant)}
    assert {rule for rule, link_id in asked_by_link.items() if link_id in enabled} == expected


def test_numbness_marked_on_the_saddle_area_is_an_emergency() -> None:
    (finding,) = from_marks([Mark("saddle", qualities=("numbness",))], RULES)
    assert (finding.rule.code, finding.urgency) == ("ces-saddle", Urgency.EMERGENCY)
    assert from_marks([Mark("saddle", qualities=("aching",))], RULES) == []
    assert from_marks([Mark("groin", "left", ("numbness",))], RULES) == []
    assert from_marks([Mark("groin", "left", ("numbness",), spreads_to="saddle")], RULES)


def test_the_worst_of_several_findings_counts() -> None:
    findings = [assess(RULES["walking-calf-pain"], "yes"), assess(RULES["ces-bladder"], "yes")]
    assert worst(f for f in findings if f) is Urgency.EMERGENCY
    assert worst([]) is Urgency.NONE


@pytest.mark.parametrize("rule", contraindication_rules().values(), ids=lambda rule: rule.code)
def test_every_contraindication_has_its_action(rule: Any) -> None:
    (limit,) = limits_of([rule.code], contraindication_rules())
    assert limit.action == source.by_code("contraindications")[rule.code]["rule"][0]["action"]


def test_limits_stand_gravest_first_and_know_no_strangers() -> None:
    limits = limits_of(["ci-allergy", "ci-blood-clot", "ci-cancer", "made-up", "ci-allergy"], contraindication_rules())
    assert [limit.rule.code for limit in limits] == ["ci-blood-clot", "ci-cancer", "ci-allergy"]


@dataclass
class Thing:
    code: str
    label: str
    data: dict[str, Any] = field(default_factory=dict)


def thing(label: str, local: list[str], referral: list[str]) -> Thing:
    return Thing(label.casefold(), label, {"local_regions": local, "referral_regions": referral})


def test_structures_stand_local_first_then_by_regions_touched_then_by_alphabet() -> None:
    marks = [Mark("lateral-hip", "right"), Mark("posterior-thigh", "right")]
    structures = [
        thing("Zeta", ["lateral-hip"], []),
        thing("alpha", ["lateral-hip"], []),
        thing("Both", ["posterior-thigh", "lateral-hip"], ["heel"]),
        thing("Refers", ["jaw"], ["lateral-hip"]),
        thing("Refers to two", ["jaw"], ["lateral-hip", "posterior-thigh"]),
        thing("Elsewhere", ["jaw"], ["head"]),
    ]
    found = match_structures(marks, structures)
    labels = [m.structure.label for m in found]
    assert labels == ["Both", "alpha", "Zeta", "Refers to two", "Refers"]
    assert [m.group for m in found] == ["local"] * 3 + ["referral"] * 2
    assert found[0].regions == ("posterior-thigh", "lateral-hip")


def test_a_structure_stands_once_and_nothing_marked_prompts_nothing() -> None:
    both = thing("Gluteus", ["lateral-hip"], ["lateral-hip", "posterior-thigh"])
    assert len(match_structures([Mark("lateral-hip", "left"), Mark("posterior-thigh", "left")], [both])) == 1
    assert match_structures([], [both]) == []


def test_serious_structures_are_never_hidden() -> None:
    structures = [Thing(entry["code"], entry["label"], entry) for entry in source.entries("structures")]
    kinds = {m.structure.data["kind"] for m in match_structures([Mark("posterior-calf", "left")], structures)}
    assert kinds - {"muscle", "joint", "nerve", "tendon", "ligament"}
