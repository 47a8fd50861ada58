"""The outline of a form: what its editor lists on the left."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from intake.editing.fields import is_beside
from intake.editing.forms import TYPES
from intake.editing.palette import kind_of
from intake.fhir import Form, Item, Kind

Row = dict[str, Any]
NAMES = dict(TYPES)


@dataclass
class Entry:
    """One line, and the lines below it."""

    link_id: str
    words: str
    kind: str
    is_open: bool
    has_condition: bool
    is_required: bool
    gravest: str
    """`blocks` or `note` when something was found in it."""
    children: list["Entry"] = field(default_factory=list)


def entries(form: Form, report: Sequence[Row], open_: str) -> list[Entry]:
    """Every item, groups with what stands in them. The parts of a pain map and texts beside a question are left out."""
    found: dict[str, str] = {}
    for row in reversed(report):  # gravest first in the report
        found[row.get("link_id", "")] = row["severity"]

    def entry(item: Item, *, is_top: bool = False) -> Entry:
        below = () if item.kind is Kind.PAIN_MAP else item.items
        return Entry(
            item.link_id,
            item.text or item.link_id,
            _("Screen") if is_top and item.type == "group" and item.kind is not Kind.PAIN_MAP else _name_of(item),
            item.link_id == open_,
            bool(item.enable_when or item.enable_when_expression),
            item.required,
            found.get(item.link_id, ""),
            [entry(child) for child in below if not is_beside(child.source)],
        )

    return [entry(item, is_top=True) for item in form.items if not is_beside(item.source)]


def _name_of(item: Item) -> str:
    ours = {
        "pain-map": _("Pain map"),
        "red-flag": _("Red flag"),
        "contraindications": _("Contraindications"),
        "scale": _("Scale from 0 to 10"),
        "consent": _("Consent"),
        "signature": _("Signature"),
    }
    kind = kind_of(item.source)
    if kind in ours:
        return ours[kind]
    if item.calculated or (item.is_read_only and item.type in {"integer", "decimal"}):
        return _("Score")
    return str({"group": _("Group"), "display": _("Text")}.get(item.type) or NAMES.get(item.type, item.type))
