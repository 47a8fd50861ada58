"""allauth's forms in our words: a label above each field, no placeholder in it."""

from typing import Any

from allauth.account import forms as account
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from clinic.people import mode


class InOurWords:
    """Takes placeholders and built-in links out, and gives fields our labels."""

    labels: dict[str, Any] = {}
    starts_at = ""  # the field that is ready to be typed into
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
        if self.starts_at:
            self.fields[self.starts_at].widget.attrs["autofocus"] = True


class LoginForm(InOurWords, account.LoginForm):  # type: ignore[misc]
    request: HttpRequest | None
    labels = {"login": _("E-mail"), "password": _("Password")}
    starts_at = "login"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""
        if self.request and mode.is_demo(self.request):
            del self.fields["login"].widget.attrs["autofocus"]  # the one-tap ways in come first


class ResetPasswordForm(InOurWords, account.ResetPasswordForm):  # type: ignore[misc]
    labels = {"email": _("E-mail")}
    starts_at = "email"


class ResetPasswordKeyForm(InOurWords, account.ResetPasswordKeyForm):  # type: ignore[misc]
    labels = {"password1": _("New password"), "password2": _("The same again")}
    starts_at = "password1"


class ChangePasswordForm(InOurWords, account.ChangePasswordForm):  # type: ignore[misc]
    labels = {"oldpassword": _("Present password"), "password1": _("New password"), "password2": _("The same again")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].help_text = ""


class ReauthenticateForm(InOurWords, account.ReauthenticateForm):  # type: ignore[misc]
    labels = {"password": _("Password")}
    starts_at = "password"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""


def pin_field(label: Any) -> forms.CharField:
    """A box for digits, hidden as they are typed; a tablet shows its number keys."""
    attrs = {"inputmode": "numeric", "autocomplete": "off", "pattern": "[0-9]{4,8}", "maxlength": 8}
    return forms.CharField(label=label, min_length=4, max_length=8, widget=forms.PasswordInput(attrs=attrs))


class PinForm(forms.Form):
    """One's own PIN, new."""

    password = forms.CharField(
        label=_("Your password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new_pin = pin_field(_("New PIN, 4 to 8 digits"))
    again = pin_field(_("The same again"))

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("again") and given.get("new_pin") != given["again"]:
            self.add_error("again", _("This is not the same PIN."))
        return given
