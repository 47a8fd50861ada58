"""Shapes of what is typed about tablets."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.people.models import Location
from intake.fields import line


class TabletForm(forms.Form):
    """The device in hand as a tablet for clients."""

    name = line(_("Name"), most=60, hint=_("What is written on its back, such as “Tablet 1”."), autocomplete="off")
    location = forms.ModelChoiceField(label=_("Where"), queryset=Location.objects.none())

    def __init__(self, *args: Any, locations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        field: Any = self.fields["location"]
        field.queryset = locations
        if len(locations) == 1:
            field.initial = locations[0]
