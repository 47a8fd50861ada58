"""Figures with what is marked on them. `{% load body_map %}`."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.translation import gettext as _

from intake import body_map
from intake.figures import as_mark, drawn, overlay_of, views_for
from intake.models import PainMark
from intake.rules import split_key

register = template.Library()


@register.inclusion_tag("intake/_figure.html")
def body_figure(
    marks: Iterable[Any], view: str = "", crop: str = "lower", label: str = "", overlay: bool = False
) -> dict[str, Any]:
    """A figure to look at: marks filled by strength, where they run to dashed, with an arrow there.

    `marks` are PainMark rows or rules.Mark. `view` empty: the one that shows most. No query when they are prefetched.
    `overlay` is for staff: dermatomes and outlines of structures can be laid over it.
    """
    shown = [as_mark(mark) for mark in marks]
    figure = drawn(shown, view)
    return {
        "view": figure.view.name,
        "box": figure.view.crop(crop),
        "figure": figure,
        "overlay": overlay_of(figure, shown) if overlay else None,
        "label": label or _("Marked: %(marks)s") % {"marks": body_map.spoken(shown) or _("nothing")},
    }


@register.filter
def place_name(key: str) -> str:
    """ "Outer hip, right" from a region's key."""
    return body_map.place_name(key) if split_key(key)[0] else ""


@register.filter
def region_name(code: str) -> str:
    return body_map.short_name(code)


@register.filter
def view_name(view: str) -> str:
    return body_map.view_name(view)


@register.filter
def quality_name(code: str) -> str:
    """A word for pain from its code; a code we do not know stays as it is."""
    return body_map.quality_words().get(code, code).lower()


@register.filter
def course_name(code: str) -> str:
    return str(dict(PainMark.Course.choices).get(code, code))


@register.filter
def views_showing(marks: Iterable[Any]) -> list[str]:
    """The fewest views that show every mark."""
    return views_for(as_mark(mark) for mark in marks)
