"""What is typed into a control becomes a value of the item's type, or is refused in words that say what to do."""

import datetime as dt
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.http import QueryDict
from django.utils import timezone

from intake.answers import in_words
from intake.fhir import Answers, Item, read_form
from intake.fhir.values import PartialDate, Quantity, Ref, read_value, write_value
from intake.typed import typed_values

EXTENSION = "http://hl7.org/fhir/StructureDefinition/"


def item_of(type_: str, **rest: Any) -> Item:
    row = {"linkId": "q", "type": type_, "text": "Question", **rest}
    return read_form({"resourceType": "Questionnaire", "status": "active", "item": [row]}).by_link_id["q"]


def limits(**values: Any) -> list[dict[str, Any]]:
    return [{"url": EXTENSION + url, key: value} for url, (key, value) in values.items()]


def typed(item: Item, *answers: str, **beside: str) -> list[Any]:
    data = QueryDict(mutable=True)
    data.setlist("q", list(answers))
    for name, value in beside.items():
        data[f"q:{name}"] = value
    return typed_values(item, "q", data)


OPTIONS = [
    {"valueCoding": {"system": "urn:a", "code": "run", "display": "Running"}},
    {"valueCoding": {"system": "urn:a", "code": "swim", "display": "Swimming"}},
    {"valueString": "Neither"},
]


@pytest.mark.parametrize(
    ("item", "answer", "value"),
    [
        (item_of("string"), "  a\x00b ", "ab"),
        (item_of("text"), "one\r\ntwo", "one\ntwo"),
        (item_of("integer"), "-3", -3),
        (item_of("decimal"), "1.10", Decimal("1.10")),
        (item_of("date"), "2026-02-28", dt.date(2026, 2, 28)),
        (item_of("time"), "09:05", "09:05:00"),
        (item_of("time"), "23:59:01", "23:59:01"),
        (item_of("url"), "https://example.org/x?y=1", "https://example.org/x?y=1"),
        (item_of("boolean"), "no", False),
        (item_of("quantity"), "7.5", Quantity(Decimal("7.5"))),
        (item_of("reference"), "Dr Lindqvist", Ref(display="Dr Lindqvist")),
    ],
)
def test_an_answer_becomes_a_value_of_its_type(item: Item, answer: str, value: Any) -> None:
    (found,) = typed(item, answer)
    assert found == value


def test_a_date_and_time_is_of_the_place_and_keeps_its_offset() -> None:
    with timezone.override(ZoneInfo("Europe/Berlin")):
        assert typed(item_of("dateTime"), "2026-07-01T10:30") == ["2026-07-01T10:30:00+02:00"]
        assert typed(item_of("dateTime"), "2026-12-01T10:30") == ["2026-12-01T10:30:00+01:00"]


@pytest.mark.parametrize("type_", ["string", "integer", "date", "dateTime", "time", "url", "quantity", "boolean"])
def test_nothing_typed_is_no_answer(type_: str) -> None:
    assert typed(item_of(type_), "") == []
    assert typed(item_of(type_)) == []


@pytest.mark.parametrize(
    ("item", "answer", "words"),
    [
        (item_of("integer"), "seven", "whole number"),
        (item_of("integer"), "1_000", "whole number"),
        (item_of("integer"), "٣", "whole number"),
        (item_of("integer"), "99999999999", "smaller"),
        (item_of("decimal"), "NaN", "number"),
        (item_of("decimal"), "1e999999", "number"),
        (item_of("decimal"), "1" * 40, "number"),
        (item_of("date"), "2026-02-30", "date"),
        (item_of("date"), "yesterday", "date"),
        (item_of("dateTime"), "2026-02-30T10:00", "date and a time"),
        (item_of("dateTime"), "0001-01-01T00:00", "date and a time"),
        (item_of("time"), "25:00", "time"),
        (item_of("url"), "javascript:alert(1)", "https://"),
        (item_of("url"), "https://", "https://"),
        (item_of("url"), "http://[", "https://"),
        (item_of("string", maxLength=3), "four", "at most 3 characters"),
        (item_of("string", extension=limits(minLength=("valueInteger", 3))), "no", "at least 3 characters"),
        (item_of("choice", answerOption=OPTIONS), "fly", "from the list"),
        (item_of("open-choice", answerOption=OPTIONS), "fly", "from the list"),
        (item_of("integer", extension=limits(minValue=("valueInteger", 5))), "4", "5 or more"),
        (item_of("integer", extension=limits(maxValue=("valueInteger", 5))), "6", "5 or less"),
        (
            item_of("decimal", extension=limits(minValue=("valueDecimal", 1), maxValue=("valueDecimal", 2))),
            "2.01",
            "from 1 to 2",
        ),
        (item_of("date", extension=limits(maxValue=("valueDate", "2020-01-01"))), "2020-01-02", "or less"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(item: Item, answer: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        typed(item, answer)


PART = item_of("date", extension=limits(entryFormat=("valueString", "MM/YYYY")))


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        ("2019", "2019"),
        ("2019-03", "2019-03"),
        ("2019-3", "2019-03"),
        ("03/2019", "2019-03"),
        ("3.2019", "2019-03"),
        ("11 / 2019", "2019-11"),
        ("2019-03-07", dt.date(2019, 3, 7)),
    ],
)
def test_a_year_or_a_month_will_do_where_the_form_says_so(answer: str, value: Any) -> None:
    (found,) = typed(PART, answer)
    assert (found, type(found)) == (value, dt.date if isinstance(value, dt.date) else PartialDate)
    assert write_value("date", found) == {"valueDate": str(value)}
    assert read_value(write_value("date", found)) == found
    assert "2019" in in_words(PART, Answers({"q": [found]}))


@pytest.mark.parametrize("answer", ["0000", "13/2019", "2019-00", "19", "03/19", "last spring", "٢٠١٩", "9999"])
def test_what_is_no_part_of_a_date_is_refused(answer: str) -> None:
    with pytest.raises(ValueError, match="date"):
        typed(PART, answer)


def test_elsewhere_a_date_is_a_whole_one_and_limits_hold_for_parts_too() -> None:
    with pytest.raises(ValueError, match="date"):
        typed(item_of("date"), "2019")
    said = limits(entryFormat=("valueString", "YYYY"), minValue=("valueDate", "2000-01-01"))
    with pytest.raises(ValueError, match="or more"):
        typed(item_of("date", extension=said), "1999")


def test_a_pattern_of_the_form_is_kept_to_and_says_how_to_write() -> None:
    shape = limits(regex=("valueString", "[A-Z]{2}[0-9]{4}"), entryFormat=("valueString", "AB1234"))
    assert typed(item_of("string", extension=shape), "XY0001") == ["XY0001"]
    with pytest.raises(ValueError, match="AB1234"):
        typed(item_of("string", extension=shape), "xy")


def test_a_pattern_that_never_ends_refuses_nobody() -> None:
    evil = item_of("string", extension=limits(regex=("valueString", "(a|aa)+$")))
    assert typed(evil, "a" * 60 + "!") == ["a" * 60 + "!"]


def test_an_open_choice_takes_what_is_listed_and_ones_own_words() -> None:
    one, several = (
        item_of("open-choice", answerOption=OPTIONS),
        item_of("open-choice", answerOption=OPTIONS, repeats=True),
    )
    (listed,) = typed(one, "run", text="")
    assert (str(listed), listed.system, listed.display) == ("run", "urn:a", "Running")
    assert typed(one, "other", text="Rowing") == ["Rowing"]
    assert typed(one, text="Rowing") == ["Rowing"]
    assert typed(one, "swim", text="left over") == ["swim"], "a listed answer goes before what was typed earlier"
    assert typed(several, "run", "Neither", text="Rowing") == ["run", "Neither", "Rowing"]


def test_several_answers_are_taken_where_the_item_repeats_and_up_to_its_limit() -> None:
    few = item_of("integer", repeats=True, extension=limits(**{"questionnaire-maxOccurs": ("valueInteger", 2)}))
    assert typed(few, "1", "", "2") == [1, 2]
    with pytest.raises(ValueError, match="at most 2"):
        typed(few, "1", "2", "3")
    assert typed(item_of("integer"), "1", "2") == [2], "the last box wins where one is asked"


def test_a_quantity_takes_one_of_its_units() -> None:
    units = [
        {"url": EXTENSION + "questionnaire-unitOption", "valueCoding": {"system": "u", "code": c, "display": d}}
        for c, d in (("kg", "kilograms"), ("lb", "pounds"))
    ]
    item = item_of("quantity", extension=units)
    assert typed(item, "70", unit="lb") == [Quantity(Decimal(70), "pounds", "u", "lb")]
    assert typed(item, "70") == [Quantity(Decimal(70), "kilograms", "u", "kg")]
    with pytest.raises(ValueError, match="from the list"):
        typed(item, "70", unit="stone")
