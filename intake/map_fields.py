"""What a browser sent for a body map: its controls carry the key of their place."""

from django.http import QueryDict
from django.utils.translation import gettext as _

from intake import body_map
from intake.fhir import Item
from intake.rules import Mark, split_key
from intake.rules.strokes import parse
from intake.typed import chosen, number

ELSEWHERE = "other"


def marks_in(item: Item, data: QueryDict) -> list[Mark]:
    """What is marked, in the order of the places. Raises ValueError with words for people."""
    keys = list(dict.fromkeys(data.getlist(f"{item.link_id}.region")))
    if not set(keys) <= body_map.all_keys():
        raise ValueError(_("That place is not on the map."))
    return [_mark(item, key, data) for key in keys]


def legible_in(item: Item, data: QueryDict) -> list[Mark]:
    """Of a map that holds an error: the places that are on it, with what could be read about them."""
    marks = []
    for key in dict.fromkeys(data.getlist(f"{item.link_id}.region")):
        if key in body_map.all_keys():
            try:
                marks.append(_mark(item, key, data))
            except ValueError:
                marks.append(Mark(*split_key(key)))
    return marks


def _mark(item: Item, key: str, data: QueryDict) -> Mark:
    parts = {part.link_id.rpartition(".")[2]: part for part in item.items}
    region, side = split_key(key)
    spreads_to = data.get(f"{item.link_id}.spread.{key}", "")
    if spreads_to == ELSEWHERE:
        spreads_to = body_map.key_named(data.get(f"{item.link_id}.elsewhere.{key}", ""))
    intensity = data.get(f"{item.link_id}.intensity.{key}", "")
    return Mark(
        region=region,
        side=side,
        qualities=tuple(chosen(parts["quality"], data.getlist(f"{item.link_id}.quality.{key}"))),
        intensity=int(number(parts["intensity"], intensity)) if intensity else None,
        course="".join(chosen(parts["course"], data.getlist(f"{item.link_id}.course.{key}"))),
        spreads_to="".join(chosen(parts["spreads-to"], [spreads_to])) if spreads_to != key else "",
        stroke=parse(data.get(f"{item.link_id}.stroke.{key}", "")),
    )
