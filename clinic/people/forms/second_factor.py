"""allauth's second-factor forms in our words; what a browser sends as a passkey may be anything at all."""

from typing import Any

from allauth.mfa.base import forms as base
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.people.forms.sign_in import InOurWords

UNREADABLE = _("This passkey could not be read. Try again.")
# What the libraries under allauth raise for a malformed answer.
MALFORMED = (ValueError, TypeError, KeyError, AttributeError, IndexError)


class CredentialField(forms.JSONField):
    """What a browser says of a passkey. JSON may also be nested too deep, or hold a number of too many digits."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except (ValueError, RecursionError) as error:
            raise forms.ValidationError(UNREADABLE) from error

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Nothing to show again of what could not be read."""
        try:
            return super().bound_data(data, initial)
        except (ValueError, RecursionError):
            return None


class AuthenticateForm(InOurWords, base.AuthenticateForm):  # type: ignore[misc]
    labels = {"code": _("Code")}
    starts_at = "code"


class ReauthenticateForm(InOurWords, base.ReauthenticateForm):  # type: ignore[misc]
    labels = {"code": _("Code")}
    starts_at = "code"


class ActivateTOTPForm(InOurWords, totp.ActivateTOTPForm):  # type: ignore[misc]
    labels = {"code": _("Code from the app")}


class RenamePasskeyForm(InOurWords, webauthn.EditWebAuthnForm):  # type: ignore[misc]
    name = forms.CharField(label=_("Name"), max_length=60)


class AddPasskeyForm(InOurWords, webauthn.AddWebAuthnForm):  # type: ignore[misc]
    credential = CredentialField()
    labels = {"name": _("Name"), "passwordless": _("Sign in with it alone, without a password")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].help_text = _("So that you know later which device it is.")
        self.fields["passwordless"].help_text = _("The device then asks for your finger, face or PIN.")
        self.fields["passwordless"].initial = True

    def clean(self) -> dict[str, Any]:
        try:
            cleaned: dict[str, Any] = super().clean()
        except MALFORMED as error:
            raise forms.ValidationError(UNREADABLE) from error
        return cleaned


class Tolerant(forms.Form):
    """A malformed answer is a wrong answer."""

    credential = CredentialField()

    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except MALFORMED as error:
            raise forms.ValidationError(UNREADABLE) from error


class PasskeyLoginForm(Tolerant, webauthn.LoginWebAuthnForm):  # type: ignore[misc]
    pass


class PasskeyAuthenticateForm(Tolerant, webauthn.AuthenticateWebAuthnForm):  # type: ignore[misc]
    pass


class PasskeyReauthenticateForm(Tolerant, webauthn.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    pass
