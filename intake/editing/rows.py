"""Rows that are typed in the editor: answers, conditions, other languages; and the expression that decides instead."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from intake.editing import conditions, options, translations
from intake.editing.further import check_asked_if
from intake.fhir import Form, Item


class OptionForm(forms.Form):
    at = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    words = forms.CharField(label=gettext_lazy("Answer"), required=False, max_length=300)
    score = forms.DecimalField(label=gettext_lazy("Counts"), required=False, max_digits=9, decimal_places=3)
    is_alone = forms.BooleanField(label=gettext_lazy("Goes with no other"), required=False)
    is_initial = forms.BooleanField(label=gettext_lazy("Chosen at first"), required=False)


class WhenForm(forms.Form):
    question = forms.ChoiceField(label=gettext_lazy("Question"), required=False)
    operator = forms.ChoiceField(label=gettext_lazy("Comparison"), required=False, choices=conditions.OPERATORS)
    answer = forms.CharField(label=gettext_lazy("Answer"), required=False, max_length=300)

    def __init__(
        self,
        *args: Any,
        questions: Sequence[tuple[str, str]],
        answers: Mapping[str, Any],
        ask: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        asked: Any = self.fields["question"]
        asked.choices = [("", _("Choose a question")), *questions]
        if ask:
            fetch = {"hx-get": f"{ask}&row={self.prefix}", "hx-target": f"#{self.prefix}-box", "hx-trigger": "change"}
            asked.widget.attrs.update(fetch)
        chosen = self["question"].value() or ""
        if answers.get(chosen):
            held = self["answer"].value() or ""
            listed = [("", _("Choose an answer")), *answers[chosen]]
            if held and held not in {code for code, _label in listed}:
                listed.append((held, held))
            self.fields["answer"].widget = forms.Select(choices=listed)


class TranslationForm(forms.Form):
    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False)
    words = forms.CharField(
        label=gettext_lazy("In that language"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, languages: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = self["language"].initial
        known = {code for _title, rows in languages for code, _name in rows}
        asked: Any = self.fields["language"]
        asked.choices = [
            ("", _("Choose a language")),
            *([(held, held)] if held and held not in known else []),
            *languages,
        ]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("words") and not given.get("language") and "language" not in self.errors:
            self.add_error("language", _("Say which language this is."))
        return given


class AskedIfForm(forms.Form):
    """The expression that decides instead of rows."""

    asked_if = forms.CharField(
        label=gettext_lazy("Or by an expression"),
        required=False,
        max_length=1000,
        help_text=gettext_lazy("In FHIRPath, in the place of rows: it is asked when this gives true."),
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, form: Form, item: Item, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.form, self.item = form, item

    def clean_asked_if(self) -> str:
        text: str = self.cleaned_data["asked_if"].replace("\r\n", "\n").strip()
        if not text or text == self.item.enable_when_expression:
            return text
        try:
            return check_asked_if(self.form, self.item, text)
        except ValueError as error:
            raise ValidationError(str(error)) from error


OptionSet = forms.formset_factory(OptionForm, extra=2, max_num=options.MOST + 2, absolute_max=options.MOST + 40)
TranslationSet = forms.formset_factory(
    TranslationForm, extra=1, max_num=translations.MOST, absolute_max=translations.MOST + 4
)
WhenSet = forms.formset_factory(WhenForm, extra=1, max_num=conditions.MOST, absolute_max=conditions.MOST + 4)
