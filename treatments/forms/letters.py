"""Forms of letters and of what they begin with."""

from typing import Any

from django import forms

from treatments.models import LetterTemplate, Referral
from treatments.services.referrals import LONGEST_LETTER


class ReferralForm(forms.ModelForm[Referral]):
    """A letter before it is kept."""

    class Meta:
        model = Referral
        fields = ["to_name", "to_address", "urgency", "body"]
        widgets = {
            "to_address": forms.Textarea(attrs={"rows": 3}),
            "urgency": forms.RadioSelect,
            "body": forms.Textarea(attrs={"rows": 22}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].max_length = LONGEST_LETTER  # type: ignore[attr-defined]
        self.fields["urgency"].choices = Referral.Urgency.choices  # type: ignore[attr-defined]


class LetterTemplateForm(forms.ModelForm[LetterTemplate]):
    class Meta:
        model = LetterTemplate
        fields = ["name", "body"]
        widgets = {"body": forms.Textarea(attrs={"rows": 20})}

    def _get_validation_exclusions(self) -> set[str]:
        return {"name"}  # whether it is free is said by the service
