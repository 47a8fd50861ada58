"""Shapes of what is typed in the editor."""

import datetime as dt
from collections.abc import Mapping, Sequence
from copy import deepcopy
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from intake.editing import fields, initial
from intake.editing.further import check_regex
from intake.editing.looks import looks_of
from intake.editing.palette import GROUPS, kind_of
from intake.fhir.expressions import NotAllowed, compiled
from intake.fields import line
from intake.record_details import ASKED

HALF = {"width": "half"}
MOST = 2_000_000_000
CONSENTS = (
    ("treatment", gettext_lazy("Treatment")),
    ("privacy", gettext_lazy("Privacy")),
    ("reminders", gettext_lazy("Reminders")),
)
TYPES = tuple(
    (code, label)
    for code, label in (
        ("choice", gettext_lazy("One of several answers")),
        ("open-choice", gettext_lazy("One of several, or own words")),
        ("boolean", gettext_lazy("Yes or no")),
        ("string", gettext_lazy("A line of text")),
        ("text", gettext_lazy("Several lines of text")),
        ("integer", gettext_lazy("A whole number")),
        ("decimal", gettext_lazy("A number with decimals")),
        ("quantity", gettext_lazy("A number with a unit")),
        ("date", gettext_lazy("A date")),
        ("time", gettext_lazy("A time of day")),
        ("dateTime", gettext_lazy("A date and a time")),
        ("url", gettext_lazy("A web address")),
        ("attachment", gettext_lazy("A file")),
        ("reference", gettext_lazy("Another record")),
    )
)


class TitleForm(forms.Form):
    title = line(
        gettext_lazy("Title"), most=120, hint=gettext_lazy("Clients read it above the form."), width="two-thirds"
    )


class AddForm(forms.Form):
    """What to add. Where is the item that is open, or the end of the form."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Add"), choices=[(t, [(a.code, a.label) for a in g]) for t, g in GROUPS]
    )


FURTHER = ("control", "regex", "entry_format", "initial", "client_field")
"""Left as they are where a page did not send them."""


class ItemForm(forms.Form):
    """The fields that fit an item, and no others."""

    def __init__(self, *args: Any, row: Mapping[str, Any], measures: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = fields.read(row)
        self.row = row
        self.fields.update({name: self._field(name, measures) for name in fields.names(row)})
        self.use_required_attribute = False
        plain = [name for name in self.fields if name not in FURTHER]
        self.groups = [("", "", plain), (_("Further"), "", list(FURTHER))]

    def _field(self, name: str, measures: Sequence[tuple[str, str]]) -> forms.Field:
        if name == "text":
            return self._text()
        if name in {"minimum", "maximum"}:
            return self._limit(name)
        if name == "repeats":
            label = {"choice": _("Several answers may be chosen"), "group": _("May be filled in several times")}
            return forms.BooleanField(
                label=label.get(self.row["type"], _("May be answered several times")), required=False
            )
        if name == "measure":
            return forms.ChoiceField(
                label=_("Outcome measure"),
                required=False,
                choices=[("", _("None")), *measures],
                widget=forms.Select(HALF),
            )
        if name == "control":
            return self._control()
        if name == "initial":
            return self._initial()
        made: forms.Field = FIELDS[name]()
        return made

    def _text(self) -> forms.Field:
        type_ = self.row["type"]
        label = {"group": _("Heading"), "display": _("Text")}.get(type_, _("Question"))
        if kind_of(self.row) == "consent":
            label = _("What is agreed to")
        rows = {"attrs": {"rows": 2 if type_ != "display" else 4}}
        return forms.CharField(label=label, required=type_ != "group", max_length=4000, widget=forms.Textarea(**rows))

    def _limit(self, name: str) -> forms.Field:
        label = _("Least") if name == "minimum" else _("Most")
        if self.row["type"] == "date":
            return forms.DateField(label=label, required=False, widget=forms.DateInput(HALF))
        if self.row["type"] == "integer":
            return forms.IntegerField(
                label=label, required=False, min_value=-MOST, max_value=MOST, widget=forms.NumberInput(HALF)
            )
        return forms.DecimalField(
            label=label, required=False, max_digits=15, decimal_places=6, widget=forms.NumberInput(HALF)
        )

    def _control(self) -> forms.Field:
        held, known = self.initial["control"], looks_of(self.row)
        listed = [*known, (held, held)] if held and held not in dict(known) else known
        return forms.ChoiceField(
            label=_("How it looks"), required=False, choices=[("", _("As usual")), *listed], widget=forms.Select(HALF)
        )

    def _initial(self) -> forms.Field:
        label, hint = _("Begins with"), _("What stands there before it was answered.")
        if self.row["type"] == "boolean":
            listed = [("", _("Nothing")), ("yes", _("Yes")), ("no", _("No"))]
            return forms.ChoiceField(
                label=label, required=False, choices=listed, help_text=hint, widget=forms.Select(HALF)
            )
        if self.row.get("repeats") or self.row["type"] == "text":
            hint = f"{hint} {_('One on each line.')}" if self.row.get("repeats") else hint
            widget: forms.Widget = forms.Textarea(attrs={"rows": 3})
        else:
            widget = forms.TextInput(HALF)
        return forms.CharField(label=label, required=False, max_length=4000, help_text=hint, widget=widget)

    def clean_initial(self) -> str:
        words: str = self.cleaned_data["initial"]
        try:
            initial.write(deepcopy(dict(self.row)), words)
        except ValueError as error:
            raise ValidationError(str(error)) from error
        return words

    def clean_regex(self) -> str:
        text: str = self.cleaned_data["regex"]
        try:
            return check_regex(text) if text else ""
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def clean_expression(self) -> str:
        text: str = self.cleaned_data["expression"]
        try:
            compiled(text) if text else None
        except NotAllowed as error:
            raise ValidationError(_("This cannot be reckoned: %(reason)s.") % {"reason": error}) from error
        return text

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        for name in FURTHER:
            if name not in self.data:
                given.pop(name, None)
        if given.get("reckoned") in fields.RECKONED:
            given["expression"] = fields.RECKONED[given["reckoned"]]
        low, high = given.get("minimum"), given.get("maximum")
        if isinstance(low, int | Decimal | dt.date) and isinstance(high, type(low)) and low > high:  # type: ignore[operator]
            self.add_error("maximum", _("The most must not be less than the least."))
        return given


def _words(label: Any, help_text: Any = "", most: int = 500, **attrs: str) -> Any:
    widget = forms.TextInput(attrs=attrs)
    return lambda: forms.CharField(label=label, help_text=help_text, required=False, max_length=most, widget=widget)


def _tick(label: Any) -> Any:
    return lambda: forms.BooleanField(label=label, required=False)


FIELDS = {
    "type": lambda: forms.ChoiceField(label=_("Kind of answer"), choices=TYPES, widget=forms.Select(HALF)),
    "heading": _words(gettext_lazy("Heading"), most=120),
    "consent": lambda: forms.ChoiceField(
        label=_("Which consent"),
        choices=CONSENTS,
        help_text=_("Clients read the wording of the settings, “Consents”; these words only where there is none."),
        widget=forms.Select(HALF),
    ),
    "required": _tick(gettext_lazy("Must be answered")),
    "help": _words(gettext_lazy("Help"), gettext_lazy("A sentence under the question.")),
    "low": _words(gettext_lazy("Words at 0"), most=60, width="half"),
    "high": _words(gettext_lazy("Words at 10"), most=60, width="half"),
    "unit": _words(gettext_lazy("Unit"), gettext_lazy("For example: hours a day."), most=40, width="half"),
    "max_length": lambda: forms.IntegerField(
        label=_("Most characters"), required=False, min_value=1, max_value=20_000, widget=forms.NumberInput(HALF)
    ),
    "regex": _words(
        gettext_lazy("Pattern"),
        gettext_lazy("A regular expression that the whole answer must fit, such as [A-Z]{2}[0-9]{4}."),
        spellcheck="false",
        width="half",
    ),
    "entry_format": _words(
        gettext_lazy("Written like this"),
        gettext_lazy(
            "Stands in the empty box, and is said when an answer does not fit: “Please write it like this: …”"
        ),
        most=80,
        width="half",
    ),
    "client_field": lambda: forms.ChoiceField(
        label=_("Detail of the record"),
        required=False,
        choices=[("", _("None")), *ASKED.items()],
        help_text=_("What differs from the record is proposed to staff; it changes nothing by itself."),
        widget=forms.Select(HALF),
    ),
    "summary": _words(
        gettext_lazy("Short name"),
        gettext_lazy("The answer stands under it on the therapist's page before a session; without it, it does not."),
        most=40,
        width="half",
    ),
    "reckoned": lambda: forms.ChoiceField(
        label=_("How it is reckoned"),
        choices=[
            ("sum", _("Sum of what the chosen answers count")),
            ("mean", _("Mean of what the chosen answers count")),
            ("written", _("As written below")),
        ],
        widget=forms.Select(HALF),
    ),
    "expression": lambda: forms.CharField(
        label=_("Written"),
        required=False,
        max_length=1000,
        help_text=_("In FHIRPath, which other tools reckon with too."),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
    ),
}
