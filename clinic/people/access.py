"""Every route says who may use it: `@access(permission)`, or `@public(reason)`."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from clinic.core.errors import NotAllowed
from clinic.people.permissions import Permission, may

View = Callable[..., HttpResponseBase]


def access(permission: Permission) -> Callable[[View], View]:
    """A page for staff with `permission`. Anonymous visitors are asked to sign in, others get 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _ask_to_sign_in(request)
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


def _ask_to_sign_in(request: HttpRequest) -> HttpResponseBase:
    if request.headers.get("HX-Request") or request.path.startswith("/api/"):
        return HttpResponse(_("Please sign in again."), status=401)
    return redirect_to_login(request.get_full_path())
