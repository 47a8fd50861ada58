"""What the forms of the schedule share: days of this century, spans of wall time."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _lazy

from clinic.people.models import Location, User
from scheduling.rules.days import FIRST, LAST
from scheduling.rules.walltime import instant_of

_YEAR = _lazy("Look at the year: it must lie between 2000 and 2100.")
MIDNIGHT = dt.time.min


class DayField(forms.DateField):
    """A date; a year before 2000 or after 2100 can only be a slip of the keyboard."""

    default_validators = [MinValueValidator(FIRST, message=_YEAR), MaxValueValidator(LAST, message=_YEAR)]

    def __init__(self, *, width: str = "half", **kwargs: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"width": width}), **kwargs)


class WallField(forms.TimeField):
    """A time on the wall."""

    def __init__(self, *, width: str = "half", **kwargs: Any) -> None:
        super().__init__(widget=forms.TimeInput(attrs={"width": width}, format="%H:%M"), **kwargs)


class SpanForm(forms.Form):
    """From a date to a date, with times or whole days."""

    starts_on = DayField(label=_lazy("From"), help_text=_lazy("The first day."))
    starts_at = WallField(label=_lazy("at"), required=False, help_text=_lazy("Or the whole day."))
    ends_on = DayField(label=_lazy("Until"), help_text=_lazy("The last one."))
    ends_at = WallField(label=_lazy("at"), required=False, help_text=_lazy("Or the whole day."))
    reason = forms.CharField(
        label=_lazy("Reason"), max_length=80, required=False, help_text=_lazy("Everybody at work can read it.")
    )

    def instants(self, zone: ZoneInfo) -> dict[str, Any]:
        """Begin, end and reason as services take them. Raises Refused for times that the clocks skip."""
        data = self.cleaned_data
        begin = dt.datetime.combine(data["starts_on"], data["starts_at"] or MIDNIGHT)
        end = dt.datetime.combine(data["ends_on"], data["ends_at"] or MIDNIGHT)
        if not data["ends_at"]:
            end += dt.timedelta(days=1)
        return {
            "starts_at": instant_of(begin, zone, fold=0),
            "ends_at": instant_of(end, zone, fold=1),
            "reason": data["reason"],
        }

    @staticmethod
    def initial_of(during: Any, zone: ZoneInfo, reason: str) -> dict[str, Any]:
        """A span as it was typed: whole days without times."""
        begin, end = during.lower.astimezone(zone), during.upper.astimezone(zone)
        is_whole = begin.time() == end.time() == MIDNIGHT
        return {
            "starts_on": begin.date(),
            "starts_at": None if is_whole else begin.time(),
            "ends_on": end.date() - dt.timedelta(days=1) if is_whole else end.date(),
            "ends_at": None if is_whole else end.time(),
            "reason": reason,
        }


def open_places(user: User) -> Any:
    """The locations that somebody may choose."""
    return Location.objects.visible_to(user).active().order_by("name")


def therapists_of(user: User) -> Any:
    return User.objects.therapists().visible_to(user).order_by("name")
