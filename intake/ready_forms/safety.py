"""Red flags and contraindications as items of a form, from the clinical knowledge."""

from intake.knowledge import source
from intake.ready_forms.parts import KNOWLEDGE, Row, item, options, section
from intake.rules import Rule, keys_of
from intake.rules.red_flags import ADULT_AT

NONE = "none"
ALLERGY = "ci-allergy"


def safety_section() -> Row:
    """Every red-flag question: those always asked, and those asked when a region is marked or reached."""
    rules = [Rule.from_entry(entry) for entry in source.entries("red_flags")]
    pregnancy = [rule for rule in rules if "pregnancy" in rule.ask_if]
    questions = [_question(rule) for rule in rules if rule not in pregnancy]
    questions.append(
        item(
            "safety.pregnancy",
            "group",
            "",
            item=[_question(rule) for rule in pregnancy],
            enableWhen=[_condition("contraindications", "ci-pregnancy")],
        )
    )
    return section(
        "safety", "Questions we ask everyone", "They find what must not wait. Most people answer no.", questions
    )


def _question(rule: Rule) -> Row:
    words = source.wording().get(rule.code) or source.wording()["yes_no"]
    conditions = [] if rule.asks_always else _when_marked(rule)
    ext: dict[str, str | int] = {"item-kind": "red-flag"}
    if rule.ask_if.startswith("age under"):
        ext["only-under-age"] = ADULT_AT
    return item(
        f"flag.{rule.code}",
        "choice",
        rule.question,
        ext=ext,
        required=True,
        code=[{"system": KNOWLEDGE, "code": rule.code}],
        answerOption=options({answer: words[answer] for answer in rule.answers}),
        enableWhen=conditions,
        enableBehavior="any" if conditions else None,
    )


def _when_marked(rule: Rule) -> list[Row]:
    regions = source.by_code("regions")
    keys = [key for code in sorted(rule.trigger_regions) for key in keys_of(regions[code])]
    return [_condition(f"pain-map.{part}", key) for part in ("region", "spreads-to") for key in keys]


def _condition(question: str, code: str) -> Row:
    return {"question": question, "operator": "=", "answerCoding": {"code": code}}


def contraindications() -> Row:
    """One list to tick; what is ticked becomes alerts with their effect on massage."""
    entries = source.entries("contraindications")
    words = {entry["code"]: entry["label"] for entry in entries} | {NONE: "None of these"}
    hints = {entry["code"]: entry["question"] for entry in entries}
    return item(
        "contraindications",
        "choice",
        "Does any of this apply to you?",
        ext={"item-kind": "contraindications", "summary": "Limits treatment", "hint": "Tick all that apply."},
        required=True,
        repeats=True,
        answerOption=options(words, none=NONE, hints=hints),
    )


def allergy() -> Row:
    """Asked as soon as an allergy is ticked: the alert says to what."""
    return item(
        "allergy.what",
        "string",
        "What are you allergic to?",
        ext={"summary": "Allergic to", "hint": "For example: latex, arnica, nut oil."},
        code=[{"system": KNOWLEDGE, "code": ALLERGY}],
        required=True,
        maxLength=100,
        enableWhen=[_condition("contraindications", ALLERGY)],
    )
