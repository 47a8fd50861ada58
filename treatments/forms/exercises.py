"""An exercise of the practice's own, and giving one to a client. They convert shape only."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.people.uploads import MAX_BYTES
from intake.models import Exercise
from treatments.forms.episode import DoseForm
from treatments.forms.rows import Lists, number
from treatments.models import Episode, ExercisePicture, Prescription
from treatments.services.library import OwnExercise
from treatments.vocabulary import EXERCISE_GOALS, STRUCTURE_KINDS, grouped, vocabulary

MOST_CAUTIONS = 5
LONGEST_LINE = 200


class ExerciseForm(forms.Form):
    """Its name, what it is for, how it is done, how much, what to watch for, and a picture."""

    groups = [
        (_("What it is"), "", ["label", "goal", "targets"]),
        (_("How it is done"), _("The client reads these words."), ["cue", "cautions"]),
        (_("How much, unless said otherwise"), "", ["sets", "reps", "hold_seconds", "minutes", "per_week", "side"]),
        (_("Picture"), "", ["picture", "description"]),
        (_("For colleagues"), "", ["progression", "source_note"]),
    ]

    label = forms.CharField(label=_("Name"), max_length=120)
    goal = forms.ChoiceField(label=_("Goal"), choices=list(EXERCISE_GOALS.items()))
    targets = forms.MultipleChoiceField(label=_("Aims at"), required=False)
    cue = forms.CharField(label=_("How to"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}))
    cautions = forms.CharField(
        label=_("Watch for"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One to a line, five at most."),
    )
    sets = number(_("Sets"), 1, 20)
    reps = number(_("Repetitions"), 1, 100)
    hold_seconds = number(_("Hold, seconds"), 1, 600)
    minutes = number(_("Minutes"), 1, 240)
    per_week = number(_("Times a week"), 1, 70)
    side = forms.ChoiceField(label=_("Side"), choices=[("as needed", _("as needed")), ("each", _("each side"))])
    picture = forms.FileField(
        label=_("Picture"), required=False, max_length=200, help_text=_("PNG, JPEG or WebP, up to 10 MB.")
    )
    description = forms.CharField(
        label=_("What it shows"), max_length=200, required=False, help_text=_("For those who cannot see it.")
    )
    progression = forms.CharField(label=_("How it gets harder"), max_length=LONGEST_LINE, required=False)
    source_note = forms.CharField(label=_("Where it is from"), max_length=LONGEST_LINE, required=False)

    def __init__(self, data: Any = None, files: Any = None, *, exercise: Exercise | None = None) -> None:
        super().__init__(data, files, initial=_values(exercise) if exercise else {"side": "as needed"})
        choices = grouped(vocabulary().structures, STRUCTURE_KINDS, blank="", by="code")[1:]
        targets: Any = self.fields["targets"]
        targets.choices, targets.widget.attrs["size"] = choices, 7
        self.fields["picture"].widget = forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"})
        for name in ("sets", "reps", "hold_seconds", "minutes", "per_week", "side"):
            self.fields[name].widget.attrs["width"] = "third"

    def clean_cautions(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["cautions"].splitlines() if line.strip()]
        if len(lines) > MOST_CAUTIONS or any(len(line) > LONGEST_LINE for line in lines):
            raise forms.ValidationError(_("Five lines at most, each of 200 letters at most."))
        return lines

    def clean_picture(self) -> Any:
        file = self.cleaned_data["picture"]
        if file and file.size > MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 10 MB. Send a smaller one."))
        return file

    def given(self) -> OwnExercise:
        said = self.cleaned_data
        dose = {name: said[name] for name in ("sets", "reps", "hold_seconds", "minutes", "per_week", "side")}
        return {
            "label": said["label"],
            "goal": said["goal"],
            "targets": said["targets"],
            "dose": dose,
            "cue": said["cue"],
            "cautions": said["cautions"],
            "progression": said["progression"],
            "source_note": said["source_note"],
        }


def _values(exercise: Exercise) -> dict[str, Any]:
    data = exercise.data
    picture = ExercisePicture.objects.filter(exercise=exercise).first()
    return {
        **{name: data.get(name) for name in ("goal", "targets", "cue", "progression", "source_note")},
        **(data.get("dose") or {}),
        "label": exercise.label,
        "cautions": "\n".join(data.get("cautions") or ()),
        "description": picture.description if picture else "",
    }


class PrescribeForm(DoseForm):
    """An exercise for one of the client's open episodes, outside a note."""

    def __init__(self, data: Any = None, *, episodes: list[Episode], changes: Prescription | None = None) -> None:
        condition = episodes[0].condition.code if episodes else ""
        super().__init__(data, lists=Lists(), condition=condition)
        rows = Episode.objects.filter(pk__in=[row.pk for row in episodes]).select_related("condition")
        field: forms.ModelChoiceField[Episode] = forms.ModelChoiceField(rows, label=_("Episode"), empty_label=None)
        field.initial = episodes[0].pk if episodes else None
        self.fields["episode"] = field
        self.fields["exercise"].required = True
        if changes is not None and data is None:
            names = ("sets", "reps", "hold_seconds", "minutes", "times_per_week", "side", "instructions")
            self.initial = {name: getattr(changes, name) for name in names}
            self.initial |= {"exercise": changes.exercise_id, "episode": changes.episode_id}
        if len(episodes) == 1:
            field.widget = forms.HiddenInput()
        for name in ("sets", "reps", "hold_seconds", "minutes", "times_per_week", "side"):
            self.fields[name].widget.attrs["width"] = "half"
        self.order_fields(["episode"])
