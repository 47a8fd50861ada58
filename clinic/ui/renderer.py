"""Gives every form the design's fields, whatever widget it uses, so that no app imports widgets from here.

Hints to it travel in a widget's `attrs` and never reach the page: `look` ("chips", "segmented", "list", "pain",
"switch"), `width` ("half", "third", "two-thirds"), `prefix` and `suffix` ("minutes", "°").
"""

import datetime as dt
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils.formats import get_format

from clinic.ui.controls import BASE, INPUTS, draw

HINTS = ("look", "width", "prefix", "suffix")
LOOKS_LIKE_INPUT = {f"{BASE}{name}.html" for name in (*INPUTS, "textarea", "select", "file")} - {f"{BASE}hidden.html"}
# Template → (input type, formats that may have been typed, format the browser wants)
PICKERS = {
    f"{BASE}date.html": ("date", "DATE_INPUT_FORMATS", "%Y-%m-%d"),
    f"{BASE}time.html": ("time", "TIME_INPUT_FORMATS", "%H:%M"),
    f"{BASE}datetime.html": ("datetime-local", "DATETIME_INPUT_FORMATS", "%Y-%m-%dT%H:%M"),
}
LOOKS = {"": "chips", "chips": "chips", "segmented": "segmented", "list": "list", "pain": "pain"}


class FormRenderer(TemplatesSetting):
    """Set as FORM_RENDERER."""

    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"
    formset_template_name = "ui/forms/formset.html"

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        if "widget" in context:
            template_name = _dress(template_name, context["widget"])
            drawn = draw(template_name, context["widget"])
            if drawn is not None:
                return drawn
        return super().render(template_name, context, request)


def _dress(template_name: str, widget: dict[str, Any]) -> str:
    """Adjust a widget's context in place and say which template draws it."""
    hints = {name: widget["attrs"].pop(name, "") for name in HINTS}
    widget.update({f"ui_{name}": value for name, value in hints.items()})
    if template_name in (f"{BASE}radio.html", f"{BASE}checkbox_select.html"):
        _dress_options(widget)
        return f"ui/widgets/{LOOKS[hints['look']]}.html"
    if template_name == f"{BASE}checkbox.html":
        if hints["look"] != "switch":
            _add_class(widget, "tickbox")
        return template_name
    if template_name == f"{BASE}clearable_file_input.html":
        _add_class(widget, "input")
        return "ui/widgets/file.html"
    if template_name in LOOKS_LIKE_INPUT:
        _add_class(widget, "input")
        _use_picker(template_name, widget)
        if hints["prefix"] or hints["suffix"]:
            widget["ui_template"] = template_name
            return "ui/widgets/affix.html"
    return template_name


def _add_class(widget: dict[str, Any], name: str) -> None:
    widget["attrs"]["class"] = f"{widget['attrs'].get('class', '')} {name}".strip()


def _dress_options(widget: dict[str, Any]) -> None:
    """Hints and group-wide states belong to the group, not to each of its options."""
    widget["is_invalid"] = widget["attrs"].get("aria-invalid") == "true"
    for _group, options, _index in widget["optgroups"]:
        for option in options:
            for name in (*HINTS, "aria-invalid"):
                option["attrs"].pop(name, None)


def _use_picker(template_name: str, widget: dict[str, Any]) -> None:
    """The browser's own date or time picker; what it could not show, such as "next Tuesday", stays a text."""
    if template_name not in PICKERS or widget.get("type", "text") != "text":
        return
    kind, formats, wanted = PICKERS[template_name]
    if not widget["value"]:
        widget["type"] = kind
        return
    for pattern in get_format(formats):
        try:
            widget["value"] = dt.datetime.strptime(widget["value"], pattern).strftime(wanted)  # noqa: DTZ007 wall time
        except ValueError:
            continue
        widget["type"] = kind
        return
