"""Who signs: being signed in on a shared tablet does not say who holds it now.

A PIN or a passkey does, and counts for five minutes: an evening's notes are signed one after the other, each looked at,
with one PIN. Signing in does not count, and a password or passkey asked for again by any page does.
"""

import datetime as dt
from collections.abc import Mapping

from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.internal import ratelimit
from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.utils.translation import gettext as _

from clinic.core import clock
from clinic.core.errors import Refused, TooMany
from clinic.people.models import SigningPin, User
from clinic.people.services import signing_pins

VALID_FOR = dt.timedelta(minutes=5)
_SESSION_KEY = "signer_confirmed"


def confirmed_at(request: HttpRequest) -> dt.datetime | None:
    """When the person who is signed in last showed that it is they; None when that is too long ago."""
    said = request.session.get(_SESSION_KEY) or {}
    times = [said["at"]] if said.get("user") == str(request.user.pk) else []
    records = get_authentication_records(request, request.user)
    times += [record["at"] for record in records if record.get("reauthenticated")]
    newest = dt.datetime.fromtimestamp(max(times), dt.UTC) if times else None
    return newest if newest and newest > clock.now() - VALID_FOR else None


def confirm(request: HttpRequest, given: Mapping[str, str]) -> None:
    """Take the PIN that was given, or a new one with the password, or what was confirmed just now.

    Raises Refused, without any of them with the code "reauthenticate"; TooMany while the PIN is locked.
    """
    user: User = request.user  # type: ignore[assignment]
    if given.get("new_pin"):
        set_with_password(request, password=given.get("password", ""), pin=given["new_pin"])
    elif given.get("pin"):
        signing_pins.check_pin(user=user, pin=given["pin"])
    elif confirmed_at(request):
        return
    else:
        raise Refused(_("Say that it is you: give your PIN, or use your passkey."), code="reauthenticate")
    request.session[_SESSION_KEY] = {"user": str(user.pk), "at": clock.now().timestamp()}


def set_with_password(request: HttpRequest, *, password: str, pin: str) -> None:
    """Set one's PIN. Raises Refused for a wrong password, TooMany after ten tries in a minute."""
    user: User = request.user  # type: ignore[assignment]
    if not ratelimit.consume(request, app="allauth.account", action="reauthenticate", user=user):
        raise TooMany(_("Too many tries. Wait a minute."), code="too-many-tries")
    if not user.check_password(password):
        raise Refused(_("This is not your password."), code="wrong-password")
    signing_pins.set_pin(user=user, pin=pin)


def ways_of(user: User) -> dict[str, bool]:
    """Whether somebody has a PIN and a passkey (one query)."""
    passkeys = Authenticator.objects.filter(user_id=OuterRef("pk"), type=Authenticator.Type.WEBAUTHN)
    pins = SigningPin.objects.filter(user=OuterRef("pk"))
    found = User.objects.filter(pk=user.pk).values(has_pin=Exists(pins), has_passkey=Exists(passkeys))
    return dict(found[0])
