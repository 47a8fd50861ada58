"""Figures with what is marked on them. `{% load body_map %}`."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.translation import gettext as _

from intake import body_map
from intake.rules import Mark, split_key

register = template.Library()


@register.inclusion_tag("intake/_figure.html")
def body_figure(marks: Iterable[Any], view: str = "", crop: str = "lower", label: str = "") -> dict[str, Any]:
    """A figure to look at: marks filled by strength, where they run to dashed. `view` empty: the one that shows most.

    `marks` are PainMark rows or rules.Mark. No query when the marks are prefetched.
    """
    shown = [as_mark(mark) for mark in marks]
    chosen = body_map.views()[view or body_map.best_view(shown)]
    paths = [*_spreads(shown, chosen), *_marks(shown, chosen)]
    return {
        "view": chosen.name,
        "box": chosen.crop(crop),
        "paths": paths,
        "label": label or _("Marked: %(marks)s") % {"marks": body_map.spoken(shown) or _("nothing")},
    }


def as_mark(mark: Any) -> Mark:
    """A row or a Mark as a Mark."""
    if isinstance(mark, Mark):
        return mark
    return Mark(mark.region, mark.side, tuple(mark.qualities), mark.intensity, mark.course, mark.spreads_to)


def _marks(marks: list[Mark], view: body_map.View) -> list[dict[str, Any]]:
    found = [mark for mark in marks if mark.key in view.regions]
    return [{"key": m.key, "pain": m.intensity, "d": view.regions[m.key], "is_spread": False} for m in found]


def _spreads(marks: list[Mark], view: body_map.View) -> list[dict[str, Any]]:
    own = {mark.key for mark in marks}
    found = [mark for mark in marks if mark.spreads_to in view.regions and mark.spreads_to not in own]
    return [
        {"key": m.spreads_to, "pain": m.intensity, "d": view.regions[m.spreads_to], "is_spread": True} for m in found
    ]


@register.filter
def place_name(key: str) -> str:
    """ "Outer hip, right" from a region's key."""
    return body_map.place_name(key) if split_key(key)[0] else ""


@register.filter
def region_name(code: str) -> str:
    return body_map.short_name(code)
