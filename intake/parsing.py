"""What a browser sent for one section, as answers. Shape only: what it means is decided elsewhere."""

import json
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from intake.asked import Asked, asked_in, is_file, is_given, rows_in
from intake.fhir import Answers, Item, Kind
from intake.fhir.answers import Signature
from intake.map_fields import marks_in
from intake.typed import MOST_ANSWERS, text, typed_values

MOST_STROKES, MOST_NUMBERS, LONGEST_SIGNATURE = 60, 9000, 80_000


@dataclass(slots=True)
class Given:
    """`unread` holds, by the name of its control, what was typed where it could not be read: it is shown again."""

    answers: Answers = field(default_factory=Answers)
    errors: dict[str, str] = field(default_factory=dict)
    unread: dict[str, list[str]] = field(default_factory=dict)


def parse_section(section: Item, data: QueryDict) -> Given:
    """Answers and, by address, what could not be read. What the form itself answers is not taken from a browser."""
    given = Given()
    seen: set[str] = set()
    while True:  # an answer or a row may bring questions below it
        _take_rows(section, data, given.answers)
        fresh = [each for each in asked_in(section, given.answers) if each.address not in seen]
        if not fresh:
            return given
        for asked in fresh:
            seen.add(asked.address)
            try:
                _parse(asked, data, given.answers)
            except ValueError as error:
                given.errors[asked.address] = str(error)
                given.unread |= _as_sent(asked, data)


def _take_rows(section: Item, data: QueryDict, answers: Answers) -> None:
    """How many rows the page held of each group that repeats."""
    for group in rows_in(section, answers):
        held = data.get(f"{group.address}:rows", "")
        if held.isascii() and held.isdecimal() and len(held) < 4 and int(held):
            answers.rows[group.address] = min(int(held), group.item.max_occurs or MOST_ANSWERS)


def _as_sent(asked: Asked, data: QueryDict) -> dict[str, list[str]]:
    names = [f"{asked.address}{ending}" for ending in ("", ":text", ":unit", ".name")]
    return {name: [raw.replace("\x00", "") for raw in data.getlist(name)] for name in names if name in data}


def _parse(asked: Asked, data: QueryDict, answers: Answers) -> None:
    item, address = asked.item, asked.address
    if is_given(item) or is_file(item):  # a file comes by itself, see services/uploads.py
        return
    if item.kind is Kind.PAIN_MAP:
        answers.put_marks(address, marks_in(item, data))
    elif item.kind is Kind.SIGNATURE:
        signature = Signature(text(data.get(f"{address}.name", ""), 160), _strokes(data.get(address, "")))
        answers.put(address, [signature] if signature != Signature() else [])
    else:
        answers.put(address, typed_values(item, address, data))


def _strokes(raw: str) -> str:
    """Strokes as compact JSON, read and written anew so that nothing else is kept. Raises ValueError."""
    if not raw:
        return ""
    if len(raw) > LONGEST_SIGNATURE:
        raise ValueError(_("This signature is too long. Clear it and sign again."))
    try:
        given = json.loads(raw)
        strokes = [[_whole(number) for number in stroke] for stroke in given["strokes"]]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise ValueError(_("This signature could not be read. Clear it and sign again.")) from None
    if len(strokes) > MOST_STROKES or sum(map(len, strokes)) > MOST_NUMBERS:
        raise ValueError(_("This signature is too long. Clear it and sign again."))
    kept = [stroke for stroke in strokes if len(stroke) >= 2 and len(stroke) % 2 == 0]
    return json.dumps({"width": 1000, "height": 320, "strokes": kept}, separators=(",", ":")) if kept else ""


def _whole(number: Any) -> int:
    if type(number) is not int or not 0 <= number <= 1000:
        raise ValueError
    return number
