"""Answers by address, and the QuestionnaireResponse they are kept as."""

import datetime as dt
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from intake.fhir import addresses
from intake.fhir import extensions as ext
from intake.fhir.forms import Form
from intake.fhir.items import Item, Kind
from intake.fhir.marks import read_mark, write_mark
from intake.fhir.value_sets import score_of
from intake.fhir.values import SIGNATURE_TYPE, Code, Json, Signature, read_value, same_coding, write_value
from intake.rules.marks import Mark

__all__ = ["SIGNATURE_TYPE", "Answers", "Signature", "read_response", "write_response"]
_WRITTEN = frozenset({"resourceType", "questionnaire", "status", "authored", "subject", "item"})


@dataclass(slots=True)
class Answers:
    """Values by address (see `addresses`; a linkId where nothing above repeats), and the marks of each pain map.

    `rows` counts the rows of groups that repeat. `kept` holds what else a document says beside its values.
    """

    values: dict[str, list[Any]] = field(default_factory=dict)
    marks: dict[str, list[Mark]] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    kept: dict[str, Json] = field(default_factory=dict, compare=False, repr=False)

    def all(self, address: str) -> list[Any]:
        return self.values.get(address, [])

    def one(self, address: str) -> Any:
        return next(iter(self.all(address)), None)

    def all_marks(self) -> list[Mark]:
        return [mark for marks in self.marks.values() for mark in marks]

    def put(self, address: str, values: Iterable[Any]) -> None:
        """Replace an answer; no values means unanswered."""
        given = list(values)
        if given == self.values.get(address, []):
            return
        if given:
            self.values[address] = given
            if address in self.kept:
                self.kept[address] = {**self.kept[address], "answers": ()}
        else:
            self.values.pop(address, None)
            self.kept.pop(address, None)

    def put_marks(self, address: str, marks: Iterable[Mark]) -> None:
        self.marks[address] = list(marks)

    def add_row(self, group: str) -> int:
        """One more row of a group that repeats; returns its number."""
        number = max(1, self.rows.get(group, 0))
        self.rows[group] = number + 1
        return number

    def remove_row(self, group: str, number: int) -> None:
        """Take a row out; those after it move up. Raises IndexError when there is no such row."""
        if not 0 <= number < self.rows.get(group, 0):
            raise IndexError(number)
        for held in (self.values, self.marks, self.rows, self.kept):
            _take_row(held, group, number)
        self.rows[group] -= 1


def _take_row(held: dict[str, Any], group: str, number: int) -> None:
    for address in [a for a in held if a.startswith(f"{group}:")]:
        at, slash, rest = address.removeprefix(f"{group}:").partition("/")
        if int(at) < number:
            continue
        value = held.pop(address)
        if int(at) > number:
            held[f"{group}:{int(at) - 1}{slash}{rest}"] = value


def read_response(response: Json, form: Form) -> Answers:
    """The answers in a QuestionnaireResponse; an empty one has none. Rows of other forms are left out."""
    answers = Answers()
    kept = {key: value for key, value in response.items() if key not in _WRITTEN}
    if kept:
        answers.kept[""] = kept
    _read(response.get("item", ()), "", form.by_link_id, answers)
    return answers


def _read(rows: Iterable[Json], prefix: str, items: Mapping[str, Item], answers: Answers) -> None:
    for row in rows:
        item = items.get(row["linkId"])
        if item is None:
            continue
        address = addresses.join(prefix, item.link_id)
        if item.kind is Kind.PAIN_MAP:
            answers.marks.setdefault(address, []).append(read_mark(item.link_id, row))
        elif item.type == "group":
            below = prefix
            if item.has_rows:
                number = answers.rows.get(address, 0)
                answers.rows[address] = number + 1
                below = addresses.row(address, number)
                address = below.removesuffix("/")
            _keep(answers, address, item, row, is_empty="item" not in row)
            _read(row.get("item", ()), below, items, answers)
        else:
            _read_answers(item, row, address, items, answers)


def _read_answers(item: Item, row: Json, address: str, items: Mapping[str, Item], answers: Answers) -> None:
    given = row.get("answer", ())
    values = [value for value in map(read_value, given) if value is not None]
    if values:
        answers.values[address] = values
    beside = [{k: v for k, v in answer.items() if k != "item" and not k.startswith("value")} for answer in given]
    _keep(answers, address, item, row, is_empty=not given, beside=beside if any(beside) else ())
    for number, answer in enumerate(given):
        _read(answer.get("item", ()), addresses.row(address, number), items, answers)


def _keep(
    answers: Answers, address: str, item: Item, row: Json, *, is_empty: bool, beside: Sequence[Json] = ()
) -> None:
    """Remember what the writer would not write by itself."""
    own = {key: value for key, value in row.items() if key not in {"linkId", "answer", "item"}}
    if is_empty or beside or own != ({"text": item.text} if item.text else {}):
        answers.kept[address] = {"row": own, "answers": beside, "is_empty": is_empty}


def write_response(
    form: Form,
    answers: Answers,
    *,
    questionnaire: str,
    status: str,
    authored: dt.datetime,
    enabled: Container[str],
    subject: str = "",
) -> dict[str, Any]:
    """A QuestionnaireResponse with the answers of all enabled items. `subject` is a reference: `Patient/<id>`."""
    rows = Writer(answers, enabled).rows(form.items, "")
    return {
        "resourceType": "QuestionnaireResponse",
        **answers.kept.get("", {}),
        "questionnaire": questionnaire,
        "status": status,
        **({"subject": {"reference": subject}} if subject else {}),
        "authored": authored.isoformat(),
        **({"item": rows} if rows else {}),
    }


class Writer:
    """Rows of a response. `index` finds each row again by its address."""

    def __init__(self, answers: Answers, enabled: Container[str], *, with_scores: bool = False) -> None:
        self.answers, self.enabled, self.with_scores = answers, enabled, with_scores
        self.index: dict[str, dict[str, Any]] = {}

    def rows(self, items: Iterable[Item], prefix: str) -> list[dict[str, Any]]:
        return [row for item in items for row in self._item(item, prefix)]

    def _item(self, item: Item, prefix: str) -> list[dict[str, Any]]:
        address = addresses.join(prefix, item.link_id)
        if address not in self.enabled:
            return []
        if item.kind is Kind.PAIN_MAP:
            return [write_mark(item, mark) for mark in self.answers.marks.get(address, ())]
        if item.has_rows:
            made = (self._group(item, f"{address}:{n}", addresses.row(address, n)) for n in self._numbers(address))
            return [row for row in made if row is not None]
        row = self._group(item, address, prefix) if item.type == "group" else self._question(item, address)
        return [] if row is None else [row]

    def _numbers(self, address: str) -> range:
        return range(self.answers.rows.get(address, 0))

    def _group(self, item: Item, address: str, prefix: str) -> dict[str, Any] | None:
        row = self._row(item, address)
        children = self.rows(item.items, prefix)
        if children:
            row["item"] = children
        elif not item.has_rows and not self._was_empty(address):  # an empty row stays: conditions count rows
            return None
        return row

    def _question(self, item: Item, address: str) -> dict[str, Any] | None:
        values = self.answers.all(address)
        beside = self.answers.kept.get(address, {}).get("answers", ())
        given = [self._answer(item, value) for value in values]
        for number in range(max(len(given), 1)):
            children = self.rows(item.items, addresses.row(address, number)) if item.items else []
            if children and number == len(given):
                given.append({})
            if children:
                given[number]["item"] = children
        if not given and not self._was_empty(address):
            return None
        row = self._row(item, address)
        if given:
            row["answer"] = [{**(beside[n] if n < len(beside) else {}), **answer} for n, answer in enumerate(given)]
        return row

    def _answer(self, item: Item, value: Any) -> dict[str, Any]:
        answer = write_answer(item, value)
        return with_score(item, answer) if self.with_scores else answer

    def _was_empty(self, address: str) -> bool:
        return bool(self.answers.kept.get(address, {}).get("is_empty"))

    def _row(self, item: Item, address: str) -> dict[str, Any]:
        kept = self.answers.kept.get(address, {}).get("row")
        text = {"text": item.text} if item.text else {}
        row = {"linkId": item.link_id, **(text if kept is None else kept)}
        self.index[address] = row
        return row


def write_answer(item: Item, value: Any) -> dict[str, Any]:
    """`{"valueX": …}`; a choice given by its token becomes the whole coding of its option."""
    if item.type == "choice" and type(value) is str:
        option = item.option(value)
        return write_value(item.type, option.value if option and option.value is not None else _coded(value))
    return write_value(item.type, value)


def with_score(item: Item, answer: dict[str, Any]) -> dict[str, Any]:
    """The answer with what it counts for in its coding, where `ordinal()` and `weight()` look."""
    coding = answer.get("valueCoding")
    if not coding or score_of(coding) is not None:
        return answer
    chosen = (o.score for o in item.options if isinstance(o.value, Code) and same_coding(o.value, Code.read(coding)))
    score = next(chosen, None)
    if score is None:
        return answer
    marked = [*coding.get("extension", ()), {"url": ext.ORDINAL_VALUE, "valueDecimal": score}]
    return {**answer, "valueCoding": {**coding, "extension": marked}}


def _coded(code: str) -> Code:
    return Code(code, {"code": code, "display": code})
