"""Scores of forms: each formula with a worked example, each rule for what was left out."""

from decimal import Decimal
from typing import Any

import pytest

from intake.fhir import Answers, Form, read_form
from intake.fhir.extensions import ORDINAL_VALUE
from intake.knowledge import source
from intake.ready_forms import BUILDERS
from intake.scoring import BY_ITEM, FORMULAS, NOT_RECKONED, ScoreOut, activities_of, same_activities, score

ACTIVITIES = ("Walk to the shops", "Put on my shoes", "Sleep on my side")


def instrument(measure: str, *parts: int, most: int = 4, type_: str = "choice") -> Form:
    """A form of a measure, with so many items on each of its screens; answers count 0 to `most`."""
    options = [
        {
            "valueCoding": {
                "code": str(n),
                "display": str(n),
                "extension": [{"url": ORDINAL_VALUE, "valueDecimal": Decimal(n)}],
            }
        }
        for n in range(most + 1)
    ]
    rest: dict[str, Any] = {"answerOption": options} if type_ == "choice" else {}
    sections = [
        {
            "linkId": f"part-{part}",
            "type": "group",
            "text": "Part",
            "item": [{"linkId": f"{part}.{n}", "type": type_, "text": "Item", **rest} for n in range(1, count + 1)],
        }
        for part, count in enumerate(parts)
    ]
    code = [{"system": source.MEASURES, "code": measure}]
    return read_form({"resourceType": "Questionnaire", "status": "active", "code": code, "item": sections})


def answered(form: Form, *values: Any) -> Answers:
    """The values in the order of the items; None leaves one out."""
    items = [item for item in form.by_link_id.values() if item.is_question]
    given = {
        item.link_id: [str(v) if item.type == "choice" else v]
        for item, v in zip(items, values, strict=True)
        if v is not None
    }
    return Answers(given)


def psfs(*ratings: int | None, names: tuple[str, ...] = ACTIVITIES) -> tuple[Form, Answers]:
    form = read_form({**BUILDERS["first-visit"](), "version": "1"})
    answers = Answers(rows={"psfs": len(ratings)})
    for number, (name, rating) in enumerate(zip(names, ratings, strict=False)):
        answers.put(f"psfs:{number}/psfs.activity", [name])
        answers.put(f"psfs:{number}/psfs.rating", [] if rating is None else [rating])
    return form, answers


def test_psfs_is_the_mean_over_the_activities() -> None:
    """Stratford and others, Physiother Can 1995: (3 + 4 + 6) / 3."""
    assert score(*psfs(3, 4, 6)) == [ScoreOut("psfs", Decimal("4.33"))]


def test_psfs_takes_the_mean_of_those_that_were_rated_and_says_how_many_were_not() -> None:
    assert score(*psfs(3, None, 6)) == [ScoreOut("psfs", Decimal("4.50"), missing=1)]
    assert score(*psfs(None, None, None)) == []
    assert score(*psfs()) == []


def test_psfs_has_no_score_once_other_activities_are_rated() -> None:
    form, answers = psfs(3, 4, 6)
    assert score(form, answers, activities=ACTIVITIES[:2]) == []
    assert score(form, answers, activities=("Run", *ACTIVITIES[1:])) == []
    assert score(form, answers, activities=tuple(reversed(ACTIVITIES)))


def test_activities_are_the_same_whatever_their_case_spaces_and_order() -> None:
    assert same_activities(["Walk  the dog", "run"], ["Run", "walk the dog "])
    assert not same_activities(["Walk"], ["Walk", "Walk"])
    assert activities_of(*psfs(1, 2, 3)) == ACTIVITIES


def test_of_the_three_pain_scales_the_average_of_the_week_is_the_score() -> None:
    """Chiarotto and others, Pain 2018."""
    form = read_form({**BUILDERS["before-visit"](), "version": "1"})
    answers = Answers({"nprs.now": [1], "nprs.worst": [9], "nprs.average": [4]})
    assert score(form, answers) == [ScoreOut("nprs", Decimal(4))]
    assert score(form, Answers({"nprs.now": [1]})) == []


@pytest.mark.parametrize("value", [-5, 0, 3, 5])
def test_groc_is_its_value(value: int) -> None:
    form = read_form({**BUILDERS["follow-up"](), "version": "1"})
    assert score(form, Answers({"groc": [value]})) == [ScoreOut("groc", Decimal(value))]


@pytest.mark.parametrize("value", [-6, 6, 7])
def test_a_value_outside_the_scale_is_no_score(value: int) -> None:
    """The 15-point scale from -7 to +7 is another one: the two are never mixed."""
    form = read_form({**BUILDERS["follow-up"](), "version": "1"})
    assert score(form, Answers({"groc": [value]})) == []


def test_lefs_adds_twenty_items() -> None:
    """Binkley and others, Phys Ther 1999: 20 items from 0 to 4, 80 is best. Ten threes and ten twos make 50."""
    form = instrument("lefs", 20)
    assert score(form, answered(form, *[3] * 10, *[2] * 10)) == [ScoreOut("lefs", Decimal(50))]


def test_lefs_has_no_score_while_an_item_is_missing() -> None:
    form = instrument("lefs", 20)
    assert score(form, answered(form, *[3] * 19, None)) == []


def test_odi_is_a_percentage_of_the_sections_answered() -> None:
    """Scoring sheet of the ODI: 16 of 50 is 32%; with one section left out, 16 of 45 is 35.6%."""
    form = instrument("odi", 10, most=5)
    assert score(form, answered(form, *[2] * 8, 0, 0)) == [ScoreOut("odi", Decimal(32))]
    assert score(form, answered(form, *[2] * 8, 0, None)) == [ScoreOut("odi", Decimal("35.56"), missing=1)]


def test_odi_stops_below_eight_sections() -> None:
    form = instrument("odi", 10, most=5)
    assert score(form, answered(form, *[2] * 8, None, None))
    assert score(form, answered(form, *[2] * 7, None, None, None)) == []


def test_rmdq_counts_what_is_ticked() -> None:
    """Roland and Fairbank, Spine 2000: statements ticked of 24; what is not ticked counts as no."""
    form = instrument("rmdq", 24, type_="boolean")
    assert score(form, answered(form, *[True] * 9, *[False] * 10, *[None] * 5)) == [ScoreOut("rmdq", Decimal(9), 5)]


def test_hoos_12_is_the_mean_of_three_scales_each_100_at_best() -> None:
    """Pain 1,1,1,1 is 75; function 2,2,2,2 is 50; quality of life 4,4,4,4 is 0: 41.67."""
    form = instrument("hoos-12", 4, 4, 4)
    assert score(form, answered(form, *[1] * 4, *[2] * 4, *[4] * 4)) == [ScoreOut("hoos-12", Decimal("41.67"))]
    assert score(form, answered(form, 1, 1, None, None, *[2] * 4, *[4] * 4)) == [
        ScoreOut("hoos-12", Decimal("41.67"), missing=2)
    ]


def test_hoos_12_needs_two_answers_in_each_scale() -> None:
    form = instrument("hoos-12", 4, 4, 4)
    assert score(form, answered(form, 1, None, None, None, *[2] * 4, *[4] * 4)) == []
    flat = instrument("hoos-12", 12)
    assert score(flat, answered(flat, *[1] * 12)) == [], "its scales are not told apart"


def test_ihot_12_is_the_mean_of_twelve_lines_of_a_hundred() -> None:
    form = instrument("ihot-12", 12, type_="integer")
    assert score(form, answered(form, *[40] * 6, *[61] * 6)) == [ScoreOut("ihot-12", Decimal("50.50"))]
    assert score(form, answered(form, *[40] * 11, None)) == []


def test_a_form_with_more_or_fewer_items_than_the_instrument_is_another_one() -> None:
    form = instrument("lefs", 19)
    assert score(form, answered(form, *[3] * 19)) == []


def test_the_practice_may_say_which_measure_a_form_is() -> None:
    form = instrument("", 20)
    assert score(form, answered(form, *[4] * 20)) == []
    assert score(form, answered(form, *[4] * 20), measure="lefs") == [ScoreOut("lefs", Decimal(80))]
    assert score(form, answered(form, *[4] * 20), measure="unheard-of") == []


def test_choices_without_a_score_for_each_answer_are_no_items() -> None:
    """A question about age beside twenty items does not make the twenty-first."""
    form = instrument("lefs", 20)
    beside = {"linkId": "who", "type": "choice", "text": "?", "answerOption": [{"valueCoding": {"code": "a"}}]}
    form = read_form(
        {**form.source, "item": [*form.source["item"], {"linkId": "g", "type": "group", "item": [beside]}]}
    )
    answers = answered(instrument("lefs", 20), *[1] * 20)
    assert score(form, answers) == [ScoreOut("lefs", Decimal(20))]


def test_every_formula_of_the_knowledge_is_reckoned_or_says_why_not() -> None:
    formulas = {
        entry["scoring"]["formula"] for entry in source.entries("outcome_measures") if "formula" in entry["scoring"]
    }
    assert formulas == FORMULAS.keys() | BY_ITEM | NOT_RECKONED.keys()
