"""The short number that says who signs, on a device that is signed in already."""

import datetime as dt

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.audit import services as audit
from clinic.core import clock
from clinic.core.errors import DomainError, Refused, TooMany
from clinic.people.models import SigningPin, User
from clinic.people.permissions import Permission, require

SHORTEST, LONGEST = 4, 8
MOST_FAILURES = 5
LOCKED_FOR = dt.timedelta(minutes=15)
_RUN = "01234567890"


@transaction.atomic
def set_pin(*, user: User, pin: str) -> SigningPin:
    """Set or change one's own PIN, once the password was given. Raises Refused for one that anybody would try first."""
    require(user, Permission.SIGN_NOTE)
    if not (pin.isascii() and pin.isdecimal() and SHORTEST <= len(pin) <= LONGEST):
        raise Refused(_("A PIN has 4 to 8 digits."), code="pin-form")
    if len(set(pin)) == 1 or pin in _RUN or pin in _RUN[::-1]:
        raise Refused(_("Choose digits that are not all the same or in a row."), code="pin-weak")
    fresh = {"digest": digest_of(user, pin), "failures": 0, "locked_until": None, "set_at": clock.now()}
    row, is_new = SigningPin.objects.update_or_create(user=user, defaults=fresh)
    audit.record(user, "pin.set" if is_new else "pin.changed", user)
    return row


def digest_of(user: User, pin: str) -> str:
    """Argon2 over a keyed hash: whoever has the database alone cannot try out the few numbers there are."""
    return make_password(_peppered(user, pin))


def check_pin(*, user: User, pin: str) -> None:
    """Raises Refused for a wrong PIN, with the tries that are left; TooMany while it is locked.

    The count of failures is kept whatever becomes of the request.
    """
    with transaction.atomic():
        refusal = _check(user, pin)
    if refusal:
        raise refusal


def _check(user: User, pin: str) -> DomainError | None:
    row = SigningPin.objects.select_for_update().filter(user=user).first()
    now = clock.now()
    if row is None:
        return Refused(_("You have no PIN yet: set one."), code="no-pin")
    if row.locked_until and row.locked_until > now:
        return _locked(row.locked_until - now)
    if check_password(_peppered(user, pin), row.digest):
        SigningPin.objects.filter(pk=row.pk).update(failures=0, locked_until=None)
        return None
    row.failures += 1
    if row.failures >= MOST_FAILURES:
        row.failures, row.locked_until = 0, now + LOCKED_FOR
    row.save(update_fields=["failures", "locked_until"])
    is_locked = row.locked_until is not None and row.locked_until > now
    audit.record(user, "pin.locked" if is_locked else "pin.refused", user)
    return _locked(LOCKED_FOR) if is_locked else _wrong(MOST_FAILURES - row.failures)


def _wrong(left: int) -> Refused:
    said = ngettext(
        "This is not your PIN. One more try, then it is locked for 15 minutes.",
        "This is not your PIN. %(left)d more tries, then it is locked for 15 minutes.",
        left,
    )
    return Refused(said % {"left": left}, code="wrong-pin", details={"left": left})


def _locked(remaining: dt.timedelta) -> TooMany:
    minutes = max(1, -(-int(remaining.total_seconds()) // 60))
    said = ngettext(
        "Too many wrong PINs. Try again in %(minutes)d minute, or use your passkey.",
        "Too many wrong PINs. Try again in %(minutes)d minutes, or use your passkey.",
        minutes,
    )
    return TooMany(said % {"minutes": minutes}, code="pin-locked", details={"minutes": minutes})


def _peppered(user: User, pin: str) -> str:
    return salted_hmac("clinic.people.SigningPin", f"{user.pk}:{pin}", algorithm="sha256").hexdigest()
