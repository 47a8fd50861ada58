"""Answer options: listed in the item, in a value set inside the form, or in one the practice has imported."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from intake.fhir import extensions as ext
from intake.fhir.values import Code, Json, Value, read_value

Find = Callable[[str], Json | None]
"""From a canonical address to a ValueSet; None when it is not here."""
MOST_OPTIONS = 20_000
DEEPEST = 5


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose. `code` is what a browser sends, unique in its list."""

    code: str
    display: str
    hint: str = ""
    is_exclusive: bool = False
    value: Value | None = None
    prefix: str = ""
    score: Decimal | None = None
    is_initial: bool = False
    language: str = ""
    """Of a translation; empty for words as they were written."""


def nothing(_canonical: str) -> Json | None:
    return None


def read_options(item: Json, contained: Sequence[Json], find: Find, language: str = "") -> tuple[Option, ...] | None:
    """The options of an item; None when they are in a value set that is not here or cannot be listed."""
    listed = item.get("answerOption")
    if listed:
        return _unique(_option(row, language) for row in listed)
    address = str(item.get("answerValueSet", ""))
    if not address:
        return ()
    codings = _codings_at(address, contained, find, 0)
    return None if codings is None else _unique(_coded(coding, language) for coding in codings)


def _unique(options: Iterable[Option]) -> tuple[Option, ...]:
    """Tokens made different where two systems share a code."""
    found: dict[str, Option] = {}
    for option in options:
        token, number = option.code, 1
        if token in found and isinstance(option.value, Code) and option.value.system:
            token = f"{option.value.system}|{option.code}"
        while token in found:
            number += 1
            token = f"{option.code} ({number})"
        found[token] = option if token == option.code else replace(option, code=token)
        if len(found) >= MOST_OPTIONS:
            break
    return tuple(found.values())


def _option(row: Json, language: str) -> Option:
    value = read_value(row)
    coding = row.get("valueCoding", {})
    own = ext.ours(row)
    token = str(value or coding.get("display", "")) if isinstance(value, Code) else _token(value)
    element, name = (coding, "display") if coding else (row, "valueString")
    display, spoken = ext.in_language(element, name, language)
    return Option(
        token,
        display or token,
        str(own.get("hint", "")),
        bool(ext.value(row, ext.OPTION_EXCLUSIVE) or own.get("exclusive", False)),
        value,
        str(ext.value(row, ext.OPTION_PREFIX) or ""),
        score_of(row) if score_of(row) is not None else score_of(coding),
        bool(row.get("initialSelected", False)),
        spoken,
    )


def _token(value: Value | None) -> str:
    return str(getattr(value, "reference", "") or getattr(value, "display", "") or value or "")


def _coded(coding: Json, language: str) -> Option:
    code = str(coding.get("code", "") or coding.get("display", ""))
    display, spoken = ext.in_language(coding, "display", language)
    whole = {key: coding[key] for key in ("system", "version", "code", "display") if coding.get(key)}
    return Option(code, display or code, value=Code.read(whole), score=score_of(coding), language=spoken)


def score_of(row: Json) -> Decimal | None:
    """What an answer counts for."""
    weight = ext.value(row, ext.ITEM_WEIGHT, ext.ORDINAL_VALUE)
    return Decimal(str(weight)) if isinstance(weight, Decimal | int) else None


def _codings_at(address: str, contained: Sequence[Json], find: Find, depth: int) -> list[Json] | None:
    if depth > DEEPEST:
        return None
    if address.startswith("#"):
        held = next((row for row in contained if row.get("id") == address[1:]), None)
    else:
        inside = (row for row in contained if row.get("url") == address.partition("|")[0])
        held = next(inside, None) or find(address)
    if held is None or held.get("resourceType") != "ValueSet":
        return None
    inner = held.get("contained") or contained
    return codings_of(held, inner, find, depth)


def codings_of(value_set: Json, contained: Sequence[Json], find: Find, depth: int = 0) -> list[Json] | None:
    """Every coding of a value set: its expansion, or what it lists; None when some of it cannot be listed here."""
    expansion = value_set.get("expansion", {}).get("contains")
    if expansion:
        return list(_flat(expansion))
    found: list[Json] = []
    for include in value_set.get("compose", {}).get("include", ()):
        part = _included(include, contained, find, depth)
        if part is None:
            return None
        found.extend(part)
    excluded = {
        (exclude.get("system"), concept["code"])
        for exclude in value_set.get("compose", {}).get("exclude", ())
        for concept in exclude.get("concept", ())
    }
    return [coding for coding in found if (coding.get("system"), coding.get("code")) not in excluded]


def _included(include: Json, contained: Sequence[Json], find: Find, depth: int) -> list[Json] | None:
    if include.get("filter"):
        return None
    system = {key: include[key] for key in ("system", "version") if include.get(key)}
    if include.get("concept"):
        return [{**system, **concept} for concept in include["concept"]]
    if include.get("valueSet"):
        parts = [_codings_at(address, contained, find, depth + 1) for address in include["valueSet"]]
        return None if any(part is None for part in parts) else [c for part in parts if part for c in part]
    codes = next(
        (
            row
            for row in contained
            if row.get("resourceType") == "CodeSystem" and row.get("url") == include.get("system")
        ),
        None,
    )
    return None if codes is None else [{**system, **concept} for concept in _flat(codes.get("concept", ()), "concept")]


def _flat(rows: Iterable[Json], children: str = "contains") -> Iterator[Json]:
    for row in rows:
        if row.get("code") and not row.get("abstract"):
            yield {key: value for key, value in row.items() if key != children}
        yield from _flat(row.get(children, ()), children)
