"""Level of evidence and sources beside whatever the knowledge says. `{% load knowledge_sources %}`."""

from typing import Any

from django import template

from treatments.reads.sources import sourced

register = template.Library()


@register.inclusion_tag("treatments/_source.html")
def source_of(entry: Any) -> dict[str, Any]:
    """One tap away: how well it is known and where from. `entry` is a row of the knowledge or a fact of one."""
    return {"known": sourced(entry)}
