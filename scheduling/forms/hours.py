"""Shapes of what is typed about when therapists work."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from clinic.people.models import Location, User
from scheduling.models import WorkingHours


class HoursForm(forms.Form):
    """A span that repeats weekly, for one weekday or several at once."""

    weekdays = forms.TypedMultipleChoiceField(
        label=_lazy("On"), choices=WorkingHours.Weekday.choices, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    starts_at = forms.TimeField(label=_lazy("From"), widget=forms.TimeInput(attrs={"width": "third"}))
    ends_at = forms.TimeField(label=_lazy("Until"), widget=forms.TimeInput(attrs={"width": "third"}))
    location = forms.ModelChoiceField(
        label=_lazy("At"),
        queryset=Location.objects.none(),
        empty_label=None,
        widget=forms.Select(attrs={"width": "third"}),
    )
    valid_from = forms.DateField(label=_lazy("Valid from"), widget=forms.DateInput(attrs={"width": "third"}))
    valid_until = forms.DateField(
        label=_lazy("Valid until"), required=False, widget=forms.DateInput(attrs={"width": "third"})
    )
    every_n_weeks = forms.TypedChoiceField(
        label=_lazy("Every"),
        coerce=int,
        choices=[(1, _lazy("week")), (2, _lazy("second week")), (3, _lazy("third week")), (4, _lazy("fourth week"))],
        widget=forms.Select(attrs={"width": "third"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["location"].queryset = Location.objects.visible_to(user).active()  # type: ignore[attr-defined]


class TimeOffForm(forms.Form):
    """Wall time at the therapist's own place."""

    therapist = forms.ModelChoiceField(
        label=_lazy("Therapist"),
        queryset=User.objects.none(),
        empty_label=None,
        widget=forms.Select(attrs={"width": "half"}),
    )
    location = forms.ModelChoiceField(
        label=_lazy("By the clock of"),
        queryset=Location.objects.none(),
        empty_label=None,
        widget=forms.Select(attrs={"width": "half"}),
    )
    starts_on = forms.DateField(label=_lazy("From"), widget=forms.DateInput(attrs={"width": "half"}))
    starts_at = forms.TimeField(
        label=_lazy("at"),
        required=False,
        help_text=_lazy("Empty: the whole day."),
        widget=forms.TimeInput(attrs={"width": "half"}),
    )
    ends_on = forms.DateField(label=_lazy("Until"), widget=forms.DateInput(attrs={"width": "half"}))
    ends_at = forms.TimeField(
        label=_lazy("at"),
        required=False,
        help_text=_lazy("Empty: the whole day."),
        widget=forms.TimeInput(attrs={"width": "half"}),
    )
    reason = forms.CharField(
        label=_lazy("Reason"), max_length=80, required=False, help_text=_lazy("Everybody at work can read it.")
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["therapist"].queryset = User.objects.therapists().visible_to(user).order_by("name")  # type: ignore[attr-defined]
        self.fields["location"].queryset = Location.objects.visible_to(user).active()  # type: ignore[attr-defined]

    def walls(self) -> tuple[dt.datetime, dt.datetime]:
        """Begin and end on the wall, naive."""
        data = self.cleaned_data
        begin = dt.datetime.combine(data["starts_on"], data["starts_at"] or dt.time.min)
        if data["ends_at"]:
            return begin, dt.datetime.combine(data["ends_on"], data["ends_at"])
        return begin, dt.datetime.combine(data["ends_on"] + dt.timedelta(days=1), dt.time.min)
