"""Shapes of what is typed about a series; the rules are in rules/series.py and the services."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.people.models import Location, Room, User
from scheduling.models.availability import Weekly
from scheduling.rules.series import DAYS, MOST_VISITS
from scheduling.services.series_changes import LONGEST, SHORTEST, Change
from scheduling.services.series_scope import SCOPES

UNITS = {
    "week": _("weeks"),
    "day": _("days"),
    "month": _("months, on the same date"),
    "month-day": _("months, on the same weekday"),
}
_FREQUENCIES = {"week": "WEEKLY", "day": "DAILY", "month": "MONTHLY", "month-day": "MONTHLY"}


class RepeatForm(forms.Form):
    """How often a visit comes back, and until when."""

    every = forms.IntegerField(label=_("Every"), min_value=1, max_value=366, initial=1)
    unit = forms.ChoiceField(label=_("What"), choices=list(UNITS.items()), initial="week")
    weekday = forms.TypedMultipleChoiceField(
        label=_("On"), choices=Weekly.Weekday.choices, coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    ends = forms.ChoiceField(label=_("Ends"), choices=[("after", _("after")), ("on", _("on"))], initial="after")
    times = forms.IntegerField(label=_("Visits"), min_value=1, max_value=MOST_VISITS, required=False, initial=6)
    until = forms.DateField(label=_("Last day"), required=False)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if self.errors:
            return data
        if data["ends"] == "after" and not data["times"]:
            self.add_error("times", _("How many visits?"))
        if data["ends"] == "on" and not data["until"]:
            self.add_error("until", _("Until which day?"))
        return data

    def rule(self, first_on: dt.date) -> str:
        """What was typed, as RRULE; a weekly series without a weekday has that of its first date."""
        data = self.cleaned_data
        parts = [f"FREQ={_FREQUENCIES[data['unit']]}", f"INTERVAL={data['every']}"]
        if data["unit"] == "week":
            parts.append("BYDAY=" + ",".join(DAYS[day] for day in data["weekday"] or [first_on.weekday()]))
        if data["unit"] == "month-day":
            nth = (first_on.day - 1) // 7 + 1
            parts.append(f"BYDAY={nth if nth < 5 else -1}{DAYS[first_on.weekday()]}")
        parts.append(f"COUNT={data['times']}" if data["ends"] == "after" else f"UNTIL={data['until']:%Y%m%d}")
        return ";".join(parts)


class ChangeForm(forms.Form):
    """What is to be different in the visits of a series; empty: as it is."""

    scope = forms.ChoiceField(choices=[(each, each) for each in SCOPES])
    weekday = forms.TypedChoiceField(
        label=_("Weekday"), choices=Weekly.Weekday.choices, coerce=int, required=False, empty_value=None
    )
    begins_at = forms.TimeField(label=_("Time"))
    therapist = forms.ModelChoiceField(label=_("With"), queryset=User.objects.none())
    room = forms.ModelChoiceField(
        label=_("Room"), queryset=Room.objects.none(), required=False, empty_label=_("Any that fits")
    )
    duration_minutes = forms.IntegerField(label=_("Minutes"), min_value=SHORTEST, max_value=LONGEST)
    moves_moved = forms.BooleanField(label=_("Also visits that were moved by themselves"), required=False)

    def __init__(self, *args: Any, therapists: Any, location: Location, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["therapist"].queryset = therapists  # type: ignore[attr-defined]
        self.fields["room"].queryset = Room.objects.active().filter(location=location)  # type: ignore[attr-defined]

    def change(self) -> Change:
        """What was typed, where it differs from what the page began with."""
        new: dict[str, Any] = {
            name: self.cleaned_data[name]
            for name in self.changed_data
            if name != "scope" and self.cleaned_data[name] is not None
        }
        return Change(any_room="room" in self.changed_data and self.cleaned_data["room"] is None, **new)
