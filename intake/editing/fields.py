"""An item's elements as plain fields, and back as the elements to set. What no field speaks of stays as it is."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from decimal import Decimal
from typing import Any

from intake.editing import initial
from intake.editing.looks import looks_of
from intake.editing.palette import SUM, kind_of
from intake.fhir import extensions as ext
from intake.fhir.values import Code, read_value
from intake.ready_forms.parts import MEASURES

Row = dict[str, Any]
NUMBERS = frozenset({"integer", "decimal"})
WITH_LIMITS = frozenset({"integer", "decimal", "date"})
WITH_UNIT = frozenset({"integer", "decimal", "quantity"})
WITH_LENGTH = frozenset({"string", "text", "url"})
WITH_WORDS = frozenset({"string", "text"})
WITH_OPTIONS = frozenset({"choice", "open-choice"})
CONTROL_SYSTEM = "http://hl7.org/fhir/questionnaire-item-control"
BESIDE = frozenset({"help", "flyover", "unit", "lower", "upper", "prompt"})
RECKONED = {"sum": SUM, "mean": SUM.replace("sum()", "avg()")}
"""What a score can be made of without writing FHIRPath: what each chosen answer counts."""
OWN = ("summary", "low", "high", "heading", "consent")
"""Our extensions that hold a few words."""


def control_of(row: Mapping[str, Any]) -> str:
    """How the item wishes to be drawn."""
    codings = (
        coding
        for extension in ext.of(row, ext.CONTROL)
        for coding in extension.get("valueCodeableConcept", {}).get("coding", ())
    )
    return next((str(coding.get("code", "")) for coding in codings), "")


def is_beside(row: Mapping[str, Any]) -> bool:
    """A text that is drawn with the question it stands under."""
    return row.get("type") == "display" and control_of(row) in BESIDE


def names(row: Mapping[str, Any]) -> list[str]:
    """The fields that an item has."""
    type_, kind = row["type"], kind_of(row)
    is_question = type_ not in {"group", "display"}
    is_score = bool(row.get("readOnly")) and type_ in NUMBERS
    wanted = {
        "text": True,
        "heading": kind == "consent",
        "consent": kind == "consent",
        "type": is_question and not kind and not is_score,
        "required": (is_question and not is_score) or kind == "pain-map",
        "repeats": (type_ == "group" or is_question) and not kind and not is_score and type_ != "boolean",
        "help": is_question and kind not in {"consent", "signature"},
        "low": kind == "scale",
        "high": kind == "scale",
        "minimum": type_ in WITH_LIMITS and not kind and not is_score,
        "maximum": type_ in WITH_LIMITS and not kind and not is_score,
        "unit": type_ in WITH_UNIT and not kind,
        "max_length": type_ in WITH_LENGTH,
        "control": bool(looks_of(row)) and not is_score,
        "regex": type_ in WITH_LENGTH and not kind,
        "entry_format": type_ in WITH_LENGTH and not kind,
        "initial": type_ in initial.TYPES and not kind and not is_score,
        "client_field": type_ in WITH_WORDS and not kind,
        "measure": is_score or kind == "scale",
        "reckoned": is_score,
        "expression": is_score,
        "summary": (is_question or kind == "pain-map") and kind not in {"consent", "signature", "red-flag"},
    }
    return [name for name, is_wanted in wanted.items() if is_wanted]


def read(row: Mapping[str, Any]) -> dict[str, Any]:
    """What stands in each field."""
    own = ext.ours(row)
    unit = ext.value(row, ext.UNIT)
    expression = next((ext.expression(e) for e in ext.of(row, ext.CALCULATED)), "")
    limits = {name: ext.value(row, url) for name, url in (("minimum", ext.MIN_VALUE), ("maximum", ext.MAX_VALUE))}
    return {
        "text": row.get("text", ""),
        "type": row["type"],
        "required": row.get("required", False),
        "repeats": row.get("repeats", False),
        "help": own.get("hint") or _said(row, "flyover") or _said(row, "help"),
        "minimum": own.get("minimum") if limits["minimum"] is None else limits["minimum"],
        "maximum": own.get("maximum") if limits["maximum"] is None else limits["maximum"],
        "unit": (unit.display or str(unit)) if isinstance(unit, Code) else own.get("unit", ""),
        "max_length": row.get("maxLength"),
        "reckoned": next((name for name, text in RECKONED.items() if text == expression), "written"),
        "measure": next((c.get("code", "") for c in row.get("code", ()) if c.get("system") == MEASURES), ""),
        "expression": expression,
        "control": control_of(row),
        "regex": ext.value(row, ext.REGEX) or "",
        "entry_format": ext.value(row, ext.ENTRY_FORMAT) or "",
        "initial": initial.read(row),
        "client_field": own.get("client-field", ""),
        **{name: own.get(name, "") for name in OWN},
    }


def _said(row: Mapping[str, Any], control: str) -> str:
    texts = (str(c.get("text", "")) for c in row.get("item", ()) if is_beside(c) and control_of(c) == control)
    return next(texts, "")


def write(row: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """The elements to set on the item; None takes one out. Only what differs from `read` is touched."""
    before = read(row)
    given = {name: value for name, value in given.items() if name != "reckoned"}
    differing = {name: value for name, value in given.items() if (value or None) != (before.get(name) or None)}
    differing |= {n: v for n, v in given.items() if n in {"minimum", "maximum"} and v != before.get(n)}
    made: Row = deepcopy(dict(row))
    for name, value in differing.items():
        WRITERS[name](made, value)
    if "type" in differing:
        _fit(made)
    keys = made.keys() | row.keys()
    return {key: made.get(key) for key in keys if made.get(key) != row.get(key)}


def _element(name: str) -> Callable[[Row, Any], None]:
    """Sets an element; FHIR knows no empty text, and leaves out what is not so."""

    def put(row: Row, value: Any) -> None:
        if value in (None, "", False):
            row.pop(name, None)
        else:
            row[name] = value

    return put


def set_extension(row: Row, url: str, value: Row | None, *, instead_of: Sequence[str] = ()) -> None:
    """One extension of this address with this value, where the first stood; none for None. Others stay."""
    held = list(row.get("extension", ()))
    gone = {url, *instead_of}
    at = next((n for n, e in enumerate(held) if e.get("url") in gone), len(held))
    kept = [e for e in held if e.get("url") not in gone]
    if value is not None:
        kept.insert(min(at, len(kept)), {"url": url, **value})
    if kept:
        row["extension"] = kept
    else:
        row.pop("extension", None)


def _own(name: str) -> Callable[[Row, Any], None]:
    return lambda row, value: set_extension(row, ext.OURS + name, {"valueString": value} if value else None)


def _limit(url: str, name: str) -> Callable[[Row, Any], None]:
    def put(row: Row, value: Any) -> None:
        key = {int: "valueInteger", Decimal: "valueDecimal", dt.date: "valueDate"}.get(type(value), "")
        plain = value.isoformat() if isinstance(value, dt.date) else value
        set_extension(row, url, {key: plain} if key else None, instead_of=[ext.OURS + name])

    return put


def _unit(row: Row, value: str) -> None:
    coding = {"valueCoding": {"display": value}} if value else None
    set_extension(row, ext.UNIT, coding, instead_of=[ext.OURS + "unit"])


def _help(row: Row, value: str) -> None:
    """As a text that is drawn with the question: where it stood, else as the standard's flyover."""
    set_extension(row, ext.OURS + "hint", None)
    held = [c for c in row.get("item", ()) if is_beside(c) and control_of(c) in {"flyover", "help"}]
    if held and value:
        held[0]["text"] = value
    elif value:
        control = {"coding": [{"system": CONTROL_SYSTEM, "code": "flyover"}]}
        said = {"linkId": f"{row['linkId']}.help", "type": "display", "text": value}
        row.setdefault("item", []).insert(
            0, said | {"extension": [{"url": ext.CONTROL, "valueCodeableConcept": control}]}
        )
    elif held:
        row["item"] = [c for c in row["item"] if c is not held[0]]
        if not row["item"]:
            del row["item"]


def _measure(row: Row, value: str) -> None:
    others = [coding for coding in row.get("code", ()) if coding.get("system") != MEASURES]
    codes = [*others, {"system": MEASURES, "code": value}] if value else others
    _element("code")(row, codes or None)


def _expression(row: Row, value: str) -> None:
    expression = {"valueExpression": {"language": ext.FHIRPATH, "expression": value}} if value else None
    set_extension(row, ext.CALCULATED, expression)


def _control(row: Row, value: str) -> None:
    coding = {"coding": [{"system": CONTROL_SYSTEM, "code": value}]}
    set_extension(row, ext.CONTROL, {"valueCodeableConcept": coding} if value else None)


def _text(url: str) -> Callable[[Row, Any], None]:
    return lambda row, value: set_extension(row, url, {"valueString": value} if value else None)


def _fit(row: Row) -> None:
    """Takes out what the new type has no use for; a choice begins with an answer to choose."""
    type_ = row["type"]
    if type_ not in WITH_OPTIONS:
        for name in ("answerOption", "answerValueSet", "initial"):
            row.pop(name, None)
    if type_ not in WITH_LENGTH:
        row.pop("maxLength", None)
        set_extension(row, ext.REGEX, None)
        set_extension(row, ext.ENTRY_FORMAT, None)
    if type_ not in WITH_WORDS:
        set_extension(row, ext.OURS + "client-field", None)
    if control_of(row) not in dict(looks_of(row)):
        set_extension(row, ext.CONTROL, None)
    for url in () if type_ in WITH_LIMITS else (ext.MIN_VALUE, ext.MAX_VALUE):
        set_extension(row, url, None)
    if type_ in NUMBERS:
        for url in (ext.MIN_VALUE, ext.MAX_VALUE):
            _retyped(row, url, type_)
    if type_ not in WITH_UNIT:
        set_extension(row, ext.UNIT, None)
    if type_ == "boolean":
        row.pop("repeats", None)
    row.pop("initial", None)


def _retyped(row: Row, url: str, type_: str) -> None:
    """A limit in the kind of number the item now holds; a date is none."""
    limit = next((read_value(e) for e in ext.of(row, url)), None)
    if isinstance(limit, Decimal | int) and not isinstance(limit, bool):
        number = int(limit) if type_ == "integer" else Decimal(limit)
        set_extension(row, url, {"valueInteger" if type_ == "integer" else "valueDecimal": number})
    else:
        set_extension(row, url, None)


WRITERS: dict[str, Callable[[Row, Any], None]] = {
    "text": _element("text"),
    "type": _element("type"),
    "required": _element("required"),
    "repeats": _element("repeats"),
    "max_length": _element("maxLength"),
    "minimum": _limit(ext.MIN_VALUE, "minimum"),
    "maximum": _limit(ext.MAX_VALUE, "maximum"),
    "unit": _unit,
    "help": _help,
    "measure": _measure,
    "expression": _expression,
    "control": _control,
    "regex": _text(ext.REGEX),
    "entry_format": _text(ext.ENTRY_FORMAT),
    "initial": initial.write,
    "client_field": _own("client-field"),
    **{name: _own(name) for name in OWN},
}
