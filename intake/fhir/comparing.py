"""How two values compare in enableWhen (FHIR R4). `static/intake/js/logic/values.js` does the same; one table tests
both.

Dates of different precision compare as far as both go; where that does not decide, nothing holds. Quantities compare
in the same unit. Codings, booleans and references have no order.
"""

import datetime as dt
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from intake.fhir.values import Code, DateTime, PartialDate, Quantity, Ref, Time, Value, same_coding

_TIMED = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z|[+-]\d\d:\d\d)?")
OPERATORS = frozenset({"exists", "=", "!=", ">", "<", ">=", "<="})


def holds(operator: str, given: Sequence[Value], answer: Value | None) -> bool:
    """Whether one row of enableWhen holds. `!=` holds without an answer: none of them equals (R4, operator codes)."""
    if operator == "exists":
        return bool(given) is bool(answer)
    if answer is None or operator not in OPERATORS:
        return False
    if operator == "!=":
        return not any(_order(value, answer) == 0 for value in given)
    return any(_satisfies(operator, _order(value, answer)) for value in given)


def _satisfies(operator: str, order: float | None) -> bool:
    """`order` is below, at or above zero; None is unknown, and NaN is unequal without an order."""
    if order is None:
        return False
    match operator:
        case "=":
            return order == 0
        case ">":
            return order > 0
        case "<":
            return order < 0
        case ">=":
            return order >= 0
    return order <= 0


NO_ORDER = float("nan")


def _order(one: Any, other: Any) -> float | None:
    if isinstance(one, bool) or isinstance(other, bool):
        return None if type(one) is not type(other) else 0 if one == other else NO_ORDER
    if _is_number(one) and _is_number(other):
        return _sign(Decimal(str(one)), Decimal(str(other)))
    if isinstance(one, Code) or isinstance(other, Code):
        both = isinstance(one, Code) and isinstance(other, Code)
        return (0 if same_coding(one, other) else NO_ORDER) if both else None
    if isinstance(one, Quantity) and isinstance(other, Quantity):
        return _of_quantities(one, other)
    if isinstance(one, Ref) and isinstance(other, Ref):
        return 0 if one.reference == other.reference else NO_ORDER
    return _of_texts(one, other)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | Decimal)


def _sign(one: Any, other: Any) -> int:
    return int(one > other) - int(one < other)


def _of_quantities(one: Quantity, other: Quantity) -> float | None:
    if one.value is None or other.value is None:
        return None
    coded = bool(one.code and other.code)
    same = (one.system, one.code) == (other.system, other.code) if coded else one.unit == other.unit
    return _sign(one.value, other.value) if same else None


def _of_texts(one: Any, other: Any) -> float | None:
    if isinstance(one, Time) or isinstance(other, Time):
        both = isinstance(one, Time) and isinstance(other, Time)
        return _sign(_clock(one), _clock(other)) if both else None
    dates = PartialDate | DateTime | dt.date
    if isinstance(one, dates) or isinstance(other, dates):
        both = isinstance(one, dates) and isinstance(other, dates)
        return _of_dates(_parts(one), _parts(other)) if both else None
    return _sign(one, other) if isinstance(one, str) and isinstance(other, str) else None


def _clock(text: str) -> tuple[int, ...]:
    main, _, fraction = text.partition(".")
    hours, minutes, seconds = [*map(int, main.split(":")), 0][:3]
    return hours, minutes, seconds, _nanoseconds(fraction)


def _of_dates(one: tuple[int, ...], other: tuple[int, ...]) -> float | None:
    for left, right in zip(one, other, strict=False):
        if left != right:
            return _sign(left, right)
    return 0 if len(one) == len(other) else None


def _parts(value: Any) -> tuple[int, ...]:
    """Year, month, … down to nanoseconds, as far as given; an instant is taken to UTC."""
    text = value.isoformat() if isinstance(value, dt.date) else str(value)
    found = _TIMED.fullmatch(text)
    if not found:
        return tuple(int(part) for part in text.split("-"))
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    offset = found[8] or "Z"
    at = dt.datetime(year, month, day, hour, minute, min(second, 59), tzinfo=dt.UTC)
    if offset != "Z":
        shift = dt.timedelta(hours=int(offset[1:3]), minutes=int(offset[4:]))
        at = at - shift if offset[0] == "+" else at + shift
    return at.year, at.month, at.day, at.hour, at.minute, second, _nanoseconds(found[7] or "")


def _nanoseconds(fraction: str) -> int:
    return int(fraction[:9].ljust(9, "0")) if fraction else 0
