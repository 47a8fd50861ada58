"""Shapes of what is typed."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from intake.services import CheckResult


class BirthDateForm(forms.Form):
    born_on = forms.DateField(
        label=_("Your date of birth"),
        widget=forms.DateInput(attrs={"type": "date", "autocomplete": "bday"}),
        error_messages={"required": _("Please enter your date of birth."), "invalid": _("Please enter a date.")},
    )

    def refuse(self, result: CheckResult) -> None:
        """Say that the date was wrong; not how many tries are left."""
        if result is CheckResult.WRONG:
            self.add_error("born_on", gettext("That is not the date we have. Please check it, or ring us."))

    @staticmethod
    def needed() -> str:
        return gettext("Please answer this.")


class AcknowledgeForm(forms.Form):
    action_taken = forms.CharField(
        label=_("What was done?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For example: rang the client at 14:10, sent to the emergency department."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
