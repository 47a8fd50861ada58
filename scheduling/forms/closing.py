"""Shapes of what is typed about closed rooms, closed days and daily limits."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from clinic.people.models import Location, Room, User
from scheduling.forms.fields import DayField, SpanForm, open_places, therapists_of
from scheduling.models import Service
from scheduling.public_holidays import countries, subdivisions
from scheduling.services.limiting import MOST


class RoomField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.location.name}: {obj.name}"


class RoomClosureForm(SpanForm):
    """A room, by the clock of its location."""

    room = RoomField(label=_lazy("Room"), queryset=Room.objects.none(), empty_label=None)

    field_order = ["room"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rooms = Room.objects.visible_to(user).active().select_related("location")
        self.fields["room"].queryset = rooms.order_by("location__name", "name")  # type: ignore[attr-defined]


def _country_choices() -> list[tuple[str, Any]]:
    return [("", _lazy("No public holidays")), *countries().items()]


class CountryForm(forms.Form):
    """The first step: it decides which states there are to choose from."""

    country = forms.ChoiceField(label=_lazy("Country"), required=False, choices=_country_choices)


class HolidayCalendarForm(forms.Form):
    """The country of the first step, and the state if its holidays differ."""

    country = forms.ChoiceField(required=False, choices=_country_choices, widget=forms.HiddenInput)
    subdivision = forms.ChoiceField(label=_lazy("State or region"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        country = self.data.get("country") if self.is_bound else self.initial.get("country")
        states = subdivisions(country or "")
        none = _lazy("The whole country") if states else _lazy("The same in the whole country")
        self.fields["subdivision"].choices = [("", none), *states.items()]  # type: ignore[attr-defined]
        self.fields["country"].error_messages["invalid_choice"] = _lazy(
            "The holidays of “%(value)s” are not known. Choose a country from the list."
        )
        self.fields["subdivision"].error_messages["invalid_choice"] = _lazy(
            "“%(value)s” is not a state or region of the country. Choose one from the list."
        )

    def clean(self) -> dict[str, Any]:
        """Without a country there is no state."""
        data = dict(super().clean() or {})
        return data if data.get("country") else {**data, "subdivision": ""}


class OwnDayForm(forms.Form):
    """A day on which the practice is closed."""

    on = DayField(label=_lazy("On"), width="")
    name = forms.CharField(label=_lazy("Name"), max_length=120)
    locations = forms.ModelMultipleChoiceField(
        label=_lazy("At"), queryset=Location.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["locations"].queryset = open_places(user)  # type: ignore[attr-defined]


class HolidayForm(forms.Form):
    name = forms.CharField(label=_lazy("Name"), max_length=120)
    is_closed = forms.BooleanField(
        label=_lazy("Closed that day"), required=False, widget=forms.CheckboxInput(attrs={"look": "switch"})
    )


class DailyLimitForm(forms.Form):
    therapist = forms.ModelChoiceField(label=_lazy("Therapist"), queryset=User.objects.none(), empty_label=None)
    service = forms.ModelChoiceField(
        label=_lazy("Visits of"),
        queryset=Service.objects.none(),
        required=False,
        empty_label=_lazy("All services together"),
    )
    visits = forms.IntegerField(
        label=_lazy("At most"),
        min_value=1,
        max_value=MOST,
        widget=forms.NumberInput(attrs={"suffix": _lazy("visits a day")}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["therapist"].queryset = therapists_of(user)  # type: ignore[attr-defined]
        self.fields["service"].queryset = Service.objects.visible_to(user).active().order_by("name")  # type: ignore[attr-defined]
