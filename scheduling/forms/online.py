"""Shape of what somebody types who books online. No free text: a note would soon hold what is for the form to ask."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from phonenumber_field.formfields import PhoneNumberField

from clinic.core import clock
from scheduling.services.online import Person

OLDEST = dt.timedelta(days=130 * 366)


class PersonForm(forms.Form):
    given_name = forms.CharField(
        label=_lazy("Given name"),
        max_length=80,
        error_messages={"required": _lazy("Please tell us your name.")},
        widget=forms.TextInput(attrs={"autocomplete": "given-name", "width": "half"}),
    )
    family_name = forms.CharField(
        label=_lazy("Family name"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "family-name", "width": "half"}),
    )
    email = forms.EmailField(
        label=_lazy("E-mail"),
        help_text=_lazy("For the confirmation, and the link to move or cancel."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
        error_messages={"required": _lazy("We need your e-mail address to confirm the visit.")},
    )
    phone = PhoneNumberField(
        label=_lazy("Phone"),
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        error_messages={"invalid": _lazy("That is not a phone number. Write it with its area code, or leave it out.")},
    )
    born_on = forms.DateField(
        label=_lazy("Date of birth"),
        required=False,
        help_text=_lazy("Keeps people of the same name apart."),
        widget=forms.DateInput(attrs={"type": "date", "autocomplete": "bday"}),
        error_messages={"invalid": _lazy("That is not a date. Write it as day, month and year, or leave it out.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False

    def clean_born_on(self) -> dt.date | None:
        born_on: dt.date | None = self.cleaned_data["born_on"]
        today = clock.now().date()
        if born_on and not today - OLDEST < born_on <= today:
            raise forms.ValidationError(_("Nobody was born then. Check the year, or leave it out."))
        return born_on

    @property
    def person(self) -> Person:
        return Person(**self.cleaned_data)
