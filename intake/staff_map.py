"""The body map as staff fill it in with a client: the same item as in the forms."""

from functools import cache

from intake.fhir import Item, Kind, read_form
from intake.ready_forms import parts


@cache
def map_item() -> Item:
    """The pain map of the ready forms, on its own."""
    section = parts.section("map", "Pain map", "", [parts.pain_map(required=True)])
    form = read_form(parts.questionnaire("staff-map", "Pain map", [section]))
    (item,) = form.of_kind(Kind.PAIN_MAP)
    return item
