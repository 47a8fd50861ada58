"""Answers by linkId, and the QuestionnaireResponse they are kept as."""

import base64
import binascii
import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from intake.fhir.items import QUALITIES, REGIONS, Form, Item, Kind
from intake.rules.marks import Mark, split_key

SIGNATURE_TYPE = "application/vnd.palpate.strokes+json"
VALUE_KEYS = {
    "boolean": "valueBoolean",
    "decimal": "valueDecimal",
    "integer": "valueInteger",
    "date": "valueDate",
    "string": "valueString",
    "text": "valueString",
    "choice": "valueCoding",
    "attachment": "valueAttachment",
}


@dataclass(frozen=True, slots=True)
class Signature:
    """A typed name, strokes as compact JSON, or both."""

    name: str = ""
    strokes: str = ""


@dataclass(slots=True)
class Answers:
    """Plain values by linkId (codes for choices), and the marks of each pain map."""

    values: dict[str, list[Any]] = field(default_factory=dict)
    marks: dict[str, list[Mark]] = field(default_factory=dict)

    def all(self, link_id: str) -> list[Any]:
        return self.values.get(link_id, [])

    def one(self, link_id: str) -> Any:
        return next(iter(self.all(link_id)), None)

    def all_marks(self) -> list[Mark]:
        return [mark for marks in self.marks.values() for mark in marks]

    def put(self, link_id: str, values: Iterable[Any]) -> None:
        """Replace an answer; no values means unanswered."""
        kept = list(values)
        if kept:
            self.values[link_id] = kept
        else:
            self.values.pop(link_id, None)

    def put_marks(self, link_id: str, marks: Iterable[Mark]) -> None:
        self.marks[link_id] = list(marks)


def read_response(response: Mapping[str, Any]) -> Answers:
    """The answers in a QuestionnaireResponse; an empty one has none."""
    answers = Answers()
    _read(response.get("item", ()), answers)
    return answers


def _read(rows: Iterable[Mapping[str, Any]], answers: Answers) -> None:
    for row in rows:
        link_id = row["linkId"]
        children = {child["linkId"]: child for child in row.get("item", ())}
        if f"{link_id}.region" in children:
            answers.marks.setdefault(link_id, []).append(_read_mark(link_id, children))
            continue
        values = [_read_value(answer) for answer in row.get("answer", ())]
        if values:
            answers.values[link_id] = values
        _read(row.get("item", ()), answers)


def _read_value(answer: Mapping[str, Any]) -> Any:
    ((key, value),) = ((k, v) for k, v in answer.items() if k.startswith("value"))
    if key == "valueCoding":
        return value["code"]
    if key == "valueDate":
        return dt.date.fromisoformat(value)
    if key == "valueAttachment":
        return Signature(value.get("title", ""), _decode(value.get("data", "")))
    return value


def _decode(data: str) -> str:
    try:
        return base64.b64decode(data).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _read_mark(link_id: str, children: Mapping[str, Any]) -> Mark:
    def values(part: str) -> list[Any]:
        row = children.get(f"{link_id}.{part}")
        return [_read_value(answer) for answer in row["answer"]] if row else []

    region, side = split_key(values("region")[0])
    return Mark(
        region=region,
        side=side,
        qualities=tuple(values("quality")),
        intensity=next(iter(values("intensity")), None),
        course=next(iter(values("course")), ""),
        spreads_to=next(iter(values("spreads-to")), ""),
    )


def write_response(
    form: Form, answers: Answers, *, questionnaire: str, status: str, authored: dt.datetime, enabled: set[str]
) -> dict[str, Any]:
    """A QuestionnaireResponse with the answers of all enabled items."""
    return {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": questionnaire,
        "status": status,
        "authored": authored.isoformat(),
        "item": [row for section in form.sections for row in _write(section, answers, enabled)],
    }


def _write(item: Item, answers: Answers, enabled: set[str]) -> list[dict[str, Any]]:
    if item.link_id not in enabled:
        return []
    if item.kind is Kind.PAIN_MAP:
        return [_write_mark(item, mark) for mark in answers.marks.get(item.link_id, [])]
    row: dict[str, Any] = {"linkId": item.link_id, "text": item.text}
    if item.type == "group":
        row["item"] = [child for part in item.items for child in _write(part, answers, enabled)]
        return [row] if row["item"] else []
    values = answers.all(item.link_id)
    if not values:
        return []
    row["answer"] = [_write_value(item, value) for value in values]
    return [row]


def _write_value(item: Item, value: Any) -> dict[str, Any]:
    if item.type == "choice":
        option = item.option(value)
        return {"valueCoding": {"code": value, "display": option.display if option else value}}
    if item.type == "date":
        return {"valueDate": value.isoformat()}
    if item.type == "attachment":
        data = base64.b64encode(value.strokes.encode()).decode()
        return {"valueAttachment": {"contentType": SIGNATURE_TYPE, "data": data, "title": value.name}}
    return {VALUE_KEYS[item.type]: value}


def _write_mark(item: Item, mark: Mark) -> dict[str, Any]:
    def row(part: str, *values: dict[str, Any]) -> list[dict[str, Any]]:
        return [{"linkId": f"{item.link_id}.{part}", "answer": list(values)}] if values else []

    def coding(system: str, code: str) -> dict[str, Any]:
        return {"valueCoding": {"system": system, "code": code}}

    rows = row("region", coding(REGIONS, mark.key))
    rows += row("quality", *(coding(QUALITIES, code) for code in mark.qualities))
    if mark.intensity is not None:
        rows += row("intensity", {"valueInteger": mark.intensity})
    if mark.course:
        rows += row("course", {"valueCoding": {"code": mark.course}})
    if mark.spreads_to:
        rows += row("spreads-to", coding(REGIONS, mark.spreads_to))
    return {"linkId": item.link_id, "text": item.text, "item": rows}
