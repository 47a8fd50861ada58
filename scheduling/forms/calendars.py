"""Shapes of what is typed about calendars that leave the house, and those that come in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from clinic.core.fetching import LONGEST_ADDRESS
from clinic.people.models import Room, User


class FeedForm(forms.Form):
    label = forms.CharField(
        label=_lazy("Where you will read it"),
        max_length=80,
        help_text=_lazy("Such as “my phone”: you may end one address and keep the others."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "width": "two-thirds"}),
    )


class RoomFeedForm(FeedForm):
    field_order = ["room", "label"]
    room = forms.ModelChoiceField(
        label=_lazy("Room"),
        queryset=Room.objects.none(),
        empty_label=None,
        widget=forms.Select(attrs={"width": "third"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["label"].label = _lazy("Where it is read")
        self.fields["label"].help_text = _lazy("Such as “the plate at the door”.")
        rooms = Room.objects.visible_to(user).active().select_related("location").order_by("location__name", "name")
        self.fields["room"].queryset = rooms  # type: ignore[attr-defined]
        self.fields["room"].label_from_instance = lambda room: f"{room.location.name}: {room.name}"  # type: ignore[attr-defined]


class OutsideCalendarForm(forms.Form):
    address = forms.CharField(
        label=_lazy("Its secret address"),
        max_length=LONGEST_ADDRESS,
        help_text=_lazy(
            "From the settings of that calendar; it begins with https:// or webcal:// and ends mostly in .ics."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "url", "spellcheck": "false"}),
    )
    label = forms.CharField(
        label=_lazy("Name"),
        max_length=80,
        required=False,
        help_text=_lazy("For yourself. The owner of the practice sees it too."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "width": "two-thirds"}),
    )
