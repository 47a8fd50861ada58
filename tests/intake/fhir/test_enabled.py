"""What is asked: one table of comparisons for server and browser, and how answers hang on each other."""

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from intake.fhir import Answers, Situation, addresses, decide, initial_answers, read_form, write_response
from intake.fhir import extensions as ext
from intake.fhir.browser import logic_for_page
from intake.fhir.checking import check
from intake.fhir.comparing import holds
from intake.fhir.values import Attachment, Code, DateTime, Quantity, Ref, Time, Value

CASES = json.loads((Path(__file__).parent / "cases.json").read_text())
NOON = dt.datetime(2026, 3, 1, 23, 30, tzinfo=dt.UTC)
Row = dict[str, Any]


def value(wire: Any) -> Value:
    """A value from the table, which is written as the browser has it."""
    if isinstance(wire, float):
        return Decimal(repr(wire))
    if not isinstance(wire, dict):
        return wire  # type: ignore[no-any-return]
    if "date" in wire:
        return DateTime(wire["date"])
    if "time" in wire:
        return Time(wire["time"])
    if "quantity" in wire:
        return Quantity(Decimal(str(wire["value"])), wire.get("unit", ""), wire.get("system", ""), wire.get("code", ""))
    if "reference" in wire:
        return Ref(wire["reference"])
    return Attachment() if "file" in wire else Code.read(wire)


@pytest.mark.parametrize(("operator", "given", "answer", "wanted"), [pytest.param(*c[1:], id=c[0]) for c in CASES])
def test_a_condition_holds_as_the_table_says(operator: str, given: list[Any], answer: Any, wanted: bool) -> None:
    assert holds(operator, [value(one) for one in given], value(answer)) is wanted


def form_of(*items: Row, **rest: Any) -> Any:
    return read_form({"resourceType": "Questionnaire", "status": "active", "item": list(items), **rest})


def item(link_id: str, type_: str = "integer", **rest: Any) -> Row:
    return {"linkId": link_id, "type": type_, **rest}


def when(question: str, operator: str = "=", **answer: Any) -> list[Row]:
    return [{"question": question, "operator": operator, **answer}]


def calculated(expression: str, url: str = ext.CALCULATED, **name: str) -> Row:
    return {"url": url, "valueExpression": {**name, "language": "text/fhirpath", "expression": expression}}


def asked(form: Any, answers: Answers, **situation: Any) -> set[str]:
    return set(decide(form, answers, Situation(now=NOON, **situation)).enabled)


def test_a_stale_answer_enables_nothing() -> None:
    form = form_of(
        item("a", "boolean"),
        item("b", "boolean", enableWhen=when("a", answerBoolean=True)),
        item("c", enableWhen=when("b", answerBoolean=True)),
    )
    assert asked(form, Answers({"a": [False], "b": [True]})) == {"a"}
    assert asked(form, Answers({"a": [True], "b": [True]})) == {"a", "b", "c"}


def test_a_condition_that_names_a_later_item_is_decided_after_it() -> None:
    form = form_of(item("a", enableWhen=when("z", "exists", answerBoolean=True)), item("z"))
    assert asked(form, Answers()) == {"z"}
    assert asked(form, Answers({"z": [1]})) == {"a", "z"}


def test_each_row_of_a_group_has_conditions_of_its_own() -> None:
    inner = [item("x", "boolean"), item("y", enableWhen=when("x", answerBoolean=True))]
    form = form_of(
        item("g", "group", repeats=True, item=inner), item("after", enableWhen=when("x", answerBoolean=True))
    )
    answers = Answers({"g:0/x": [True], "g:1/x": [False]}, rows={"g": 2})
    assert asked(form, answers) == {"g", "g:0/x", "g:0/y", "g:1/x"}
    answers.put("g:1/x", [True])
    assert asked(form, answers) >= {"after", "g:1/y"}


def test_a_question_under_an_answer_is_asked_for_each_answer() -> None:
    form = form_of(item("drug", "string", repeats=True, item=[item("dose")]))
    answers = Answers({"drug": ["a", "b"], "drug:1/dose": [5]})
    assert asked(form, answers) == {"drug", "drug:0/dose", "drug:1/dose"}
    row = write_response(
        form, answers, questionnaire="q", status="completed", authored=NOON, enabled=asked(form, answers)
    )
    assert row["item"][0]["answer"][1]["item"] == [{"linkId": "dose", "answer": [{"valueInteger": 5}]}]


def test_a_row_taken_out_lets_the_later_ones_move_up() -> None:
    answers = Answers({"g:0/x": [1], "g:1/x": [2], "g:2/x": [3]}, rows={"g": 3})
    answers.remove_row("g", 1)
    assert (answers.values, answers.rows) == ({"g:0/x": [1], "g:1/x": [3]}, {"g": 2})
    assert answers.add_row("g") == 2
    with pytest.raises(IndexError):
        answers.remove_row("g", 9)


def test_totals_follow_answers_and_decide_what_is_asked() -> None:
    path = "%resource.item.where(linkId='{}').answer.value"
    form = form_of(
        item("a", "decimal"),
        item("b", "decimal"),
        item(
            "total",
            "decimal",
            extension=[
                calculated(
                    f"{path.format('a')} + %half",
                )
            ],
        ),
        item("high", enableWhen=when("total", ">", answerDecimal=3)),
        extension=[calculated(f"{path.format('b')} / 2", ext.VARIABLE, name="half")],
    )
    decision = decide(form, Answers({"a": [Decimal("1.10")], "b": [Decimal(5)]}), Situation(now=NOON))
    assert decision.calculated == {"total": Decimal("3.6")}
    assert "high" in decision.enabled
    assert decide(form, Answers({"a": [Decimal(1)]}), Situation(now=NOON)).calculated == {}


def test_a_calculation_leaves_out_what_is_not_asked() -> None:
    text = "%resource.repeat(item).where(linkId='b').answer.value.sum()"
    form = form_of(
        item("sum", extension=[calculated(text)]),
        item("a", "boolean"),
        item("b", enableWhen=when("a", answerBoolean=True)),
    )
    assert decide(form, Answers({"a": [True], "b": [4]}), Situation(now=NOON)).calculated == {"sum": 4}
    assert decide(form, Answers({"a": [False], "b": [4]}), Situation(now=NOON)).calculated == {}


def test_scores_of_choices_add_up() -> None:
    options = [
        {"valueCoding": {"code": str(n), "extension": [{"url": ext.ORDINAL_VALUE, "valueDecimal": n}]}}
        for n in range(4)
    ]
    text = "%resource.item.where(linkId.startsWith('q')).answer.value.ordinal().sum()"
    form = form_of(
        item("q1", "choice", answerOption=options),
        item("q2", "choice", answerOption=options),
        item("score", "integer", extension=[calculated(text)]),
    )
    assert decide(form, Answers({"q1": ["2"], "q2": ["3"]}), Situation(now=NOON)).calculated == {"score": 5}


def test_today_is_the_day_at_the_location() -> None:
    form = form_of(item("day", "date", extension=[calculated("today()")]))
    berlin = Situation(now=NOON, zone=ZoneInfo("Europe/Berlin"))
    assert decide(form, Answers(), berlin).calculated == {"day": dt.date(2026, 3, 2)}


@pytest.mark.parametrize(
    "text", ["1 +", "1 / 0", "'a' + 1", "%nobody", "(1 | 2) + 1", "item.repeat($this)", "'x'.matches('(a+)+')"]
)
def test_an_expression_that_cannot_be_evaluated_has_no_value_and_stops_nobody(text: str) -> None:
    form = form_of(item("a", extension=[calculated(text)]), item("b"))
    decision = decide(form, Answers(), Situation(now=NOON))
    assert (decision.calculated, decision.enabled) == ({}, frozenset({"a", "b"}))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1 +", "expression-syntax"),
        ("(1", "expression-syntax"),
        ("a b", "expression-syntax"),
        ("'x'.matches('a')", "expression-not-allowed"),
        ("resolve()", "expression-not-allowed"),
        ("1.trace('x')", "expression-not-allowed"),
        ("item.repeat($this)", "expression-not-allowed"),
        ("descendants().descendants()", "expression-not-allowed"),
        ("item.where(item.where(item.where(true)))", "expression-not-allowed"),
        ("1" + "+1" * 600, "expression-not-allowed"),
    ],
)
def test_an_expression_that_is_not_evaluated_is_in_the_report(text: str, code: str) -> None:
    document = {"resourceType": "Questionnaire", "status": "active", "item": [item("a", extension=[calculated(text)])]}
    report = check(document)
    assert [(p.code, p.link_id) for p in report.problems] == [(code, "a")]
    assert report.may_be_published


def test_initial_values_stand_there_first() -> None:
    form = form_of(
        item("a", initial=[{"valueInteger": 3}]),
        item(
            "b", "choice", answerOption=[{"valueCoding": {"code": "x"}, "initialSelected": True}, {"valueString": "y"}]
        ),
        item("c", "date", extension=[calculated("today() - 1 year", ext.INITIAL)]),
        item(
            "g",
            "group",
            repeats=True,
            item=[item("d", "string", repeats=True, initial=[{"valueString": "p"}, {"valueString": "q"}])],
        ),
    )
    answers = initial_answers(form, Situation(now=NOON))
    assert answers.values == {"a": [3], "b": ["x"], "c": [dt.date(2025, 3, 1)], "g:0/d": ["p", "q"]}
    assert answers.rows == {"g": 1}


@pytest.mark.parametrize("link_id", ["plain", "a/b", "50%", "x:1", "späte Frage", "a.b_c"])
def test_an_address_reads_back_and_its_html_id_is_safe(link_id: str) -> None:
    address = addresses.address_of([("grüße/1", 2), (link_id, 0)], link_id)
    assert addresses.parse(address) == ((("grüße/1", 2), (link_id, 0)), link_id)
    assert addresses.link_id_of(address) == link_id
    assert addresses.html_id(address).isascii()
    assert addresses.html_id("a_b") != addresses.html_id("a b") != addresses.html_id("a_20_b")


@pytest.mark.parametrize("address", ["g/x", "g:x/y", "g:1", "g:-1/x"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError):
        addresses.parse(address)


def test_a_page_is_given_logic_only_where_its_own_answers_decide_something_on_it() -> None:
    form = form_of(
        item("first", "group", item=[item("a", "boolean"), item("b", enableWhen=when("a", answerBoolean=True))]),
        item("second", "group", item=[item("c", enableWhen=when("a", answerBoolean=True))]),
    )
    decision = decide(form, Answers(), Situation(now=NOON))
    logic = logic_for_page(form, form.sections[0], Answers(), decision)
    assert logic is not None
    assert [row["id"] for row in logic["items"]] == ["first", "a", "b"]
    assert logic_for_page(form, form.sections[1], Answers(), decision) is None
