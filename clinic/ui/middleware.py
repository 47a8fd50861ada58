"""Errors become pages, messages reach htmx, and every response carries its headers."""

import json
import logging
from collections.abc import Callable

from django.db import DataError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from clinic.core.errors import DomainError
from clinic.ui import errors
from clinic.ui.flash import carry_to_htmx

logger = logging.getLogger(__name__)
# PostgreSQL chose this request to give way: exclusion, deadlock, serialization, lock timeout.
SOMEBODY_WAS_FIRST = {"23P01", "40P01", "40001", "55P03"}
GetResponse = Callable[[HttpRequest], HttpResponse]

PERMISSIONS_POLICY = ", ".join(
    [
        *(f"{name}=()" for name in ("accelerometer", "camera", "display-capture", "geolocation", "gyroscope")),
        *(f"{name}=()" for name in ("magnetometer", "microphone", "midi", "payment", "usb", "browsing-topics")),
        "publickey-credentials-create=(self)",
        "publickey-credentials-get=(self)",
    ]
)


class SecurityHeadersMiddleware:
    """Headers no view should have to think of. A view that sets one itself keeps its own."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        # Health data: no page is kept on a shared disk, none comes back with the Back button after signing out.
        response.setdefault("Cache-Control", "private, no-store")
        return response


class DomainErrorMiddleware:
    """Turns refusals and malformed input into 4xx answers."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "%00" in request.META.get("QUERY_STRING", "") or "\x00" in request.path:
            return errors.bad_request(request)  # PostgreSQL cannot hold NUL, and nobody means it
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, DomainError):
            return errors.from_domain(request, exception)
        if isinstance(exception, json.JSONDecodeError):
            return errors.respond(request, 400, code="malformed", message=_("The body is not valid JSON."))
        if isinstance(exception, UnreadablePostError):
            return errors.bad_request(request, exception)
        if isinstance(exception, DataError):
            logger.warning("A value did not fit its column: %s %s", request.method, request.resolver_match)
            return errors.bad_request(request, exception)
        if getattr(exception.__cause__, "sqlstate", None) in SOMEBODY_WAS_FIRST:
            message = _("Somebody else is changing the same thing right now. Look again, then try again.")
            return errors.respond(request, 409, code="busy", message=message)
        return None


class HtmxMessagesMiddleware:
    """Messages left by a view show after an htmx request too. Redirects keep them for the page that follows."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.headers.get("HX-Request"):
            return response
        patch_vary_headers(response, ["HX-Request"])
        goes_elsewhere = {"HX-Redirect", "HX-Refresh", "HX-Location"} & set(response.headers.keys())
        if not goes_elsewhere and not 300 <= response.status_code < 400:
            carry_to_htmx(request, response)
        return response
