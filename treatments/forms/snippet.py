from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from treatments.models import Snippet

LONGEST = 4000


class SnippetForm(forms.Form):
    """A short word, what it is for, and its text."""

    shortcut = forms.SlugField(
        label=_("Short word"),
        max_length=30,
        allow_unicode=True,
        help_text=_("Letters, numbers and hyphens. In a note: a semicolon, the short word, then space."),
    )
    title = forms.CharField(label=_("What it is for"), max_length=80)
    text = forms.CharField(
        label=_("Text"),
        max_length=LONGEST,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "Filled in from the note: {side}, {condition}, {client}, {pain}, {pain_average}, {pain_worst}, "
            "{pain_before}. A vertical line | is where you go on writing."
        ),
    )
    shared = forms.BooleanField(label=_("For everybody in the practice"), required=False)

    @staticmethod
    def values_of(snippet: Snippet) -> dict[str, Any]:
        names = ("shortcut", "title", "text")
        return {**{name: getattr(snippet, name) for name in names}, "shared": snippet.owner_id is None}
