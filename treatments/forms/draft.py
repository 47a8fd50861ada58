"""The whole of a note as one form, so that one button saves all of it, with or without a script."""

from collections.abc import Callable, Collection, Iterable
from functools import cached_property
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from treatments.forms.findings import OnceFormSet, PalpationForm, PointForm, StrengthForm, TestForm
from treatments.forms.measured import BOTH, LegForm, RangeForm, SeenForm, sides_of
from treatments.forms.plan import GOAL, goal_fields, goal_ratings, plan_fields
from treatments.forms.rows import Lists, TechniqueForm, number, row_formset
from treatments.forms.subjective import SubjectiveForm
from treatments.models import Episode, Finding, Goal, SessionNote
from treatments.rows import FindingRow
from treatments.rules.sections import PART_OF, PARTS
from treatments.rules.signing import TEXTS
from treatments.services.notes import PAIN_FIELDS, PLAN_FIELDS, DraftChanges
from treatments.services.thinking import ratings_in

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

    def __init__(self, data: Any = None, *, note: SessionNote, lists: Callable[[], Lists], goals: Any = ()) -> None:
        initial = {name: getattr(note, name) for name in (*TEXTS, *PAIN_FIELDS, *PLAN_FIELDS, "version")}
        super().__init__(data, initial={**initial, "episode": note.episode_id, "other_episode": note.other_episode_id})
        self.fields |= plan_fields(
            note,
            techniques=lambda: lists().words.technique_codes,
            contributors=lambda: lists().words.contributors,
        )
        self.fields |= goal_fields(goals)
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


def part_of(name: str) -> str:
    """What is compared and saved as one: "plan" by itself, "rom-hip-flexion-right" with all of "rom"."""
    return name.partition("-")[0]


class DraftForms:
    """A note's form, its ranges and its three lists of rows; bound when `data` is given.

    With `parts` only these were sent: nothing else is built, read or changed. It is what makes an autosave cheap.
    """

    ROWS: dict[str, Any] = {
        "strength": (StrengthForm, OnceFormSet),
        "tests": (TestForm, OnceFormSet),
        "points": (PointForm, forms.BaseFormSet),
        "palpation": (PalpationForm, OnceFormSet),
    }
    SENT_WITH = {"legs": "legs-right", "gait": "gait-remark", "posture": "posture-remark"}

    def __init__(self, note: SessionNote, data: Any = None, *, parts: Collection[str] | None = None) -> None:
        self.note, self.data, self.parts = note, data, parts

    def is_sent(self, part: str) -> bool:
        """Whether a part came; of a whole form, one without its boxes did not, and stays as it is."""
        if self.parts is not None or self.data is None:
            return self.parts is None or part in self.parts
        if part in self.ROWS:
            return f"{part}-TOTAL_FORMS" in self.data
        return part not in self.SENT_WITH or self.SENT_WITH[part] in self.data

    @cached_property
    def lists(self) -> Lists:
        return Lists()

    @cached_property
    def findings(self) -> list[Finding]:
        return list(self.note.findings.all())

    @cached_property
    def stored(self) -> dict[str, list[Finding]]:
        """The findings as they are, by the part that shows them; "" has those that no part shows."""
        boxes = {f"{row.code}-{side}" for row in self.lists.words.movements for side in sides_of(row)}
        rows: dict[str, list[Finding]] = {part: [] for part in (*PARTS, "")}
        for row in self.findings:
            is_shown = row.kind != PARTS["rom"] or f"{row.code}-{row.side}" in boxes
            rows[PART_OF.get(row.kind, "") if is_shown else ""].append(row)
        return rows

    @cached_property
    def goals(self) -> list[Goal]:
        """The activities of the note's episodes that are goals now, or are rated here."""
        if not self.is_sent("goal"):
            return []
        episodes = [self.note.episode_id, self.note.other_episode_id]
        rows = Goal.objects.filter(episode__in=[pk for pk in episodes if pk])
        return list(rows.filter(Q(dropped_at=None) | Q(pk__in=self.ratings)))

    @cached_property
    def ratings(self) -> dict[str, int]:
        return ratings_in(self.note) if self.is_sent("goal") else {}

    @cached_property
    def main(self) -> NoteForm:
        form = NoteForm(self.data, note=self.note, lists=lambda: self.lists, goals=self.goals)
        form.initial.update({f"{GOAL}{pk}": rating for pk, rating in self.ratings.items()})
        for name in [name for name in form.fields if self.parts is not None and part_of(name) not in self.parts]:
            del form.fields[name]
        return form

    @cached_property
    def subjective(self) -> SubjectiveForm:
        return SubjectiveForm(self.data, note=self.note)

    @cached_property
    def ranges(self) -> RangeForm:
        return RangeForm(self.data, movements=self.lists.words.movements, rows=self.stored["rom"])

    @cached_property
    def legs(self) -> LegForm:
        return LegForm(self.data, rows=self.stored["legs"])

    @cached_property
    def gait(self) -> SeenForm:
        return SeenForm(self.data, part="gait", rows=self.stored["gait"])

    @cached_property
    def posture(self) -> SeenForm:
        return SeenForm(self.data, part="posture", rows=self.stored["posture"])

    @cached_property
    def strength(self) -> Any:
        return self._rows("strength", StrengthForm.grouped(self.stored["strength"]))

    @cached_property
    def tests(self) -> Any:
        return self._rows("tests", self.stored["tests"])

    @cached_property
    def points(self) -> Any:
        return self._rows("points", self.stored["points"])

    @cached_property
    def palpation(self) -> Any:
        return self._rows("palpation", self.stored["palpation"])

    def _rows(self, part: str, rows: Iterable[Any]) -> Any:
        form, formset = self.ROWS[part]
        side = self.note.episode.side if self.note.episode and self.note.episode.side in BOTH else "none"
        about = {"prefix": part, "lists": self.lists, "data": self.data, "rows": rows, "side": side}
        return row_formset(form, formset=formset, **about)

    @cached_property
    def techniques(self) -> Any:
        rows = self.note.techniques.all() if self.data is None else ()
        return row_formset(TechniqueForm, prefix="techniques", lists=self.lists, data=self.data, rows=rows)

    @property
    def version(self) -> int:
        """The version the text was typed over; 0, which fits none, when it was not sent."""
        self.main.is_valid()
        return int(self.main.cleaned_data.get("version") or 0)

    @property
    def device(self) -> str:
        """Which open page it comes from; nothing without a script."""
        return str(self.data.get("device", ""))[:40]

    def changes(self) -> DraftChanges:
        """What can be saved of what was typed. A part with an error stays as it was and is named by `errors`."""
        self.main.is_valid()
        given = self.main.cleaned_data
        changes: Any = {name: value for name, value in given.items() if name != "version" and not name.startswith(GOAL)}
        if self.is_sent("goal"):
            changes["goal_ratings"] = goal_ratings(given, self.goals, before=self.ratings)
        if self.is_sent("told"):
            changes |= self.subjective.given()
        for name in TEXTS:
            if name in changes:
                changes[name] = changes[name].replace("\r\n", "\n")
        sent = [part for part in PARTS if self.is_sent(part)]
        if sent:
            changes["findings"] = self._findings(sent)
        if self.is_sent("techniques") and self.techniques.is_valid():
            changes["techniques"] = _given(self.techniques)
        return changes  # type: ignore[no-any-return]

    def _findings(self, sent: list[str]) -> list[FindingRow]:
        """Those that were sent, and the others as they are, in the order of the page."""
        rows: list[FindingRow] = []
        for part in PARTS:
            form = self.form_of(part) if part in sent else None
            if form is None or (part in self.ROWS and form.non_form_errors()):
                rows += [FindingRow.of(row) for row in self.stored[part]]
            elif part in self.ROWS:
                given = (each for each in form if each.has_changed() and each.is_given)
                rows += [row for each in given for row in each.rows(self.stored[part])]
            else:
                form.is_valid()
                rows += form.findings()
        return [*rows, *(FindingRow.of(row) for row in self.stored[""])]

    def form_of(self, part: str) -> Any:
        """The form or formset of a part of the objective section."""
        return self.ranges if part == "rom" else getattr(self, part)

    @property
    def errors(self) -> dict[str, str]:
        """What is wrong, by the name of the control."""
        found = dict(self.subjective.errors) if self.is_sent("told") else {}
        sent = [(part, self.form_of(part)) for part in PARTS if self.is_sent(part)]
        formsets = [form for part, form in sent if part in self.ROWS]
        formsets += [self.techniques] if self.is_sent("techniques") else []
        single = [form for part, form in sent if part not in self.ROWS]
        for form in (self.main, *single, *(form for formset in formsets for form in formset)):
            for name, errors in form.errors.items():
                label = form.fields[name].label if name in form.fields else ""
                found[form.add_prefix(name)] = f"{label}: {' '.join(str(e) for e in errors)}".lstrip(": ")
        for formset in formsets:
            for error in formset.non_form_errors():
                found[formset.prefix] = str(error)
        return found


def _given(formset: Any) -> list[Any]:
    return [form.row() for form in formset if form.has_changed() and form.is_given]
