"""Shapes of what is typed."""

from typing import Any

from django import forms
from django.conf.global_settings import LANGUAGES
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clinic.people.models import Location, User
from intake.services import CheckResult
from intake.services.alarm import LONGEST_MINUTES, SHORTEST_MINUTES, watchers
from intake.services.consent_texts import LEAST_MONTHS, LONGEST, MOST_MONTHS


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


class FlagWatchForm(forms.Form):
    """Who answers for red flags at a location."""

    responsible = forms.ModelChoiceField(
        label=_("Responsible person"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Nobody by name"),
        help_text=_(
            "Gets a mail at once when an answer is an emergency, and so does the therapist of the visit. "
            "Without either, the owners get it."
        ),
        widget=forms.Select(attrs={"width": "half"}),
    )
    escalate_after_minutes = forms.IntegerField(
        label=_("Tell others after"),
        min_value=SHORTEST_MINUTES,
        max_value=LONGEST_MINUTES,
        help_text=_(
            "While nobody says what was done: after this time all therapists here, "
            "after the same time again the owners."
        ),
        widget=forms.NumberInput(attrs={"width": "third", "suffix": _("minutes")}),
    )

    def __init__(self, *args: Any, location: Location, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["responsible"]
        field.queryset = watchers(location).order_by("name")


class ConsentTextForm(forms.Form):
    """The next version of a wording."""

    language = forms.ChoiceField(
        label=_("Language"),
        choices=LANGUAGES,
        help_text=_("Clients read the wording in their own language where there is one, else in the practice's."),
        widget=forms.Select(attrs={"width": "half"}),
    )
    title = forms.CharField(label=_("Heading"), max_length=80, widget=forms.TextInput(attrs={"width": "half"}))
    text = forms.CharField(
        label=_("Text"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_("An empty line begins a new paragraph."),
    )
    renew_after_months = forms.IntegerField(
        label=_("Holds for"),
        required=False,
        min_value=LEAST_MONTHS,
        max_value=MOST_MONTHS,
        help_text=_("Counted from the day somebody agreed; then it is asked for again. Empty: it does not run out."),
        widget=forms.NumberInput(attrs={"width": "half", "suffix": _("months")}),
    )
    needs_renewal = forms.BooleanField(
        label=_("Ask everybody who agreed before again"),
        required=False,
        initial=True,
        help_text=_("With the next form they fill in. Leave it out for a corrected spelling."),
    )
