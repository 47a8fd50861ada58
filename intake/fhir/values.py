"""Answer values, frozen, with nothing of the document lost: FHIR R4 `value[x]` of a Questionnaire and its answers."""

import base64
import binascii
import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Self

SIGNATURE_TYPE = "application/vnd.palpate.strokes+json"
Json = Mapping[str, Any]
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


class Code(str):
    """A coding. It compares as its code, so that whoever knows only codes goes on working."""

    __slots__ = ("coding",)
    coding: Json

    def __new__(cls, code: str, coding: Json | None = None) -> Self:
        made = super().__new__(cls, code)
        made.coding = coding if coding is not None else {"code": code}
        return made

    @classmethod
    def read(cls, coding: Json) -> Self:
        return cls(str(coding.get("code", "")), coding)

    @property
    def system(self) -> str:
        return str(self.coding.get("system", ""))

    @property
    def display(self) -> str:
        return str(self.coding.get("display", ""))


class PartialDate(str):
    """A year, or a year and a month."""

    __slots__ = ()


class DateTime(str):
    """A dateTime as it was written: any precision, an offset when it names a time."""

    __slots__ = ()

    @property
    def at(self) -> dt.datetime | None:
        """The instant; None without a time of day."""
        return dt.datetime.fromisoformat(self) if "T" in self else None


class Time(str):
    """A time of day, hh:mm:ss."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Quantity:
    """A measured amount. `source` keeps what else its document says."""

    value: Decimal | None = None
    unit: str = ""
    system: str = ""
    code: str = ""
    comparator: str = ""
    source: Json = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file, in the document (`data`, base64) or elsewhere (`url`)."""

    title: str = ""
    content_type: str = ""
    data: str = field(default="", repr=False)
    url: str = ""
    source: Json = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Signature:
    """A typed name, strokes as compact JSON, or both."""

    name: str = ""
    strokes: str = ""


@dataclass(frozen=True, slots=True)
class Ref:
    """Another resource."""

    reference: str = ""
    display: str = ""
    source: Json = field(default_factory=dict, compare=False, repr=False)


Value = bool | int | Decimal | float | str | dt.date | Quantity | Attachment | Signature | Ref
VALUE_KEYS = {
    "boolean": "Boolean",
    "decimal": "Decimal",
    "integer": "Integer",
    "date": "Date",
    "dateTime": "DateTime",
    "time": "Time",
    "string": "String",
    "text": "String",
    "url": "Uri",
    "attachment": "Attachment",
    "reference": "Reference",
    "quantity": "Quantity",
}
"""What follows `value` for the answers of an item's type; choices have several."""


def read_value(row: Json, prefix: str = "value") -> Value | None:
    """The value of an answer, an initial, an option or a condition (`prefix` "answer"); None when it has none."""
    for key, raw in row.items():
        if key.startswith(prefix) and len(key) > len(prefix) and key[len(prefix)].isupper():
            return _read(key[len(prefix) :], raw)
    return None


def _read(kind: str, raw: Any) -> Value:
    match kind:
        case "Coding":
            return Code.read(raw)
        case "Date":
            return dt.date.fromisoformat(raw) if _DATE.fullmatch(raw) else PartialDate(raw)
        case "DateTime":
            return DateTime(raw)
        case "Time":
            return Time(raw)
        case "Decimal":
            return raw if isinstance(raw, Decimal) else Decimal(str(raw))
        case "Quantity":
            value = raw.get("value")
            amount = None if value is None else Decimal(str(value))
            unit, system, code, comparator = _texts(raw, "unit", "system", "code", "comparator")
            return Quantity(amount, unit, system, code, comparator, raw)
        case "Attachment":
            if raw.get("contentType") == SIGNATURE_TYPE:
                return Signature(raw.get("title", ""), _decode(raw.get("data", "")))
            title, content_type, data, url = _texts(raw, "title", "contentType", "data", "url")
            return Attachment(title, content_type, data, url, raw)
        case "Reference":
            reference, display = _texts(raw, "reference", "display")
            return Ref(reference, display, raw)
    value_of_any_other_type: Value = raw
    return value_of_any_other_type


def _texts(raw: Json, *names: str) -> list[str]:
    return [str(raw.get(name, "")) for name in names]


def _decode(data: str) -> str:
    try:
        return base64.b64decode(data).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


def write_value(type_: str, value: Value) -> dict[str, Any]:
    """`{"valueX": …}` for an item of this type. Choices follow the value."""
    key = VALUE_KEYS.get(type_) or _key_of(value)
    return {f"value{key}": _plain(value)}


def _key_of(value: Value) -> str:
    kinds: tuple[tuple[type, str], ...] = (
        (bool, "Boolean"),
        (Code, "Coding"),
        (PartialDate, "Date"),
        (DateTime, "DateTime"),
        (Time, "Time"),
        (str, "String"),
        (int, "Integer"),
        (Decimal, "Decimal"),
        (dt.date, "Date"),
        (Quantity, "Quantity"),
        (Ref, "Reference"),
    )
    return next((name for kind, name in kinds if isinstance(value, kind)), "Attachment")


def _plain(value: Value) -> Any:
    if isinstance(value, Code):
        return dict(value.coding)
    if isinstance(value, str):
        return str(value)
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Quantity):
        return _with(value, unit=value.unit, system=value.system, code=value.code, comparator=value.comparator) | (
            {} if value.value is None else {"value": value.value}
        )
    if isinstance(value, Attachment):
        return _with(value, title=value.title, contentType=value.content_type, data=value.data, url=value.url)
    if isinstance(value, Ref):
        return _with(value, reference=value.reference, display=value.display)
    if isinstance(value, Signature):
        data = base64.b64encode(value.strokes.encode()).decode()
        return _filled(contentType=SIGNATURE_TYPE, data=data, title=value.name)
    return value


def _with(value: Quantity | Attachment | Ref, **fields: str) -> dict[str, Any]:
    """The source's other elements, and ours where they are not empty: FHIR knows no empty text."""
    return {k: v for k, v in value.source.items() if k not in fields} | _filled(**fields)


def _filled(**fields: str) -> dict[str, Any]:
    return {name: text for name, text in fields.items() if text}


def same_coding(one: Code, other: Code) -> bool:
    """Equal by code, and by system where both name one; without codes, by display."""
    if one.system and other.system and one.system != other.system:
        return False
    return str(one) == str(other) and (bool(one) or one.display == other.display)
