"""Widgets for rows: a note has many selects with the same long list."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from treatments.vocabulary import Options


class OptionList:
    """The options of a long list, rendered once and used by every select of a page."""

    def __init__(self, choices: Options) -> None:
        self.choices = choices
        self.values = frozenset(_values(choices))
        self._html: SafeString | None = None

    def html(self, selected: str) -> SafeString:
        if self._html is None:
            self._html = _rendered(self.choices)
        if not selected:
            return self._html
        mark = format_html('<option value="{}"', selected)
        return mark_safe(self._html.replace(mark, f"{mark} selected", 1))  # noqa: S308  # parts escaped when rendered

    def led_by(self, title: Any, rows: Options) -> "OptionList":
        """The same list with a group before it, whose choices are in the list as well. The first one is none."""
        blank, rest = self.html("").split("</option>", 1)
        led = OptionList([])
        led.values = self.values
        led._html = format_html("{}</option>{}{}", mark_safe(blank), _rendered([(title, rows)]), mark_safe(rest))  # noqa: S308  # both rendered above
        return led


def _rendered(choices: Options) -> SafeString:
    parts = []
    for value, label in choices:
        if isinstance(label, list):
            rows = format_html_join("", '<option value="{}">{}</option>', label)
            parts.append(format_html('<optgroup label="{}">{}</optgroup>', value, rows))
        else:
            parts.append(format_html('<option value="{}">{}</option>', value, label))
    return mark_safe("".join(parts))  # noqa: S308  # every part is escaped above


def _values(choices: Options) -> Iterator[str]:
    for value, label in choices:
        yield from (str(row[0]) for row in label) if isinstance(label, list) else (str(value),)


class PickField(forms.ChoiceField):
    """A choice from a shared list, which is neither copied nor searched row by row."""

    offered: OptionList | None = None

    def valid_value(self, value: Any) -> bool:
        return self.offered is not None and str(value) in self.offered.values


class LongSelect(forms.Select):
    """A select over a shared list."""

    def __init__(self, options: OptionList, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.options_list = options

    def __deepcopy__(self, memo: dict[int, Any]) -> "LongSelect":
        return type(self)(self.options_list, dict(self.attrs))

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        given = self.build_attrs(self.attrs, attrs)
        final = {"name": name, **given, "class": f"{given.get('class', '')} input".strip()}
        return format_html("<select{}>{}</select>", flatatt(final), self.options_list.html(str(value or "")))


class NameInput(forms.TextInput):
    """A box with a list of names to choose from; the browser searches it, with or without a script."""

    def __init__(self, names: OptionList, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off", **(attrs or {})})
        self.names = names

    def __deepcopy__(self, memo: dict[int, Any]) -> "NameInput":
        return type(self)(self.names, dict(self.attrs))

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        given = self.build_attrs(self.attrs, attrs)
        listed = f"{given.get('id', name)}-names"
        final = {"type": "text", "name": name, "list": listed, **given, "class": "input", "value": value or None}
        return format_html('<input{}><datalist id="{}">{}</datalist>', flatatt(final), listed, self.names.html(""))


class OpenSelect(LongSelect):
    """A select over a shared list that also shows a value which is not in it, as it is."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        if not value or str(value) in self.options_list.values:
            return super().render(name, value, attrs, renderer)
        more = OptionList([(str(value), str(value)), *self.options_list.choices])
        return LongSelect(more, dict(self.attrs)).render(name, value, attrs, renderer)
