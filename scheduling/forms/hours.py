"""Shapes of what is typed about when therapists work."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _lazy

from clinic.people.models import Location, User
from scheduling.forms.fields import DayField, SpanForm, WallField, open_places, therapists_of
from scheduling.models import DateHours, Weekly, WeeklyBreak, WorkingHours

EVERY = [(1, _lazy("week")), (2, _lazy("second week")), (3, _lazy("third week")), (4, _lazy("fourth week"))]


class _WeeklyForm(forms.Form):
    """A span that repeats weekly, for one weekday or several at once."""

    weekdays = forms.TypedMultipleChoiceField(
        label=_lazy("On"), choices=Weekly.Weekday.choices, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    starts_at = WallField(label=_lazy("From"), width="third")
    ends_at = WallField(label=_lazy("Until"), width="third")
    location = forms.ModelChoiceField(
        label=_lazy("At"),
        queryset=Location.objects.none(),
        empty_label=None,
        widget=forms.Select(attrs={"width": "third"}),
    )
    valid_from = DayField(label=_lazy("Valid from"), width="third")
    valid_until = DayField(label=_lazy("Valid until"), required=False, width="third")
    every_n_weeks = forms.TypedChoiceField(
        label=_lazy("Every"), coerce=int, choices=EVERY, widget=forms.Select(attrs={"width": "third"})
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["location"].queryset = open_places(user)  # type: ignore[attr-defined]


class HoursForm(_WeeklyForm):
    """Working hours."""


class BreakForm(_WeeklyForm):
    label = forms.CharField(label=_lazy("What it is"), max_length=80, required=False, initial=_lazy("Lunch"))


class _ChangeForm(_WeeklyForm):
    """One weekday of what there is, from a date on."""

    weekdays = None  # type: ignore[assignment]
    weekday = forms.TypedChoiceField(
        label=_lazy("On"), coerce=int, choices=Weekly.Weekday.choices, widget=forms.Select(attrs={"width": "third"})
    )
    valid_from = DayField(
        label=_lazy("Changed from"), width="third", help_text=_lazy("What was before stays on record.")
    )

    field_order = ["weekday", "starts_at", "ends_at", "location", "every_n_weeks", "valid_from", "valid_until"]

    @staticmethod
    def initial_of(row: WorkingHours | WeeklyBreak, today: dt.date) -> dict[str, Any]:
        names = ("weekday", "starts_at", "ends_at", "location", "every_n_weeks", "valid_until", "label")
        values = {name: getattr(row, name, "") for name in names}
        return {**values, "valid_from": max(today, row.valid_from)}

    def changes(self) -> dict[str, Any]:
        """As the service takes them."""
        data = dict(self.cleaned_data)
        return {**data, "since": data.pop("valid_from")}


class HoursChangeForm(_ChangeForm):
    """Working hours there are."""


class BreakChangeForm(_ChangeForm):
    label = forms.CharField(label=_lazy("What it is"), max_length=80, required=False)


class DateHoursForm(forms.Form):
    """What holds on one date instead of the week."""

    KINDS = [("works", _lazy("Works other hours")), ("free", _lazy("Does not work"))]

    on = DayField(label=_lazy("On"), width="third")
    location = forms.ModelChoiceField(
        label=_lazy("At"),
        queryset=Location.objects.none(),
        empty_label=None,
        widget=forms.Select(attrs={"width": "third"}),
    )
    kind = forms.ChoiceField(
        label=_lazy("That day"), choices=KINDS, initial="works", widget=forms.RadioSelect(attrs={"look": "segmented"})
    )
    starts_at = WallField(label=_lazy("From"), width="third", required=False)
    ends_at = WallField(label=_lazy("Until"), width="third", required=False)
    reason = forms.CharField(label=_lazy("Reason"), max_length=80, required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["location"].queryset = open_places(user)  # type: ignore[attr-defined]

    @staticmethod
    def initial_of(row: DateHours) -> dict[str, Any]:
        names = ("on", "location", "starts_at", "ends_at", "reason")
        return {name: getattr(row, name) for name in names} | {"kind": "works" if row.starts_at else "free"}

    def clean(self) -> dict[str, Any]:
        """Without work there are no times, whatever stands in their fields."""
        data = dict(super().clean() or {})
        if data.pop("kind", "") == "free":
            return {**data, "starts_at": None, "ends_at": None}
        for name in ("starts_at", "ends_at"):
            if name in data and data[name] is None:
                self.add_error(name, ValidationError(_lazy("Give a time, or choose “Does not work”.")))
        return data


class TimeOffForm(SpanForm):
    """One or more therapists; wall time at a place."""

    therapists = forms.ModelMultipleChoiceField(
        label=_lazy("Who"), queryset=User.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    location = forms.ModelChoiceField(
        label=_lazy("By the clock of"), queryset=Location.objects.none(), empty_label=None
    )

    field_order = ["therapists", "location"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["therapists"].queryset = therapists_of(user)  # type: ignore[attr-defined]
        self.fields["location"].queryset = open_places(user)  # type: ignore[attr-defined]
