"""The marks of a pain map as rows of a QuestionnaireResponse: one repetition of the group for each place."""

from collections.abc import Mapping
from typing import Any

from intake.fhir.items import QUALITIES, REGIONS, Item
from intake.fhir.values import Json, read_value
from intake.rules import strokes
from intake.rules.marks import Mark, split_key


def read_mark(link_id: str, row: Json) -> Mark:
    children = {child["linkId"].removeprefix(f"{link_id}."): child for child in row.get("item", ())}
    region, side = split_key(str(_values(children, "region")[0]))
    return Mark(
        region=region,
        side=side,
        qualities=tuple(str(code) for code in _values(children, "quality")),
        intensity=next(iter(_values(children, "intensity")), None),
        course=str(next(iter(_values(children, "course")), "")),
        spreads_to=str(next(iter(_values(children, "spreads-to")), "")),
        stroke=_stroke(str(next(iter(_values(children, "stroke")), ""))),
    )


def _stroke(text: str) -> strokes.Stroke | None:
    """A line that cannot be read is left out; the mark stays."""
    try:
        return strokes.parse(text)
    except ValueError:
        return None


def _values(children: Mapping[str, Json], part: str) -> list[Any]:
    return [read_value(answer) for answer in children[part]["answer"]] if part in children else []


def write_mark(item: Item, mark: Mark) -> dict[str, Any]:
    """The line drawn by hand goes along where the form has a place for it."""
    link_id = item.link_id

    def row(part: str, *values: dict[str, Any]) -> list[dict[str, Any]]:
        return [{"linkId": f"{link_id}.{part}", "answer": list(values)}] if values else []

    def coding(system: str, code: str) -> dict[str, Any]:
        return {"valueCoding": {"system": system, "code": code}}

    rows = row("region", coding(REGIONS, mark.key))
    rows += row("quality", *(coding(QUALITIES, code) for code in mark.qualities))
    if mark.intensity is not None:
        rows += row("intensity", {"valueInteger": mark.intensity})
    if mark.course:
        rows += row("course", {"valueCoding": {"code": mark.course}})
    if mark.spreads_to:
        rows += row("spreads-to", coding(REGIONS, mark.spreads_to))
    if mark.stroke and any(part.link_id == f"{link_id}.stroke" for part in item.items):
        rows += row("stroke", {"valueString": mark.stroke.as_text()})
    return {"linkId": link_id, **({"text": item.text} if item.text else {}), "item": rows}
