"""JSON whose decimals stay as they were written: 1.10 is not 1.1."""

import json
import re
from decimal import Decimal
from typing import Any

_MARKED = re.compile(r'"\\u0000([-+.0-9E]+)\\u0000"')


class ExactEncoder(json.JSONEncoder):
    """Writes a Decimal as the number it is. NUL, which no stored string may hold, marks the place on the way."""

    def default(self, value: Any) -> Any:
        if isinstance(value, Decimal) and value.is_finite():
            return f"\0{value}\0"
        return super().default(value)

    def encode(self, value: Any) -> str:
        return _MARKED.sub(r"\1", super().encode(value))


class ExactDecoder(json.JSONDecoder):
    """Reads numbers with a point or an exponent as Decimal; NaN and Infinity, which are not JSON, are refused."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, parse_float=Decimal, parse_constant=_refuse)


def dumps(value: Any, **options: Any) -> str:
    return json.dumps(value, cls=ExactEncoder, ensure_ascii=False, **options)


def loads(text: str | bytes) -> Any:
    """Raises ValueError for what is not JSON."""
    return json.loads(text, cls=ExactDecoder)


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")
