"""How sign-in behaves here."""

from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from clinic.audit import services as audit
from clinic.audit.middleware import client_address
from clinic.core import clock
from clinic.people import invitations, mail, mode, vault
from clinic.people.middleware import BEGAN, FACTORS, SEEN
from clinic.people.models import Practice, User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Closed sign-up, our own mails and addresses, every sign-in and sign-out in the audit log."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address rate limits count by: the peer's, or what the trusted proxies say; never what a client claims."""
        return client_address(request) or "unknown"

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        now = int(clock.now().timestamp())
        request.session[BEGAN] = request.session[SEEN] = now
        audit.record(user, "session.began", user)

    def logout(self, request: HttpRequest) -> None:
        if isinstance(request.user, User):
            audit.record(request.user, "session.ended", request.user)
        super().logout(request)

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Whoever has just signed in is not asked for the password a second time, when enrolling for one."""
        if _signed_in_just_now(self.request):
            return False
        return bool(super().is_reauthentication_required(app=app))

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """A wrong password is kept with its address; what was typed is not: it may be a password in the wrong field."""
        known = User.objects.filter(email=str(credentials.get("email", "")).lower()).first()
        audit.record(None, "session.refused", known)

    def get_reset_password_from_key_url(self, key: str) -> str:
        uid, _dash, token = key.partition("-")
        return invitations.password_url(uid, token)

    def format_email_subject(self, subject: str) -> str:
        return subject

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Handed to a thread: how long the answer takes tells nobody whether the account exists."""
        practice = Practice.objects.first()
        message: EmailMessage = self.render_mail(
            template_prefix, email, {**context, "practice_name": practice.name if practice else "Palpate"}
        )
        mail.send_soon(message)

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        audit.record(user, "session.refused", user)
        response: HttpResponse = super().respond_user_inactive(request, user)
        return response


def _signed_in_just_now(request: HttpRequest) -> bool:
    """Within the time for which a confirmed password counts anyway."""
    since = clock.now().timestamp() - app_settings.REAUTHENTICATION_TIMEOUT
    return any(record["at"] > since for record in get_authentication_records(request, request.user))


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Seeds encrypted at rest, and no way to be left without a second factor."""

    def encrypt(self, text: str) -> str:
        return vault.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return vault.decrypt(encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """The last authenticator app or passkey stays, except in the demo."""
        others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=FACTORS)
        is_last = not others.exclude(pk=authenticator.pk).exists()
        return not is_last or authenticator.type not in FACTORS or mode.is_demo(self.request)

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return _("Passkey %(number)d") % {"number": count + 1}
