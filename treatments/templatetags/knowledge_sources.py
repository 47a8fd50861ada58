"""Level of evidence and sources beside whatever the knowledge says. `{% load knowledge_sources %}`."""

from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from treatments.reads.measured import MovementRow
from treatments.reads.sources import grounds_of, sourced
from treatments.vocabulary import drawn_once

register = template.Library()


@register.simple_tag
def source_of(entry: Any) -> SafeString:
    """One tap away: how well it is known and where from. `entry` is a row of the knowledge or a fact of one."""
    if not entry:
        return SafeString("")
    levels, sources = grounds_of(entry)
    key = ("source", tuple(levels.items()), tuple(sources))
    return drawn_once(key, lambda: render_to_string("treatments/_source.html", {"known": sourced(entry)}))


@register.simple_tag
def movement_facts(row: MovementRow) -> SafeString:
    """How a movement is measured, its normal values and its error, with their sources."""
    key = ("movement", row.movement.pk)
    return drawn_once(key, lambda: render_to_string("treatments/_movement_facts.html", {"row": row}))
