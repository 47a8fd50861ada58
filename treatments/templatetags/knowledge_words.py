"""Names for the codes a note holds. `{% load knowledge_words %}`."""

from functools import cache
from typing import Any

from django import template

from intake.knowledge import source

register = template.Library()
FILES = ("tests", "structures")


@register.filter
def finding_name(finding: Any) -> str:
    """The label of a finding's movement, test or structure; its code for one a practice added itself."""
    if not finding.code:
        return str(finding.get_kind_display())
    return _labels().get(finding.code, str(finding.code))


@cache
def _labels() -> dict[str, str]:
    rows = [row for name in FILES for row in source.entries(name)]
    return {row["code"]: row["label"] for row in (*rows, *source.read("rom")["measures"])}
