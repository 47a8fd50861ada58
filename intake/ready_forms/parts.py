"""Pieces of a Questionnaire: one small function for each kind of item."""

from collections.abc import Iterable, Mapping
from typing import Any

from intake.fhir import extensions as ext_urls
from intake.fhir.items import QUALITIES, REGIONS, URL
from intake.knowledge import source
from intake.rules import keys_of
from intake.rules.strokes import LONGEST_TEXT

Row = dict[str, Any]
MEASURES = source.MEASURES
KNOWLEDGE = "urn:palpate:knowledge"
YES_NO = ("yes", "no")


STANDARD = {
    "minimum": ext_urls.MIN_VALUE,
    "maximum": ext_urls.MAX_VALUE,
    "max-occurs": ext_urls.MAX_OCCURS,
    "exclusive": ext_urls.OPTION_EXCLUSIVE,
    "hidden": ext_urls.HIDDEN,
}
"""What FHIR has an extension of its own for."""


def extension(name: str, value: Any) -> Row:
    key = {bool: "valueBoolean", int: "valueInteger", str: "valueString"}[type(value)]
    return {"url": STANDARD.get(name) or URL + name, key: value}


def item(link_id: str, type_: str, text: str, *, ext: Mapping[str, Any] | None = None, **rest: Any) -> Row:
    """An item; `ext` holds extensions by name, `rest` its FHIR fields. FHIR knows no empty text."""
    row: Row = {"linkId": link_id, "type": type_} | ({"text": text} if text else {})
    row.update({key: value for key, value in rest.items() if value not in (None, False, (), [])})
    extensions = [extension(name, value) for name, value in (ext or {}).items() if value not in ("", None)]
    if extensions:
        row["extension"] = extensions
    return row


def section(link_id: str, heading: str, lead: str, items: Iterable[Row]) -> Row:
    """A screen: a heading, a sentence under it, the questions."""
    first = [item(f"{link_id}.lead", "display", lead)] if lead else []
    return item(link_id, "group", heading, item=[*first, *items])


def text(
    link_id: str, question: str, *, summary: str = "", hint: str = "", required: bool = False, length: int = 1000
) -> Row:
    ext = {"summary": summary, "hint": hint}
    return item(link_id, "text", question, ext=ext, required=required, maxLength=length)


def options(words: Mapping[str, str], *, none: str = "", hints: Mapping[str, str] | None = None) -> list[Row]:
    """Answer options in the order of the words; the one named by `none` goes with no other."""
    rows = []
    for code, display in words.items():
        row: Row = {"valueCoding": {"code": code, "display": display}}
        extensions = [extension("exclusive", True)] if code == none else []
        if hints and hints.get(code):
            extensions.append(extension("hint", hints[code]))
        if extensions:
            row["extension"] = extensions
        rows.append(row)
    return rows


def choice(
    link_id: str, question: str, group: str, *, summary: str = "", hint: str = "", none: str = "", **rest: Any
) -> Row:
    """One of several words, or several of them with `repeats=True`."""
    choices = options(source.wording()[group], none=none)
    return item(link_id, "choice", question, ext={"summary": summary, "hint": hint}, answerOption=choices, **rest)


def number(link_id: str, entry: str, *, summary: str, unit: str, maximum: int) -> Row:
    """A number asked by an entry of lifestyle.yaml."""
    row = source.by_code("lifestyle")[entry]
    kind = "decimal" if row["answer_type"] == "decimal" else "integer"
    ext = {"summary": summary, "unit": unit, "minimum": 0, "maximum": maximum}
    return item(link_id, kind, row["question"], ext=ext, code=[{"system": KNOWLEDGE, "code": entry}])


def measure(code: str) -> list[Row]:
    return [{"system": MEASURES, "code": code}]


def scale(
    link_id: str,
    question: str,
    *,
    score: str = "",
    summary: str = "",
    low: str,
    high: str,
    ends: tuple[int, int] = (0, 10),
    **rest: Any,
) -> Row:
    """A whole number from 0 to 10, or between other `ends`, with words at its ends."""
    ext = {"item-kind": "scale", "minimum": ends[0], "maximum": ends[1], "low": low, "high": high, "summary": summary}
    return item(link_id, "integer", question, ext=ext, code=measure(score) if score else None, **rest)


def when(question: str, *, is_answered: bool = True, code: str = "") -> Row:
    """A condition: that a question was answered or not, or with a certain code."""
    if code:
        return {"question": question, "operator": "=", "answerCoding": {"code": code}}
    return {"question": question, "operator": "exists", "answerBoolean": is_answered}


def pain_scales(*, everything: bool = True) -> list[Row]:
    """NPRS in our own words: the tracked score is the average of the last 7 days (Chiarotto 2018, Pain)."""
    ends: dict[str, Any] = {"low": "No pain", "high": "Worst imaginable", "required": True}
    average = scale(
        "nprs.average", "On average, over the last 7 days?", score="nprs.average", summary="Average pain", **ends
    )
    if not everything:
        return [average]
    return [
        scale("nprs.now", "Right now?", score="nprs.now", summary="Pain now", **ends),
        scale("nprs.worst", "At its worst, over the last 7 days?", score="nprs.worst", summary="Worst pain", **ends),
        average,
    ]


def pain_map(*, required: bool) -> Row:
    """Our own item: a repeating group, one repetition for each marked place."""
    name = "pain-map"
    parts = [
        item(f"{name}.region", "choice", "Where", answerValueSet="#regions", required=True),
        item(f"{name}.quality", "choice", "What does it feel like?", answerValueSet="#qualities", repeats=True),
        item(f"{name}.intensity", "integer", "How strong, most days?", ext={"minimum": 0, "maximum": 10}),
        item(
            f"{name}.course",
            "choice",
            "All the time?",
            answerOption=options({"constant": "All the time", "comes-and-goes": "It comes and goes"}),
        ),
        item(f"{name}.spreads-to", "choice", "Does it spread?", answerValueSet="#regions"),
        item(f"{name}.stroke", "string", "Drawn by hand, as JSON", ext={"hidden": True}, maxLength=LONGEST_TEXT),
    ]
    ext = {"item-kind": "pain-map", "summary": "Where it hurts"}
    return item(name, "group", "Where does it hurt?", ext=ext, repeats=True, required=required, item=parts)


def contained() -> list[Row]:
    """Value sets that the pain map's items point at."""
    places = []
    for region in source.entries("regions"):
        for key in keys_of(region):
            side = key.partition(".")[2]
            places.append({"code": key, "display": f"{region['label']}, {side}" if side else region["label"]})
    words = [{"code": q["code"], "display": q["label"]} for q in source.entries("qualities")]
    return [_value_set("regions", REGIONS, places), _value_set("qualities", QUALITIES, words)]


def _value_set(name: str, system: str, concepts: list[Row]) -> Row:
    include = [{"system": system, "concept": concepts}]
    return {"resourceType": "ValueSet", "id": name, "status": "active", "compose": {"include": include}}


def questionnaire(slug: str, title: str, sections: list[Row]) -> Row:
    """The whole; its version is given when it is stored."""
    return {
        "resourceType": "Questionnaire",
        "url": f"urn:palpate:form:{slug}",
        "name": slug,
        "title": title,
        "status": "active",
        "language": "en",
        "subjectType": ["Patient"],
        "contained": contained(),
        "item": sections,
    }
