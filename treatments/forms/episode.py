"""Small forms: an episode, its end, a hypothesis, a dose, an addendum, the client's answer."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from intake.models import Condition, Exercise
from intake.rules import Mark
from treatments.forms.rows import Lists, number
from treatments.forms.widgets import LongSelect, NameInput
from treatments.models import Episode, Prescription
from treatments.reads.choosing import named, near_marks, side_of
from treatments.rules.choosing import codes_in

DETAILS = ("onset_on", "mechanism", "planned_sessions", "reassess_at_session")


def condition_field(lists: Lists, *, required: bool, marks: Iterable[Mark] = ()) -> forms.ModelChoiceField[Condition]:
    """A condition of the knowledge: those in marked places first, then all in groups."""
    field: forms.ModelChoiceField[Condition] = forms.ModelChoiceField(
        Condition.objects.current(), label=_("Condition"), required=required
    )
    near = [(one.pk, f"{one.label} ({words})") for one, words in near_marks(marks)]
    title = _("In marked places, the most of them first, then by alphabet; no likelihood")
    field.widget = LongSelect(lists.conditions.led_by(title, near) if near else lists.conditions)
    return field


class EpisodeForm(forms.Form):
    """A new episode, out of a note or from the client's page."""

    side = forms.ChoiceField(label=_("Side"), choices=Episode.Side.choices, required=False)
    onset_on = forms.DateField(
        label=_("Began on"), required=False, help_text=_("As near as it is known; say the rest in words.")
    )
    mechanism = forms.CharField(label=_("How it began"), max_length=200, required=False)
    planned_sessions = number(_("Sessions planned"), 1, 99)
    reassess_at_session = number(_("Look again at session"), 1, 99)
    is_second = forms.BooleanField(label=_("As the second episode of this visit"), required=False)

    def __init__(
        self, data: Any = None, *, lists: Lists | None = None, marks: Iterable[Mark] = (), in_note: bool = True
    ) -> None:
        marks = list(marks)
        super().__init__(data, prefix="episode", initial={"side": side_of(marks)})
        lists = lists or Lists()
        self.fields["condition"] = condition_field(lists, required=False, marks=marks)
        self.fields["named"] = forms.CharField(
            label=_("or by name"),
            max_length=120,
            required=False,
            widget=NameInput(lists.condition_names),
        )
        if not in_note:
            del self.fields["is_second"]
        self.order_fields(["condition", "named", "side", "planned_sessions", "reassess_at_session"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        found = named(given.get("named") or "")
        if given.get("named") and len(found) != 1:
            words = ", ".join(one.label for one in found)
            told = _("Several conditions are called so: %(names)s.") if found else _("No condition is called so.")
            self.add_error("named", told % {"names": words})
        elif found and given.get("condition") and given["condition"] != found[0]:
            self.add_error("named", _("List and name say different conditions: leave one of them empty."))
        elif found:
            given["condition"] = found[0]
        elif not given.get("condition"):
            self.add_error("condition", _("Choose a condition."))
        return given

    @property
    def is_filled(self) -> bool:
        return any(self.data.get(self.add_prefix(name), "").strip() for name in ("condition", "named"))

    def details(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in DETAILS}


class EpisodeEditForm(forms.Form):
    """What is known of an episode, all of it changeable while it is open."""

    side = forms.ChoiceField(label=_("Side"), choices=Episode.Side.choices, widget=forms.RadioSelect)
    icd10cm_code = forms.ChoiceField(
        label=_("ICD-10-CM"),
        required=False,
        help_text=_("Left as it is, it follows condition and side."),
    )
    onset_on = forms.DateField(
        label=_("Began on"), required=False, help_text=_("As near as it is known; say the rest in words.")
    )
    mechanism = forms.CharField(label=_("How it began"), max_length=200, required=False)
    goals = forms.CharField(
        label=_("Goals in words"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    planned_sessions = number(_("Sessions planned"), 1, 99, width="half")
    reassess_at_session = number(_("Look again at session"), 1, 99, width="half")

    def __init__(self, data: Any = None, *, episode: Episode, marks: Iterable[Mark] = ()) -> None:
        names = ("side", "icd10cm_code", *DETAILS, "goals")
        initial = {name: getattr(episode, name) for name in names}
        super().__init__(data, initial={**initial, "condition": episode.condition_id})
        self.fields["condition"] = condition_field(Lists(), required=True, marks=list(marks))
        codes = [(one.code, f"{one.code} · {one.words}") for one in codes_in(episode.condition.data.get("icd10cm"))]
        field: forms.ChoiceField = self.fields["icd10cm_code"]  # type: ignore[assignment]
        field.choices = [("", _("No code")), *codes]
        self.order_fields(["condition", "side", "icd10cm_code"])


class CloseForm(forms.Form):
    """Why an episode ends."""

    reason = forms.ChoiceField(
        label=_("Why does it end?"),
        choices=Episode.CloseReason.choices,
        widget=forms.RadioSelect(attrs={"look": "list"}),
    )


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
