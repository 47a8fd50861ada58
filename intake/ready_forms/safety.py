"""Red flags and contraindications as items of a form, from the clinical knowledge."""

from collections.abc import Mapping
from typing import Any

from intake.knowledge import source
from intake.ready_forms.parts import KNOWLEDGE, Row, choice, item, options, section, when
from intake.rules import Rule, keys_of
from intake.rules.red_flags import ADULT_AT

NONE = "none"
ALLERGY = "ci-allergy"
LIMITS, KEPT = "contraindications", "contraindications.kept"


def safety_section(*, is_again: bool = False) -> Row:
    """Every red-flag question: those always asked, and those asked when a region is marked or reached.

    They are asked afresh each time. `is_again` where contraindications may be confirmed instead of ticked.
    """
    rules = [Rule.from_entry(entry) for entry in source.entries("red_flags")]
    pregnancy = [rule for rule in rules if "pregnancy" in rule.ask_if]
    questions = [_question(rule) for rule in rules if rule not in pregnancy]
    questions.append(
        item(
            "safety.pregnancy",
            "group",
            "",
            item=[_question(rule) for rule in pregnancy],
            enableWhen=_when_limited("ci-pregnancy", is_again),
            enableBehavior="any" if is_again else None,
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
    return [when(f"pain-map.{part}", code=key) for part in ("region", "spreads-to") for key in keys]


def _when_limited(code: str, is_again: bool) -> list[Row]:
    names = (LIMITS, KEPT) if is_again else (LIMITS,)
    return [when(name, code=code) for name in names]


def contraindications(**rest: Any) -> Row:
    """One list to tick; what is ticked becomes alerts with their effect on massage."""
    return _limits(
        LIMITS,
        "Does any of this apply to you?",
        {"item-kind": "contraindications", "summary": "Limits treatment", "hint": "Tick all that apply."},
        required=True,
        **rest,
    )


def contraindications_again() -> list[Row]:
    """What was said last time, to be confirmed; the list is ticked anew when something has changed.

    `contraindications.kept` takes the list's place in the answers once it was confirmed.
    """
    said, same = "contraindications.before", "contraindications.same"
    carried = {"carried-from": f"{LIMITS} {KEPT}"}
    return [
        _limits(said, "Last time you said", carried, readOnly=True),
        choice(
            same, "Is this still so, and nothing else?", "still-so", summary="", required=True, enableWhen=[when(said)]
        ),
        _limits(
            KEPT,
            "Confirmed",
            {"item-kind": "contraindications", "summary": "Limits treatment", "hidden": True} | carried,
            readOnly=True,
            enableWhen=[when(same, code="same")],
        ),
        contraindications(enableWhen=[when(said, is_answered=False), when(same, code="changed")], enableBehavior="any"),
    ]


def _limits(link_id: str, question: str, ext: Mapping[str, Any], **rest: Any) -> Row:
    entries = source.entries("contraindications")
    words = {entry["code"]: entry["label"] for entry in entries} | {NONE: "None of these"}
    hints = {entry["code"]: entry["question"] for entry in entries} if link_id == LIMITS else None
    choices = options(words, none=NONE, hints=hints)
    return item(link_id, "choice", question, ext=ext, repeats=True, answerOption=choices, **rest)


def allergy(*, is_again: bool = False) -> Row:
    """Asked as soon as an allergy is ticked: the alert says to what."""
    return item(
        "allergy.what",
        "string",
        "What are you allergic to?",
        ext={
            "summary": "Allergic to",
            "hint": "For example: latex, arnica, nut oil.",
            "carried-from": "allergy.what" if is_again else "",
        },
        code=[{"system": KNOWLEDGE, "code": ALLERGY}],
        required=True,
        maxLength=100,
        enableWhen=_when_limited(ALLERGY, is_again),
        enableBehavior="any" if is_again else None,
    )
