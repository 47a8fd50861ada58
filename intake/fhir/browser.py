"""What a page is given so that conditions and calculations respond at once. The server decides again when it saves."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from intake.fhir import addresses
from intake.fhir.answers import Answers
from intake.fhir.enabled import Decision, is_left_out, part_of
from intake.fhir.forms import Form
from intake.fhir.items import Item, Kind
from intake.fhir.order import needs_of
from intake.fhir.trees import questions_of_tree, tree_of
from intake.fhir.value_sets import Option
from intake.fhir.values import Attachment, Code, DateTime, PartialDate, Quantity, Ref, Signature, Time


def logic_of(form: Form, page: Item, answers: Answers, decision: Decision) -> dict[str, Any]:
    """For `logic/decide.js`, as JSON: the items that hang on this page, and the answers given on other pages.

    items    in the order they are decided: id, type, at (place in the document), parent, rows, off,
             when: [[linkId, operator, value], …], any, enable and calc: a tree, or null while only the server knows
    rows     how many rows each repeating group has, by address
    fixed    answers to what is not on this page, by address
    was      addresses of what the server found asked
    unknown  calculated values only the server knows, by address
    """
    on_page = {item.link_id for item in page.walk()}
    live = _live(form, on_page)
    items = [_item(form, item, decision, on_page) for item in form.order.items if item.link_id in live]
    return {
        "items": items,
        "rows": dict(answers.rows),
        "fixed": _fixed(form, live, on_page, decision),
        "was": sorted(address for address in decision.enabled if addresses.link_id_of(address) in live),
    }


def _live(form: Form, on_page: set[str]) -> set[str]:
    """The page's items, and everything they hang on."""
    live, waiting = set(on_page & form.by_link_id.keys()), list(on_page & form.by_link_id.keys())
    while waiting:
        item = form.by_link_id[waiting.pop()]
        for needed in (*needs_of(form, item), *_read_by(form, item)):
            if needed in form.by_link_id and needed not in live:
                live.add(needed)
                waiting.append(needed)
    return live


def _read_by(form: Form, item: Item) -> set[str]:
    trees = [tree_of(form, item, text) for text in (item.enable_when_expression, item.calculated) if text]
    return {name for tree in trees for name in questions_of_tree(tree)}


def _item(form: Form, item: Item, decision: Decision, on_page: set[str]) -> dict[str, Any]:
    above = form.parents[item.link_id]
    row: dict[str, Any] = {"id": item.link_id, "type": item.type, "at": form.positions[item.link_id]}
    if above:
        row["parent"] = above[-1].link_id
    if item.has_rows:
        row["rows"] = max(1, item.min_occurs)
    if item.kind is Kind.PAIN_MAP:
        row["map"] = True
    if is_left_out(item, decision.situation):
        row["off"] = True
    if item.enable_when_expression:
        row["enable"] = tree_of(form, item, item.enable_when_expression)
    elif item.enable_when:
        row["when"] = [[c.question, c.operator, wire(c.answer)] for c in item.enable_when]
        row["any"] = item.enable_any
    if item.calculated and item.is_question:
        row["calc"] = tree_of(form, item, item.calculated)
        row["places"] = 0 if item.type == "integer" else 8
        if item.options or item.type == "quantity":
            row["calc"] = None
    if item.options and item.link_id in on_page:
        codes = {option.code: _coded(option) for option in item.options}
        row["codes"] = {code: value for code, value in codes.items() if value != {"code": code}}
    return row


def _coded(option: Option) -> Any:
    value = wire(Code(option.code) if option.value is None else option.value)
    if option.score is not None and isinstance(value, dict):
        return {**value, "score": float(option.score)}
    return value


def _fixed(form: Form, live: set[str], on_page: set[str], decision: Decision) -> dict[str, list[Any]]:
    """Answers no control of this page holds. Whether they count is decided in the browser too: it may turn them off."""
    fixed: dict[str, list[Any]] = {}
    for address, values in decision.answers.values.items():
        link_id = addresses.link_id_of(address)
        item = form.by_link_id.get(link_id)
        if item and link_id in live and (link_id not in on_page or item.calculated or item.is_read_only):
            fixed[address] = [scored(item, value) for value in values]
    for address, marks in decision.answers.marks.items():
        for part in form.by_link_id[addresses.link_id_of(address)].items:
            if part.link_id in live and part.link_id not in on_page:
                name = part.link_id.rpartition(".")[2]
                prefix = address.removesuffix(addresses.encoded(addresses.link_id_of(address)))
                fixed[addresses.join(prefix, part.link_id)] = [wire(v) for mark in marks for v in part_of(mark, name)]
    return fixed


def scored(item: Item, value: Any) -> Any:
    """An answer as the browser reckons with it: a choice with its coding and what it counts for."""
    if item.type == "choice" and isinstance(value, str):
        option = item.option(value)
        if option is not None:
            return _coded(option)
    return wire(value)


def wire(value: Any) -> Any:
    """A value as JSON that tells its kind."""
    match value:
        case bool() | int():
            return value
        case Decimal() | float():
            return float(value)
        case Code():
            return _filled(code=str(value), system=value.system, display="" if value else value.display)
        case PartialDate() | DateTime():
            return {"date": str(value)}
        case Time():
            return {"time": str(value)}
        case dt.date():
            return {"date": value.isoformat()}
        case Quantity():
            amount = {} if value.value is None else {"value": float(value.value)}
            return {**amount, **_filled(unit=value.unit, system=value.system, code=value.code), "quantity": True}
        case Ref():
            return {"reference": value.reference}
        case Attachment() | Signature():
            return {"file": True}
    return None if value is None else str(value)


def _filled(**fields: str) -> Mapping[str, str]:
    return {name: text for name, text in fields.items() if text}


READABLE = frozenset({"boolean", "decimal", "integer", "date", "dateTime", "time", "string", "text", "url", "choice"})
"""Types whose controls `logic/page.js` reads as they stand."""


def logic_for_page(form: Form, page: Item, answers: Answers, decision: Decision) -> dict[str, Any] | None:
    """`logic_of` where something on the page hangs on something else on it that a script can read; else None."""
    on_page = {item.link_id: item for item in page.walk() if item.link_id in form.by_link_id}
    asked = {
        name
        for item in on_page.values()
        for name in (*(c.question for c in item.enable_when), *_read_by(form, item))
        if name in on_page
    }
    if not asked or any(on_page[name].type not in READABLE for name in asked if not on_page[name].calculated):
        return None
    return logic_of(form, page, answers, decision)
