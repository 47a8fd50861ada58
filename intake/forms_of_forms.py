"""Shapes of what is typed about a form."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from intake.fhir.report import MOST_BYTES


class UploadForm(forms.Form):
    """A FHIR document as a file."""

    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        help_text=_("A FHIR R4 Questionnaire as JSON, or a Bundle of one with its ValueSets. Up to 2 MB."),
        widget=forms.FileInput(attrs={"accept": ".json,application/json,application/fhir+json"}),
    )
    text: bytes = b""

    def clean_file(self) -> Any:
        """The bytes; one more than allowed is enough to see that there are too many."""
        file = self.cleaned_data["file"]
        self.text = file.read(MOST_BYTES + 1)
        return file


class LicenceForm(forms.Form):
    """Who allowed the practice to use an instrument's questions."""

    holder = forms.CharField(
        label=_("Whose permission"),
        max_length=200,
        help_text=_("The owner of the instrument, as the letter or the licence names it."),
    )
    reference = forms.CharField(
        label=_("Reference"),
        max_length=200,
        help_text=_("Licence number, or the date and subject of a letter."),
        widget=forms.TextInput(attrs={"width": "half"}),
    )
    on = forms.DateField(label=_("Given on"), widget=forms.DateInput(attrs={"width": "half"}))
    scope = forms.CharField(
        label=_("What it allows"),
        max_length=2000,
        help_text=_("For example: electronic use at two sites, in German, until the end of 2027."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
