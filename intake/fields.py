"""Fields that forms of staff have in common."""

from typing import Any

from django import forms


def line(label: Any, *, most: int, hint: Any, **attributes: str) -> forms.CharField:
    """One line of text, at most so many characters; `attributes` are those of its box."""
    widget = forms.TextInput(attrs=attributes)
    return forms.CharField(label=label, max_length=most, help_text=hint, widget=widget)
