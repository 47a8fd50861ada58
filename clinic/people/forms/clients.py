"""Forms about a client. They convert shape only; the services decide."""

import datetime as dt
from typing import Any

from django import forms
from django.conf.global_settings import LANGUAGES
from django.utils.translation import gettext_lazy as _

from clinic.core import clock
from clinic.people.models import Alert, Client, Document, Location
from clinic.people.uploads import MAX_BYTES

EARLIEST_BIRTH = dt.date(1890, 1, 1)
# What a client may decline, and the messages' own purposes that it covers.
CONTACT_PURPOSES = (
    ("booking", _("Bookings and changes"), ("booking", "moved", "cancelled")),
    ("reminder", _("Reminders"), ("reminder",)),
    ("forms", _("Forms before a visit"), ("intake", "before_visit", "form_reminder")),
    ("waitlist", _("Times that come free, when waiting for one"), ("waitlist_offer",)),
    ("follow_up", _("How it went, the day after"), ("follow_up",)),
    ("exercises", _("What to do at home"), ("exercises",)),
)
CHANNELS = (("email", _("E-mail")),)
# Django names them with `gettext_noop`, and has their translations.
SPOKEN = [(code, _(name)) for code, name in LANGUAGES]


class ClientForm(forms.ModelForm):  # type: ignore[type-arg]
    groups = [
        (_("Name"), "", ["given_name", "family_name", "preferred_name", "pronouns", "born_on"]),
        (_("Contact"), _("One of the two is enough."), ["phone", "email", "address", "language", "location"]),
        (_("In an emergency"), "", ["emergency_contact_name", "emergency_contact_phone"]),
        (_("Where from"), "", ["referrer"]),
    ]

    language = forms.ChoiceField(
        label=_("Language"),
        choices=SPOKEN,
        initial="en",
        required=False,
        help_text=_("Consents and mails come in it where the practice has written them."),
        widget=forms.Select(attrs={"width": "half"}),
    )

    class Meta:
        model = Client
        fields = (
            "given_name",
            "family_name",
            "preferred_name",
            "pronouns",
            "born_on",
            "phone",
            "email",
            "address",
            "emergency_contact_name",
            "emergency_contact_phone",
            "referrer",
            "language",
        )
        widgets = {
            "given_name": forms.TextInput(attrs={"width": "half", "autocomplete": "off"}),
            "family_name": forms.TextInput(attrs={"width": "half", "autocomplete": "off"}),
            "preferred_name": forms.TextInput(attrs={"width": "half", "autocomplete": "off"}),
            "pronouns": forms.TextInput(attrs={"width": "half", "autocomplete": "off"}),
            "born_on": forms.DateInput(attrs={"width": "half"}),
            "email": forms.EmailInput(attrs={"width": "half", "autocomplete": "off"}),
            "address": forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
            "emergency_contact_name": forms.TextInput(attrs={"width": "half", "autocomplete": "off"}),
            "referrer": forms.TextInput(attrs={"width": "half", "autocomplete": "off"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("phone", "emergency_contact_phone"):
            self.fields[name].widget.attrs.update({"width": "half", "autocomplete": "off"})
            self.fields[name].widget.input_type = "tel"

    def clean_born_on(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["born_on"]
        if day and not EARLIEST_BIRTH <= day <= clock.now().date():
            raise forms.ValidationError(_("Check the year: nobody treated here was born then."))
        return day

    def clean_language(self) -> str:
        """What was not sent stays as it was."""
        language: str = self.cleaned_data["language"] or self.instance.language
        return language

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not (data.get("given_name") or data.get("family_name")) and "given_name" not in self.errors:
            self.add_error("given_name", _("Give at least one name."))
        if not (data.get("phone") or data.get("email")) and not {"phone", "email"} & self.errors.keys():
            self.add_error("phone", _("Give a phone number or an e-mail address."))
        return data


class NewClientForm(ClientForm):
    """The same, with the place the client comes to."""

    location = forms.ModelChoiceField(label=_("Comes to"), queryset=Location.objects.none(), empty_label=None)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["location"]
        field.queryset = Location.objects.visible_to(user).active()
        field.initial = field.queryset.first()
        field.widget.attrs["width"] = "half"


class AlertForm(forms.ModelForm):  # type: ignore[type-arg]
    kind = forms.ChoiceField(label=_("Kind"), choices=Alert.Kind, widget=forms.RadioSelect())

    class Meta:
        model = Alert
        fields = ("kind", "label", "effect", "advice")
        widgets = {
            "label": forms.TextInput(attrs={"autocomplete": "off"}),
            "effect": forms.RadioSelect(attrs={"look": "list"}),
            "advice": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {"label": _("In a few words, as “Takes a blood thinner”.")}


class DocumentForm(forms.Form):
    file = forms.FileField(
        label=_("File"), help_text=_("PDF, PNG, JPEG or WebP, up to 10 MB."), max_length=200, allow_empty_file=False
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=Document.Kind, initial=Document.Kind.REFERRAL)
    title = forms.CharField(
        label=_("Title"), max_length=120, required=False, help_text=_("Empty: the name of the file.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["accept"] = ".pdf,.png,.jpg,.jpeg,.webp"
        self.fields["kind"].widget.attrs["width"] = "half"

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 10 MB. Send a smaller one."))
        return file


class RemovalForm(forms.Form):
    cause = forms.ChoiceField(
        label=_("Why"), choices=Document.Removal, widget=forms.RadioSelect(attrs={"look": "list"})
    )
    note = forms.CharField(
        label=_("More about it"), max_length=200, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class PreferencesForm(forms.Form):
    """One switch for each purpose and channel."""

    def __init__(self, *args: Any, client: Client, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        declined = {(each.channel, each.purpose) for each in client.contact_preferences.all() if not each.is_allowed}
        for channel, channel_name in CHANNELS:
            for key, label, purposes in CONTACT_PURPOSES:
                self.fields[f"{channel}-{key}"] = forms.BooleanField(
                    label=label if len(CHANNELS) == 1 else f"{label} · {channel_name}",
                    required=False,
                    initial=not any((channel, purpose) in declined for purpose in purposes),
                    widget=forms.CheckboxInput(attrs={"look": "switch"}),
                )

    def allowed(self) -> dict[tuple[str, str], bool]:
        """The answer for each channel and purpose of the messages."""
        return {
            (channel, purpose): self.cleaned_data[f"{channel}-{key}"]
            for channel, _name in CHANNELS
            for key, _label, purposes in CONTACT_PURPOSES
            for purpose in purposes
        }
