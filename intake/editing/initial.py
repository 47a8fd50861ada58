"""What stands in a question before anything was answered, as it is typed, and back."""

from collections.abc import Mapping
from typing import Any

from intake.editing.conditions import read_answer
from intake.fhir.items import Item
from intake.fhir.values import Value, read_value, write_value

Row = dict[str, Any]
TYPES = frozenset({"boolean", "integer", "decimal", "date", "time", "dateTime", "string", "text", "url"})
"""A choice says it beside its answers; the others have nothing that could be typed."""


def read(row: Mapping[str, Any]) -> str:
    """Each value on a line of its own."""
    return "\n".join(_typed(read_value(held)) for held in row.get("initial", ()))


def write(row: Row, words: str) -> None:
    """Sets the element; a value that stands there already keeps all it held. Raises ValueError with words."""
    held = {_typed(read_value(each)): each for each in row.get("initial", ())}
    lines = _lines(row, words)
    made = [held[line] if line in held else write_value(row["type"], _value(row, line)) for line in lines]
    if made:
        row["initial"] = made
    else:
        row.pop("initial", None)


def _lines(row: Mapping[str, Any], words: str) -> list[str]:
    plain = words.replace("\r\n", "\n").strip()
    if not row.get("repeats"):
        return [plain] if plain else []
    return [line.strip() for line in plain.split("\n") if line.strip()]


def _value(row: Mapping[str, Any], words: str) -> Value:
    return read_answer(Item(row["linkId"], row["type"], "", row), words)


def _typed(value: Value | None) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
