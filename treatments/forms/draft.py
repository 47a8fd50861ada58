"""The whole of a note as one form, so that one button saves all of it, with or without a script."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from treatments.forms.rows import KIND, Lists, PointForm, RangeForm, TechniqueForm, TestForm, number, row_formset
from treatments.models import Episode, SessionNote
from treatments.rows import FindingRow
from treatments.rules.signing import TEXTS
from treatments.services.notes import PAIN_FIELDS, DraftChanges

LONGEST_TEXT = 20_000
LABELS = {
    "subjective": _("Subjective"),
    "objective": _("Objective"),
    "assessment": _("Assessment"),
    "plan": _("Plan"),
}
PLACEHOLDERS = {
    "subjective": _("What the client says: since the last visit, better with, worse with"),
    "objective": _("Palpation, gait, posture, and what else was seen"),
    "assessment": _("What you make of it"),
    "plan": _("Plan until the next visit"),
}


class NoteForm(forms.Form):
    """Texts, pain and episode."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, required=False)
    episode = forms.ModelChoiceField(
        Episode.objects.none(), label=_("Episode"), required=False, empty_label=_("Choose what this session is about")
    )
    pain_now = number(_("Now"), 0, 10)
    pain_average = number(_("Average"), 0, 10)
    pain_worst = number(_("Worst"), 0, 10)

    def __init__(self, data: Any = None, *, note: SessionNote) -> None:
        initial = {name: getattr(note, name) for name in (*TEXTS, *PAIN_FIELDS, "version")}
        super().__init__(data, initial={**initial, "episode": note.episode_id})
        for name in TEXTS:
            widget = forms.Textarea(attrs={"rows": 2, "placeholder": str(PLACEHOLDERS[name])})
            self.fields[name] = forms.CharField(
                label=LABELS[name],
                max_length=LONGEST_TEXT,
                required=False,
                strip=False,
                widget=widget,
            )
        of_client = Episode.objects.filter(client=note.client_id).select_related("condition")
        field: forms.ModelChoiceField[Episode] = self.fields["episode"]  # type: ignore[assignment]
        field.queryset = of_client.open() | of_client.filter(pk=note.episode_id)
        for name in PAIN_FIELDS:
            self.fields[name].widget.attrs["class"] = "pain"


class DraftForms:
    """A note's form, its ranges and its three lists of rows; bound when `data` is given."""

    def __init__(self, note: SessionNote, data: Any = None) -> None:
        self.note = note
        self.lists = lists = Lists()
        known_movements = lists.words.movements
        self.findings = list(note.findings.all())
        movements = {movement.code for movement in known_movements}
        ranges = [row for row in self.findings if row.kind == KIND.RANGE_OF_MOTION and row.code in movements]
        tests = [row for row in self.findings if row.kind == KIND.SPECIAL_TEST]
        points = [row for row in self.findings if row.kind == KIND.TRIGGER_POINT]
        shown = {row.pk for row in (*ranges, *tests, *points)}
        self.others = [row for row in self.findings if row.pk not in shown]
        techniques = note.techniques.all() if data is None else ()
        self.main = NoteForm(data, note=note)
        self.ranges = RangeForm(data, movements=known_movements, rows=ranges)
        self.tests = row_formset(TestForm, prefix="tests", lists=lists, data=data, rows=tests)
        self.points = row_formset(PointForm, prefix="points", lists=lists, data=data, rows=points)
        self.techniques = row_formset(TechniqueForm, prefix="techniques", lists=lists, data=data, rows=techniques)

    @property
    def version(self) -> int:
        """The version the text was typed over; 0, which fits none, when it was not sent."""
        self.main.is_valid()
        return int(self.main.cleaned_data.get("version") or 0)

    def changes(self) -> DraftChanges:
        """What can be saved of what was typed. A part with an error stays as it was and is named by `errors`."""
        self.main.is_valid()
        changes: Any = {name: value for name, value in self.main.cleaned_data.items() if name != "version"}
        for name in TEXTS:
            if name in changes:
                changes[name] = changes[name].replace("\r\n", "\n")
        if self.ranges.is_valid() and self.tests.is_valid() and self.points.is_valid():
            rows = [*self.ranges.findings(), *_given(self.tests), *_given(self.points)]
            changes["findings"] = [*_once(rows), *(FindingRow.of(row) for row in self.others)]
        if self.techniques.is_valid():
            changes["techniques"] = _given(self.techniques)
        return changes  # type: ignore[no-any-return]

    @property
    def errors(self) -> dict[str, str]:
        """What is wrong, by the name of the control."""
        found: dict[str, str] = {}
        for form in (self.main, self.ranges, *self.tests, *self.points, *self.techniques):
            for name, errors in form.errors.items():
                label = form.fields[name].label if name in form.fields else ""
                found[form.add_prefix(name)] = f"{label}: {' '.join(str(e) for e in errors)}".lstrip(": ")
        for formset in (self.tests, self.points, self.techniques):
            for error in formset.non_form_errors():
                found[formset.prefix] = str(error)
        return found


def _given(formset: Any) -> list[Any]:
    return [form.row() for form in formset if form.has_changed() and form.is_given]


def _once(rows: list[FindingRow]) -> list[FindingRow]:
    """A movement or test stands once for a side; the row further down wins, in the place of the first."""
    kept: dict[Any, FindingRow] = {}
    for position, row in enumerate(rows):
        is_single = row.kind != KIND.TRIGGER_POINT
        kept[(row.kind, row.code, row.side) if is_single else position] = row
    return list(kept.values())
