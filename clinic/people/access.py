"""Every route says who may use it: `@access(permission)`, or `@public(reason)`."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from clinic.core.errors import NotAllowed
from clinic.people.models import User
from clinic.people.permissions import Permission, may

View = Callable[..., HttpResponseBase]


class StaffRequest(HttpRequest):
    """A request behind `@access`: the user is a member of staff."""

    user: User


def access(permission: Permission) -> Callable[[View], View]:
    """A page for staff with `permission`. Anonymous visitors are asked to sign in, others get 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return ask_to_sign_in(request)
            if not may(request.user, permission):
                raise NotAllowed(_("Your role does not include this page. Ask the owner of the practice."))
            return view(request, *args, **kwargs)

        guarded.access = permission  # type: ignore[attr-defined]
        return guarded

    return decorate


def public(reason: str) -> Callable[[View], View]:
    """A page that needs no sign-in; `reason` says why that is safe."""

    def decorate(view: View) -> View:
        view.access = None  # type: ignore[attr-defined]
        view.public_reason = reason  # type: ignore[attr-defined]
        return view

    return decorate


def background(view: View) -> View:
    """A view that pages poll by themselves: it never counts as somebody being at work."""
    view.is_background = True  # type: ignore[attr-defined]
    return view


def ask_to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """A page goes to the sign-in and comes back; a script gets 401 and asks on top of the page."""
    if comes_from_script(request):
        return _signed_out(request)
    return redirect_to_login(_way_back(request))


def comes_from_script(request: HttpRequest) -> bool:
    """htmx, fetch or the API: a redirect to a page would be of no use there."""
    headers = request.headers
    wants_json = "application/json" in headers.get("Accept", "") and "text/html" not in headers.get("Accept", "")
    return bool(
        wants_json
        or request.path.startswith("/api/")
        or headers.get("HX-Request")
        or headers.get("X-Background")
        or headers.get("X-Requested-With") == "XMLHttpRequest"
    )


def _signed_out(request: HttpRequest) -> HttpResponse:
    message = _("You were signed out. Sign in again to go on; nothing you wrote is lost.")
    url = f"{reverse('account_login')}?next={reverse('people:signed-in')}"
    response: HttpResponse
    if request.headers.get("HX-Request"):
        link = format_html('<a href="{}" target="_blank">{}</a>', url, _("Sign in"))
        response = HttpResponse(format_html("<p>{} {}</p>", message, link), status=401)
    else:
        response = JsonResponse({"code": "signed-out", "message": message, "sign_in": url}, status=401)
    response["X-Sign-In"] = url
    return response


def _way_back(request: HttpRequest) -> str:
    """Where to go on after signing in: an address that can be opened, so never one that was posted to."""
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    referer = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(referer, {request.get_host()}, require_https=request.is_secure()):
        return reverse("home")
    parts = urlsplit(referer)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
