"""The answers to choose from, as rows of a table and back."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.text import slugify

from intake.editing.fields import set_extension
from intake.fhir import extensions as ext
from intake.fhir.value_sets import score_of

Row = dict[str, Any]
MOST = 60


@dataclass(frozen=True, slots=True)
class Answer:
    """One line of the table. `at` is where the option stood; None for a new one."""

    words: str
    score: Decimal | None = None
    is_alone: bool = False
    is_initial: bool = False
    at: int | None = None


def read(item: Mapping[str, Any]) -> list[Answer]:
    """The answers of an item, in order."""
    return [
        Answer(words_of(row), _score(row), _is_alone(row), row.get("initialSelected", False), number)
        for number, row in enumerate(item.get("answerOption", ()))
    ]


def words_of(row: Mapping[str, Any]) -> str:
    if "valueCoding" in row:
        coding = row["valueCoding"]
        return str(coding.get("display") or coding.get("code", ""))
    value = next((value for key, value in row.items() if key.startswith("value")), "")
    return str(value.get("display") or value.get("reference", "") if isinstance(value, dict) else value)


def may_be_reworded(row: Mapping[str, Any]) -> bool:
    """Whether the words can change without changing the answer: a number or a date is what it says."""
    return "valueCoding" in row or "valueString" in row


def write(item: Mapping[str, Any], answers: Sequence[Answer]) -> dict[str, Any]:
    """The elements to set. An option keeps its code when its words change, so that earlier answers still mean it."""
    held = list(item.get("answerOption", ()))
    made: list[Row] = []
    codes = {str(row.get("valueCoding", {}).get("code", "")) for row in held}
    for answer in answers:
        row = deepcopy(held[answer.at]) if answer.at is not None else _new(answer.words, held, codes)
        made.append(_with(row, answer))
    return {} if made == held else {"answerOption": made or None}


def _new(words: str, held: Sequence[Row], codes: set[str]) -> Row:
    if held and all("valueString" in row for row in held):
        return {"valueString": words}
    base = slugify(words)[:40].strip("-") or "answer"
    code = next(name for name in (base, *(f"{base}-{n}" for n in range(2, MOST + 2))) if name not in codes)
    codes.add(code)
    return {"valueCoding": {"code": code, "display": words}}


def _with(row: Row, answer: Answer) -> Row:
    if answer.words != words_of(row) and may_be_reworded(row):
        if "valueCoding" in row:
            row["valueCoding"]["display"] = answer.words
        else:
            row["valueString"] = answer.words
    if answer.score != _score(row):
        inside = row.get("valueCoding", {})
        place = inside if score_of(inside) is not None else row
        value = None if answer.score is None else {"valueDecimal": answer.score}
        set_extension(place, ext.ORDINAL_VALUE, value, instead_of=[ext.ITEM_WEIGHT])
    if answer.is_initial != row.get("initialSelected", False):
        row.pop("initialSelected", None)
        row |= {"initialSelected": True} if answer.is_initial else {}
    if answer.is_alone != _is_alone(row):
        alone = {"valueBoolean": True} if answer.is_alone else None
        set_extension(row, ext.OPTION_EXCLUSIVE, alone, instead_of=[ext.OURS + "exclusive"])
    return row


def _score(row: Mapping[str, Any]) -> Decimal | None:
    outer = score_of(row)
    return outer if outer is not None else score_of(row.get("valueCoding", {}))


def _is_alone(row: Mapping[str, Any]) -> bool:
    return bool(ext.value(row, ext.OPTION_EXCLUSIVE) or ext.ours(row).get("exclusive", False))
