"""Shapes of what is typed about an appointment; the rules are in the services."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from phonenumber_field.formfields import PhoneNumberField

from scheduling.models import Appointment


class CancelForm(forms.Form):
    cancelled_by = forms.ChoiceField(
        label=_lazy("Who cannot make it?"),
        choices=Appointment.CancelledBy.choices,
        initial=Appointment.CancelledBy.CLIENT,
        required=False,
        widget=forms.RadioSelect,
        help_text=_lazy("What the clinic cancels never counts as late."),
    )
    reason = forms.CharField(
        label=_lazy("Reason"),
        max_length=200,
        required=False,
        help_text=_lazy("For the desk; the client does not see it."),
    )


class NewClientForm(forms.Form):
    """The least it takes to book somebody: a name and one way to reach them."""

    given_name = forms.CharField(
        label=_lazy("Given name"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"width": "half", "autocomplete": "off"}),
    )
    family_name = forms.CharField(
        label=_lazy("Family name"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"width": "half", "autocomplete": "off"}),
    )
    phone = PhoneNumberField(
        label=_lazy("Phone"),
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "width": "half", "autocomplete": "off"}),
    )
    email = forms.EmailField(
        label=_lazy("E-mail"), required=False, widget=forms.EmailInput(attrs={"width": "half", "autocomplete": "off"})
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not self.errors and not (data["given_name"] or data["family_name"]):
            self.add_error("given_name", _("One name is enough, but it takes one."))
        if not self.errors and not (data["phone"] or data["email"]):
            self.add_error("phone", _("A phone number or an e-mail address, to reach them."))
        return data
