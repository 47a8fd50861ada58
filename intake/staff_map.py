"""The body map as staff fill it in with a client: the same item as in the forms, and what a browser sent for it."""

from functools import cache

from django.http import QueryDict
from django.utils.translation import gettext as _

from intake import body_map
from intake.fhir import Item, Kind, read_form
from intake.ready_forms import parts
from intake.rules import Mark, split_key
from intake.rules.strokes import parse

NAME = "pain-map"
ELSEWHERE = "other"


@cache
def map_item() -> Item:
    """The pain map of the ready forms, on its own."""
    section = parts.section("map", "Pain map", "", [parts.pain_map(required=True)])
    form = read_form(parts.questionnaire("staff-map", "Pain map", [section]))
    (item,) = form.of_kind(Kind.PAIN_MAP)
    return item


def marks_in(item: Item, data: QueryDict) -> list[Mark]:
    """What is marked, by the names of the form's controls. Raises ValueError with words for people."""
    keys = list(dict.fromkeys(data.getlist(f"{item.link_id}.region")))
    if not set(keys) <= body_map.all_keys():
        raise ValueError(_("That place is not on the map."))
    return [_mark(item, key, data) for key in keys]


def _mark(item: Item, key: str, data: QueryDict) -> Mark:
    """One place; its controls carry its key."""
    region, side = split_key(key)
    spread = data.get(f"{item.link_id}.spread.{key}", "")
    if spread == ELSEWHERE:
        spread = data.get(f"{item.link_id}.elsewhere.{key}", "")
    return Mark(
        region=region,
        side=side,
        qualities=_known(item, "quality", data.getlist(f"{item.link_id}.quality.{key}")),
        intensity=_strength(data.get(f"{item.link_id}.intensity.{key}", "")),
        course="".join(_known(item, "course", data.getlist(f"{item.link_id}.course.{key}")[:1])),
        spreads_to="".join(_known(item, "spreads-to", [spread])) if spread != key else "",
        stroke=parse(data.get(f"{item.link_id}.stroke.{key}", "")),
    )


def _known(item: Item, part: str, codes: list[str]) -> tuple[str, ...]:
    asked = next(child for child in item.items if child.link_id.rpartition(".")[2] == part)
    chosen = tuple(dict.fromkeys(code for code in codes if code))
    if any(asked.option(code) is None for code in chosen):
        raise ValueError(_("Please choose from the list."))
    return chosen


def _strength(text: str) -> int | None:
    if not text:
        return None
    if text not in {str(number) for number in range(11)}:
        raise ValueError(_("Please enter a number from 0 to 10."))
    return int(text)
