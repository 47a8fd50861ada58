"""Forms for the rows of a note, and the long lists they choose from. They convert shape only."""

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from treatments.forms.choices import place_options, strength_options
from treatments.forms.widgets import LongSelect, OptionList, PickField
from treatments.models import TechniqueApplied
from treatments.reads.choosing import names_of_conditions
from treatments.rows import TechniqueRow
from treatments.vocabulary import (
    CONDITION_GROUPS,
    STRUCTURE_KINDS,
    exercise_options,
    grouped,
    options,
    vocabulary,
)

SIDES = [("none", "–"), ("right", _("Right")), ("left", _("Left"))]


def number(label: Any, low: int, high: int, **attrs: Any) -> forms.IntegerField:
    """A small whole number, typed on a numeric keypad."""
    widget = forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off", **attrs})
    return forms.IntegerField(label=label, min_value=low, max_value=high, required=False, widget=widget)


class RowForm(forms.Form):
    """A row that counts once its first field is chosen."""

    key = ""

    def __init__(self, *args: Any, lists: "Lists", side: str = "none", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lists = lists
        if "side" in self.fields:  # a new row is about the side the episode is about
            self.fields["side"].initial = side
        self.arrange()
        for name, choices in lists.short(type(self)).items():
            self.offer(name, choices)
        for field in self.fields.values():  # a cell's head is too far from its box to be its label
            if not isinstance(field.widget, forms.RadioSelect | forms.CheckboxInput):
                field.widget.attrs["aria-label"] = str(field.label)

    def arrange(self) -> None:
        """Give the selects their lists."""

    def offer(self, name: str, choices: OptionList) -> None:
        field: PickField = self.fields[name]  # type: ignore[assignment]
        field.widget, field.offered = LongSelect(choices), choices

    @property
    def is_given(self) -> bool:
        return bool(self.cleaned_data.get(self.key)) and not self.cleaned_data.get("DELETE")


class TechniqueForm(RowForm):
    """What was done."""

    key = "technique"
    PRESSURE = [(str(n), str(n)) for n in range(1, 6)]

    technique = PickField(label=_("Technique"), required=False)
    structure = PickField(label=_("Structure"), required=False)
    side = PickField(label=_("Side"), choices=SIDES, required=False)
    minutes = number(_("Minutes"), 1, 240)
    pressure = forms.ChoiceField(
        label=_("Pressure, 1 light to 5 deep"), choices=PRESSURE, required=False, widget=forms.RadioSelect
    )
    response = PickField(label=_("Response"), choices=[("", "–"), *TechniqueApplied.Response.choices], required=False)

    def arrange(self) -> None:
        self.offer("technique", self.lists.techniques)
        self.offer("structure", self.lists.structures)

    def row(self) -> TechniqueRow:
        given = self.cleaned_data
        return TechniqueRow(
            technique_id=uuid.UUID(given["technique"]),
            structure_id=uuid.UUID(given["structure"]) if given["structure"] else None,
            side=given["side"] or "none",
            duration_minutes=given["minutes"],
            pressure_grade=int(given["pressure"]) if given["pressure"] else None,
            response=given["response"],
        )

    @staticmethod
    def values_of(row: TechniqueApplied) -> dict[str, Any]:
        return {
            "technique": str(row.technique_id),
            "structure": str(row.structure_id or ""),
            "side": row.side,
            "minutes": row.duration_minutes,
            "pressure": "" if row.pressure_grade is None else str(row.pressure_grade),
            "response": row.response,
        }


class Lists:
    """The long lists of a page, each made once for a language and a state of the knowledge."""

    def __init__(self) -> None:
        self.words = vocabulary()
        self._language = get_language()
        self.ordered_tests: OptionList | None = None

    def _keep(self, name: str, make: Any) -> OptionList:
        made = self.words.made
        if (name, self._language) not in made:
            made[name, self._language] = OptionList(make())
        return made[name, self._language]  # type: ignore[no-any-return]

    def short(self, form: type[RowForm]) -> dict[str, OptionList]:
        """The selects whose few choices stand in the form itself: side, result, tenderness, response."""
        return {
            name: self._keep(f"{form.__name__}-{name}", lambda field=field: list(field.choices))
            for name, field in form.base_fields.items()
            if isinstance(field, PickField) and field.choices
        }

    @property
    def tests(self) -> OptionList:
        """In the order that suits the episode and its therapist, once somebody has put them in it."""
        return self.ordered_tests or self._keep(
            "tests", lambda: options(self.words.tests, blank=_("Choose a test"), by="code")
        )

    @property
    def structures(self) -> OptionList:
        rows, blank = self.words.structures, _("No structure")
        return self._keep("structures", lambda: grouped(rows, STRUCTURE_KINDS, blank=blank))

    @property
    def structures_by_code(self) -> OptionList:
        rows, blank = self.words.structures, _("Choose a structure")
        return self._keep("points", lambda: grouped(rows, STRUCTURE_KINDS, blank=blank, by="code"))

    @property
    def techniques(self) -> OptionList:
        return self._keep("techniques", lambda: options(self.words.techniques, blank=_("Choose a technique")))

    @property
    def places(self) -> OptionList:
        """Regions of the body by key, in the groups of the client's list."""
        return self._keep("places", place_options)

    @property
    def strengths(self) -> OptionList:
        """Movements whose strength is tested, then structures."""
        return self._keep("strengths", lambda: strength_options(self.words))

    @property
    def conditions(self) -> OptionList:
        rows, blank = self.words.conditions, _("Choose a condition")
        return self._keep("conditions", lambda: grouped(rows, CONDITION_GROUPS, blank=blank))

    @property
    def condition_names(self) -> OptionList:
        """Names and aliases, to be typed."""
        return self._keep("condition-names", lambda: [(name, meant or name) for name, meant in names_of_conditions()])

    @property
    def exercises(self) -> OptionList:
        return self.exercises_for("")

    def exercises_for(self, condition: str) -> OptionList:
        """By goal, those that the knowledge names for a condition (its code) first."""
        return self._keep(f"exercises-{condition}", lambda: exercise_options(self.words.exercises, condition))


def row_formset(
    form: type[RowForm],
    *,
    prefix: str,
    lists: Lists,
    data: Any = None,
    rows: Iterable[Any] = (),
    side: str = "none",
    formset: type[forms.BaseFormSet[Any]] = forms.BaseFormSet,
) -> Any:
    """A formset over rows, with one empty row at its end."""
    initial = [form.values_of(row) for row in rows]  # type: ignore[attr-defined]
    factory = forms.formset_factory(form, formset, extra=len(initial) + 1, can_delete=True, max_num=60, absolute_max=80)
    about = {"lists": lists, "side": side}
    if data is not None:
        return factory(data, prefix=prefix, form_kwargs=about)
    made = factory(prefix=prefix, form_kwargs=about)
    # As extra forms: a row whose boxes are not in the next POST is simply gone.
    for row_form, values in zip(made.forms, initial, strict=False):
        row_form.initial = values
    return made
