"""What an expression gave, as a value of its item's type."""

import datetime as dt
from decimal import Decimal, InvalidOperation
from typing import Any

from intake.fhir.items import Item
from intake.fhir.values import Code, DateTime, PartialDate, Quantity, Time, Value, read_value

PLACES = Decimal("1E-8")


def as_value(item: Item, raw: Any) -> Value | None:
    """None where it does not fit the type."""
    if raw is None or (isinstance(raw, bool) and item.type != "boolean"):
        return None
    try:
        return _fitted(item, raw)
    except (ValueError, InvalidOperation, ArithmeticError):
        return None


def _fitted(item: Item, raw: Any) -> Value | None:
    match item.type:
        case "boolean":
            return raw if isinstance(raw, bool) else None
        case "integer":
            number = Decimal(str(raw))
            return int(number) if number == number.to_integral_value() else None
        case "decimal":
            return rounded(Decimal(str(raw)))
        case "quantity":
            return _quantity(item, raw)
        case "choice" | "open-choice":
            return _chosen(item, raw)
        case "date":
            text = str(raw)[:10]
            return dt.date.fromisoformat(text) if len(text) == 10 else PartialDate(text)
        case "dateTime":
            return DateTime(raw)
        case "time":
            return Time(raw)
        case "string" | "text" | "url":
            return str(raw) if isinstance(raw, str | int | Decimal) else None
    return None


def rounded(number: Decimal) -> Decimal:
    """To eight places, without zeros at the end: what the browser can reckon too."""
    if not number.is_finite():
        raise ValueError(number)
    short = number.quantize(PLACES).normalize()
    return short.quantize(Decimal(1)) if short == short.to_integral_value() else short


def _quantity(item: Item, raw: Any) -> Quantity | None:
    if isinstance(raw, dict):
        value = read_value({"valueQuantity": raw})
        return value if isinstance(value, Quantity) else None
    unit = item.unit_options[0] if item.unit_options else None
    amount = rounded(Decimal(str(raw)))
    if unit is None:
        return Quantity(amount, item.unit)
    return Quantity(amount, unit.display or str(unit), unit.system, str(unit))


def _chosen(item: Item, raw: Any) -> Value | None:
    if isinstance(raw, dict):
        return Code.read(raw)
    option = item.option(str(raw))
    if option is not None:
        return option.value if option.value is not None else Code(option.code)
    return str(raw) if item.type == "open-choice" else None
