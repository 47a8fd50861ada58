"""What a browser sent for one section, as answers. Shape only: what it means is decided elsewhere."""

import datetime as dt
import json
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.formats import sanitize_separators
from django.utils.translation import gettext as _

from intake import body_map
from intake.answers import questions
from intake.fhir import Answers, Item, Kind
from intake.fhir.answers import Signature
from intake.rules import Mark, split_key

ELSEWHERE = "other"
MOST_STROKES, MOST_NUMBERS, LONGEST_SIGNATURE = 60, 9000, 80_000


@dataclass(slots=True)
class Given:
    answers: Answers = field(default_factory=Answers)
    errors: dict[str, str] = field(default_factory=dict)


def parse_section(section: Item, data: QueryDict) -> Given:
    """Answers and, by linkId, what could not be read."""
    given = Given()
    for item in questions(section):
        try:
            _parse(item, data, given.answers)
        except ValueError as error:
            given.errors[item.link_id] = str(error)
    return given


def _parse(item: Item, data: QueryDict, answers: Answers) -> None:
    if item.kind is Kind.PAIN_MAP:
        answers.put_marks(item.link_id, _marks(item, data))
    elif item.kind is Kind.SIGNATURE:
        signature = Signature(_text(data.get(f"{item.link_id}.name", ""), 160), _strokes(data.get(item.link_id, "")))
        answers.put(item.link_id, [signature] if signature != Signature() else [])
    elif item.type == "choice":
        answers.put(item.link_id, _choices(item, data.getlist(item.link_id)))
    elif item.type == "boolean":
        answers.put(item.link_id, [data[item.link_id] == "yes"] if data.get(item.link_id) else [])
    else:
        raw = data.get(item.link_id, "").strip()
        answers.put(item.link_id, [_value(item, raw)] if raw else [])


def _text(raw: str, most: int) -> str:
    text = raw.replace("\x00", "").replace("\r\n", "\n").strip()
    if len(text) > most:
        raise ValueError(_("Please use at most %(number)s characters.") % {"number": most})
    return text


def _choices(item: Item, codes: list[str]) -> list[str]:
    chosen = list(dict.fromkeys(code for code in codes if code))
    if any(item.option(code) is None for code in chosen):
        raise ValueError(_("Please choose from the list."))
    if len(chosen) > 1:
        if not item.repeats:
            raise ValueError(_("Please choose one."))
        chosen = [code for code in chosen if not item.option(code).is_exclusive]  # type: ignore[union-attr]
    return chosen


def _value(item: Item, raw: str) -> Any:
    if item.type == "date":
        return _date(raw)
    if item.type in {"integer", "decimal"}:
        return _number(item, raw)
    return _text(raw, item.max_length)


def _date(raw: str) -> dt.date:
    try:
        return dt.date.fromisoformat(raw)
    except ValueError:
        raise ValueError(_("Please enter a date.")) from None


def _number(item: Item, raw: str) -> int | float:
    try:
        value = int(raw) if item.type == "integer" else float(sanitize_separators(raw))
    except ValueError:
        raise ValueError(_("Please enter a number.")) from None
    low, high = item.extensions.get("minimum", 0), item.extensions.get("maximum", 10_000)
    if not low <= value <= high:
        raise ValueError(_("Please enter a number from %(low)s to %(high)s.") % {"low": low, "high": high})
    return value


def _marks(item: Item, data: QueryDict) -> list[Mark]:
    keys = list(dict.fromkeys(data.getlist(f"{item.link_id}.region")))
    if not set(keys) <= body_map.all_keys():
        raise ValueError(_("That place is not on the map."))
    return [_mark(item, key, data) for key in keys]


def _mark(item: Item, key: str, data: QueryDict) -> Mark:
    parts = {part.link_id.rpartition(".")[2]: part for part in item.items}
    region, side = split_key(key)
    spreads_to = data.get(f"{item.link_id}.spread.{key}", "")
    if spreads_to == ELSEWHERE:
        spreads_to = data.get(f"{item.link_id}.elsewhere.{key}", "")
    intensity = data.get(f"{item.link_id}.intensity.{key}", "")
    return Mark(
        region=region,
        side=side,
        qualities=tuple(_choices(parts["quality"], data.getlist(f"{item.link_id}.quality.{key}"))),
        intensity=int(_number(parts["intensity"], intensity)) if intensity else None,
        course="".join(_choices(parts["course"], data.getlist(f"{item.link_id}.course.{key}"))),
        spreads_to="".join(_choices(parts["spreads-to"], [spreads_to])) if spreads_to != key else "",
    )


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
