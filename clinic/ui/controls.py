"""Plain form controls without a template each: a note has over a hundred, and a template for each costs 20 ms a page.

They write what Django's own templates of the same name write; `tests/ui/test_controls.py` compares the two.
"""

from collections.abc import Callable
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

BASE = "django/forms/widgets/"
INPUTS = ("text", "number", "email", "url", "color", "search", "tel", "password", "date", "datetime", "time", "hidden")

Widget = dict[str, Any]


def draw(template_name: str, widget: Widget) -> SafeString | None:
    """The control's HTML, or None where its template has more to say."""
    drawn = _DRAWN.get(template_name)
    if drawn is None or widget.get("wrap_label"):
        return None
    return mark_safe(drawn(widget))  # noqa: S308  # each part is escaped below


def input_of(widget: Widget) -> str:
    """An input of any type."""
    value = widget["value"]
    shown = "" if value is None else f' value="{escape(str(value))}"'
    return f'<input type="{escape(widget["type"])}" name="{escape(widget["name"])}"{shown}{_attributes(widget)}>'


def _textarea(widget: Widget) -> str:
    # The line break is the browser's to drop: without it a text that begins with one would lose it.
    text = escape(widget["value"]) if widget["value"] else ""
    return f'<textarea name="{escape(widget["name"])}"{_attributes(widget)}>\n{text}</textarea>'


def _select(widget: Widget) -> str:
    groups = "".join(_group(title, options) for title, options, _index in widget["optgroups"])
    return f'<select name="{escape(widget["name"])}"{_attributes(widget)}>{groups}\n</select>'


def _group(title: str | None, options: list[Widget]) -> str:
    rows = "".join(
        f'\n  <option value="{escape(str(each["value"]))}"{_attributes(each)}>{escape(each["label"])}</option>'
        for each in options
    )
    return f'\n  <optgroup label="{escape(title)}">{rows}\n  </optgroup>' if title else rows


def _attributes(widget: Widget) -> str:
    return "".join(
        f" {escape(name)}" if value is True else f' {escape(name)}="{escape(str(value))}"'
        for name, value in widget["attrs"].items()
        if value is not False
    )


_DRAWN: dict[str, Callable[[Widget], str]] = {
    **{f"{BASE}{name}.html": input_of for name in (*INPUTS, "checkbox", "radio_option", "checkbox_option")},
    f"{BASE}textarea.html": _textarea,
    f"{BASE}select.html": _select,
}
