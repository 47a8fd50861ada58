"""Small forms: an episode, its end, a hypothesis, a dose, an addendum, the client's answer."""

from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from intake.models import Condition, Exercise
from treatments.forms.rows import Lists, number
from treatments.forms.widgets import LongSelect
from treatments.models import Episode, Prescription


def condition_field(lists: Lists, *, required: bool) -> forms.ModelChoiceField[Condition]:
    """A condition of the knowledge, in groups."""
    field: forms.ModelChoiceField[Condition] = forms.ModelChoiceField(
        Condition.objects.current(), label=_("Condition"), required=required
    )
    field.widget = LongSelect(lists.conditions)
    return field


class EpisodeForm(forms.Form):
    """A new episode, out of a note."""

    side = forms.ChoiceField(label=_("Side"), choices=Episode.Side.choices, required=False)
    planned_sessions = number(_("Sessions planned"), 1, 99)

    def __init__(self, data: Any = None, *, lists: Lists | None = None) -> None:
        super().__init__(data, prefix="episode", initial={"side": "right"})
        self.fields["condition"] = condition_field(lists or Lists(), required=False)
        self.order_fields(["condition", "side", "planned_sessions"])


class CloseForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Why does it end?"),
        choices=Episode.CloseReason.choices,
        widget=forms.RadioSelect(attrs={"look": "list"}),
    )


class HypothesisForm(forms.Form):
    confidence_percent = forms.IntegerField(
        label=_("How sure"),
        min_value=0,
        max_value=100,
        widget=forms.NumberInput(attrs={"suffix": "%", "width": "third"}),
    )
    reason = forms.CharField(label=_("Because"), max_length=200, required=False)

    def __init__(self, data: Any = None, *, lists: Lists | None = None) -> None:
        super().__init__(data)
        self.fields["condition"] = condition_field(lists or Lists(), required=True)
        self.fields["condition"].widget.attrs["width"] = "two-thirds"
        self.order_fields(["condition", "confidence_percent", "reason"])


# What there is to know of the exercise that is chosen comes into the page below the boxes.
FACTS = {
    "hx-get": reverse_lazy("treatments:exercise-facts"),
    "hx-trigger": "change",
    "hx-target": "#facts",
    "hx-swap": "innerHTML",
}


class DoseForm(forms.Form):
    """An exercise from the library; what is left empty is taken from it."""

    sets = number(_("Sets"), 1, 20)
    reps = number(_("Repetitions"), 1, 100)
    hold_seconds = number(_("Hold, seconds"), 1, 600)
    minutes = number(_("Minutes"), 1, 240)
    times_per_week = number(_("Times a week"), 1, 70)
    side = forms.ChoiceField(
        label=_("Side"), choices=[("", _("As in the library")), *Prescription.Side.choices], required=False
    )
    instructions = forms.CharField(label=_("In your words, to the client"), max_length=300, required=False)

    def __init__(self, data: Any = None, *, lists: Lists | None = None, condition: str = "") -> None:
        super().__init__(data, prefix="dose")
        field: forms.ModelChoiceField[Exercise] = forms.ModelChoiceField(
            Exercise.objects.current(), label=_("Exercise"), required=False
        )
        field.widget = LongSelect((lists or Lists()).exercises_for(condition), dict(FACTS))
        self.fields["exercise"] = field
        self.order_fields(["exercise"])

    def dose(self) -> dict[str, Any]:
        """As typed; empty fields as the library has them."""
        library = self.cleaned_data["exercise"].data.get("dose") or {}
        names = {name: name for name in ("sets", "reps", "hold_seconds", "minutes")} | {"times_per_week": "per_week"}
        given: dict[str, Any] = {
            name: self.cleaned_data.get(name) or library.get(source) for name, source in names.items()
        }
        each = Prescription.Side.EACH if library.get("side") == "each" else Prescription.Side.NONE
        given["side"] = self.cleaned_data.get("side") or each.value
        given["instructions"] = " ".join(self.cleaned_data.get("instructions", "").split())
        return given


class AddendumForm(forms.Form):
    text = forms.CharField(
        label=_("Addendum"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It stands under the note for good, with your name and the time."),
    )
