"""Small controls of the note's rows, written straight: a page has hundreds of them, and a template for each is slow."""

from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from clinic.ui.controls import input_of


class _Straight:
    """Renders one input without a template."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        widget = self.get_context(name, value, attrs)["widget"]  # type: ignore[attr-defined]
        if widget["type"] != "checkbox":
            widget["attrs"]["class"] = f"{widget['attrs'].get('class', '')} input".strip()
        return mark_safe(input_of(widget))  # noqa: S308  # each part is escaped there


class PlainNumber(_Straight, forms.NumberInput):
    """A number, typed on a numeric keypad."""


class PlainText(_Straight, forms.TextInput):
    """A line of text."""


class PlainHidden(_Straight, forms.HiddenInput):
    """What a script fills in."""


class PlainTick(_Straight, forms.CheckboxInput):
    """A box to tick."""


class Pills(forms.RadioSelect):
    """A few choices side by side, each one tap."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        given = self.build_attrs(self.attrs, attrs)
        chosen = "" if value is None else str(value)
        rows = ((name, key, " checked" if str(key) == chosen else "", label) for key, label in self.choices)
        boxes = format_html_join("", '<label><input type="radio" name="{}" value="{}"{}><span>{}</span></label>', rows)
        label = given.get("aria-label", "")
        return format_html(
            '<span class="pills" role="radiogroup" id="{}" aria-label="{}">{}</span>', given.get("id", ""), label, boxes
        )


class Ticks(forms.CheckboxSelectMultiple):
    """Chips: any number of a few words."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        chosen = {str(each) for each in value or ()}
        rows = ((name, key, " checked" if str(key) in chosen else "", label) for key, label in self.choices)
        return format_html_join(
            "", '<label class="chip"><input type="checkbox" name="{}" value="{}"{}>{}</label>', rows
        )
