"""One way out for what goes wrong: a page, a fragment for htmx, or JSON, always with the same code and words."""

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from rest_framework import exceptions as drf
from rest_framework.response import Response
from rest_framework.views import exception_handler

from clinic.core.errors import DomainError

FLASHES = "#flashes"
HEADS = {
    400: (_lazy("This request was not complete"), "alert"),
    403: (_lazy("Not for your role"), "lock"),
    404: (_lazy("Nothing here"), "search"),
    409: (_lazy("This could not be done"), "info"),
    429: (_lazy("A little too fast"), "clock"),
}
SHOWN_AS = {405: 400, 410: 404, 412: 409, 413: 400, 422: 409, 423: 409, 428: 409}


def respond(
    request: HttpRequest, status: int, *, code: str, message: str, details: dict[str, Any] | None = None
) -> HttpResponse:
    """The refusal in the form the client asked for."""
    if wants_json(request):
        body = {"code": code, "message": message, **({"details": details} if details else {})}
        return JsonResponse(body, status=status)
    if request.headers.get("HX-Request"):
        return _fragment(request, status, message)
    shown_as = SHOWN_AS.get(status, status)
    title, icon = HEADS[shown_as]
    context = {"status": status, "title": title, "error_icon": icon, "message": message, "frame": _frame(request)}
    return render(request, f"{shown_as}.html", context, status=status)


def from_domain(request: HttpRequest, error: DomainError) -> HttpResponse:
    return respond(request, error.status, code=error.code, message=error.message, details=error.details)


def wants_json(request: HttpRequest) -> bool:
    """Whether a program asks: the API, or a script that accepts JSON and no HTML."""
    accepted = request.headers.get("Accept", "")
    return request.path.startswith("/api/") or ("application/json" in accepted and "text/html" not in accepted)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return respond(request, 413, code="too-large", message=_("That was too much at once. Send a smaller file."))
    return respond(
        request, 400, code="bad-request", message=_("The address or the form was not complete. Go back and try again.")
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return respond(
        request, 403, code="not-allowed", message=_("Your role does not include this. Ask the owner of the practice.")
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return respond(
        request, 404, code="not-found", message=_("It may have moved, or the link is old, or it is not yours to see.")
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was older than the session, mostly: nothing was saved, and the page says what to do."""
    return respond(
        request,
        403,
        code="form-expired",
        message=_("This form was open for too long; nothing was saved. Go back, reload the page and send it again."),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """Touches neither database nor session: either may be what broke."""
    message = _("This is our fault, not yours. It has been noted. Try again in a moment.")
    if wants_json(request):
        return JsonResponse({"code": "server-error", "message": message}, status=500)
    if request.headers.get("HX-Request"):
        return _fragment(request, 500, message)
    # The style sheet's address without its hash: the manifest may be what is missing.
    context = {"message": message, "static_url": settings.STATIC_URL}
    return HttpResponse(render_to_string("500.html", context), status=500)


def _fragment(request: HttpRequest, status: int, message: str) -> HttpResponse:
    """An alert that goes to the top of the page, so that what htmx wanted to replace stays as it is."""
    body = render_to_string(
        "components/alert.html", {"tone": "danger", "icon": "alert", "text": message, "role": "alert"}
    )
    return HttpResponse(body, status=status, headers={"HX-Retarget": FLASHES, "HX-Reswap": "innerHTML show:top"})


def _frame(request: HttpRequest) -> str:
    """Staff see the error inside the rail, everybody else on a quiet page of its own."""
    user = getattr(request, "user", None)
    return "base.html" if user is not None and user.is_authenticated else "client_base.html"


def api_exception_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Django REST framework's errors, and ours, with one shape: code, message, details."""
    if isinstance(exc, DomainError):
        return Response(_body(exc.code, exc.message, exc.details), status=exc.status)
    response = exception_handler(exc, context)
    if response is None:
        return None
    if isinstance(exc, drf.ValidationError):
        response.data = _body("invalid", _("Some values are missing or wrong."), {"fields": response.data})
    elif isinstance(exc, Http404):
        response.data = _body("not-found", _("Not found."))
    elif isinstance(exc, PermissionDenied):
        response.data = _body("not-allowed", _("Your role does not include this."))
    elif isinstance(exc, drf.APIException):
        code = exc.get_codes()
        response.data = _body(str(code).replace("_", "-"), str(exc.detail))
    return response


def _body(code: str, message: str, details: Any = None) -> dict[str, Any]:
    return {"code": code, "message": message, **({"details": details} if details else {})}
