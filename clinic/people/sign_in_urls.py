"""The parts of django-allauth that this product uses. Sign-up, e-mail management and social sign-in do not exist."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import path, re_path

from clinic.people.access import View, access, public
from clinic.people.permissions import Permission

own = access(Permission.OWN_ACCOUNT)


def enrolment(view: View) -> View:
    """Reachable before there is a second factor: these pages are the way to one."""
    guarded = own(view)
    guarded.is_enrolment = True  # type: ignore[attr-defined]
    return guarded


entrance = public("The way in: shows nothing of the practice's records, and counts tries.")
way_out = public("Signing out is always allowed.")
by_mailed_key = public("Needs the key that was mailed to the account's owner.")

urlpatterns = [
    path("login/", entrance(account.login), name="account_login"),
    path("logout/", way_out(account.logout), name="account_logout"),
    path("inactive/", entrance(account.account_inactive), name="account_inactive"),
    path("reauthenticate/", enrolment(account.reauthenticate), name="account_reauthenticate"),
    path("password/change/", own(account.password_change), name="account_change_password"),
    path("password/reset/", entrance(account.password_reset), name="account_reset_password"),
    path("password/reset/done/", entrance(account.password_reset_done), name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        by_mailed_key(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        entrance(account.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    path("2fa/", enrolment(mfa.index), name="mfa_index"),
    path("2fa/authenticate/", entrance(mfa.authenticate), name="mfa_authenticate"),
    path("2fa/reauthenticate/", enrolment(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("2fa/totp/activate/", enrolment(totp.activate_totp), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", own(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", own(recovery_codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "2fa/recovery-codes/generate/", own(recovery_codes.generate_recovery_codes), name="mfa_generate_recovery_codes"
    ),
    path(
        "2fa/recovery-codes/download/", own(recovery_codes.download_recovery_codes), name="mfa_download_recovery_codes"
    ),
    path("2fa/passkeys/", own(webauthn.list_webauthn), name="mfa_list_webauthn"),
    path("2fa/passkeys/add/", enrolment(webauthn.add_webauthn), name="mfa_add_webauthn"),
    path("2fa/passkeys/login/", entrance(webauthn.login_webauthn), name="mfa_login_webauthn"),
    path(
        "2fa/passkeys/reauthenticate/", enrolment(webauthn.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"
    ),
    path("2fa/passkeys/<int:pk>/edit/", own(webauthn.edit_webauthn), name="mfa_edit_webauthn"),
    path("2fa/passkeys/<int:pk>/remove/", own(webauthn.remove_webauthn), name="mfa_remove_webauthn"),
]
