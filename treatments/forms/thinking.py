"""Small forms of the assessment: hypotheses and goals."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from treatments.forms.episode import condition_field
from treatments.forms.rows import Lists, number


class HypothesisForm(forms.Form):
    confidence_percent = forms.IntegerField(
        label=_("How sure"),
        min_value=0,
        max_value=100,
        widget=forms.NumberInput(attrs={"suffix": "%", "width": "third"}),
    )
    reason = forms.CharField(label=_("Because"), max_length=200, required=False)

    def __init__(self, data: Any = None, *, lists: Lists | None = None, prefix: str | None = None) -> None:
        super().__init__(data, prefix=prefix)
        self.fields["condition"] = condition_field(lists or Lists(), required=True)
        self.fields["condition"].widget.attrs["width"] = "two-thirds"
        self.order_fields(["condition", "confidence_percent", "reason"])


class ThoughtForm(HypothesisForm):
    """A hypothesis out of a note."""

    def __init__(self, data: Any = None, *, lists: Lists | None = None) -> None:
        super().__init__(data, lists=lists, prefix="thought")

    @property
    def is_filled(self) -> bool:
        return bool(self.data.get(self.add_prefix("condition"), "").strip())


class GoalForm(forms.Form):
    """An activity the client wants back, and how well it is to go at the end."""

    activity = forms.CharField(
        label=_("Activity"),
        max_length=120,
        widget=forms.TextInput(attrs={"width": "two-thirds"}),
        help_text=_("In the client's words: stairs, sleeping on that side, an hour's walk."),
    )
    target_rating = number(_("Goal, 0 to 10"), 0, 10, width="third")
