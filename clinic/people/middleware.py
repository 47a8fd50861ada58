"""Sessions that end, and a second factor that cannot be walked round."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseForbidden, QueryDict
from django.http.request import RawPostDataException
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from clinic.audit import services as audit
from clinic.core import clock
from clinic.people import mode
from clinic.people.access import comes_from_script

GetResponse = Callable[[HttpRequest], HttpResponse]

BEGAN, SEEN = "began_at", "seen_at"
TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
MOST_DRAINED, CHUNK = 64 * 1024 * 1024, 64 * 1024
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class CsrfMiddleware(CsrfViewMiddleware):
    """Forms on pages behind secret links work too: there the browser hides even our own origin from us.

    With `Referrer-Policy: no-referrer` a form is sent with `Origin: null`. It is ours when the browser says so in
    Sec-Fetch-Site; one too old to say is left to the token, which no other site can read.
    """

    def _origin_verified(self, request: HttpRequest) -> bool:
        if request.headers.get("Origin") == "null":
            return request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
        verified: bool = super()._origin_verified(request)  # type: ignore[misc]
        return verified

    def process_view(self, request: HttpRequest, callback: Any, args: Any, kwargs: Any) -> HttpResponseForbidden | None:
        """A page that says so answers a body that is too much itself, with its form instead of a bare error.

        Nothing of such a body is taken: the page is asked for as if it were opened, with `request.is_too_much` set.
        """
        if getattr(callback, "answers_too_much", False) and not _is_taken_in(request):
            request.is_too_much = True  # type: ignore[attr-defined]
            request.method = "GET"
        return super().process_view(request, callback, args, kwargs)


def _is_taken_in(request: HttpRequest) -> bool:
    """Whether the body could be read. What is too much is read to its end, or the answer would not arrive."""
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_DRAINED:  # files count here, and nowhere else
            raise RequestDataTooBig
        len(request.POST)
    except TOO_MUCH:
        with suppress(OSError, RawPostDataException):
            for _chunk in range(MOST_DRAINED // CHUNK):
                if not request.read(CHUNK):
                    break
        request.POST = QueryDict()
        return False
    return True


class SessionTimeoutMiddleware:
    """Ends a session that was idle, or has lasted, too long. What a page polls by itself never prolongs it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        now = int(clock.now().timestamp())
        request.session.setdefault(BEGAN, now)
        request.session.setdefault(SEEN, now)
        if self._is_over(request, now):
            audit.record(request.user, "session.expired", request.user)
            logout(request)
            request.user = AnonymousUser()
            return self.get_response(request)
        response = self.get_response(request)
        if not is_background(request) and SEEN in request.session:
            _touch(request, now)
        return response

    def _is_over(self, request: HttpRequest, now: int) -> bool:
        idle_seconds = now - int(request.session[SEEN])
        age_seconds = now - int(request.session[BEGAN])
        return bool(idle_seconds >= settings.SESSION_IDLE_SECONDS or age_seconds >= settings.SESSION_ABSOLUTE_SECONDS)


def is_background(request: HttpRequest) -> bool:
    """Whether a page asked by itself, without anybody being there."""
    view = request.resolver_match.func if request.resolver_match else None
    return bool(request.headers.get("X-Background") or "poll" in request.GET or getattr(view, "is_background", False))


def _touch(request: HttpRequest, now: int) -> None:
    """Note the activity; within a thirtieth of the idle time it is not worth a write."""
    if now - int(request.session[SEEN]) >= settings.SESSION_IDLE_SECONDS / 30:
        request.session[SEEN] = now


class SecondFactorMiddleware:
    """Sends a member without a second factor to enrolment, and nowhere else. The demo is the one exception."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        if not request.user.is_authenticated or getattr(view, "access", "") is None:
            return None
        if getattr(view, "is_enrolment", False) or mode.is_demo(request) or has_second_factor(request.user):
            return None
        enrol = reverse("mfa_index")
        if comes_from_script(request):
            return HttpResponse(_("Set up your second factor first."), status=403, headers={"HX-Redirect": enrol})
        return redirect(enrol)


def has_second_factor(user: Any) -> bool:
    """Whether an authenticator app or a passkey protects the account; recovery codes alone do not count."""
    return bool(Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).exists())
