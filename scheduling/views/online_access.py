"""What every page of online booking shares: no session, no cookie, and who may show it inside their own page."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt

from clinic.core.errors import Conflict, DomainError, Missing, Refused, TooMany
from clinic.core.throttles import PublicThrottle
from scheduling.models import BookingRules
from scheduling.services.online_limits import address_digest

REASON = "Booking for everybody; holds and bookings are capped, and nothing shown depends on who is known here."
SALT = "scheduling.online.form"
FORM_LIVES_SECONDS = 2 * 3600
Page = Callable[..., HttpResponse]


class _Throttle(PublicThrottle):
    """By network: two pages a second are more than a waiting room full of people opens, and less than a robot."""

    rate = "120/min"

    def get_cache_key(self, request: HttpRequest, view: object) -> str:
        return f"book-throttle-{address_digest()}"


def booking_page(view: Page) -> Page:
    """Passes the practice's rules on, answers refusals itself (inside another site's page too), and sets who may frame.

    Exempt from Django's CSRF check: that rests on a cookie, which browsers keep from pages inside other sites' pages,
    and there is no session here that a forged form could use. What a forged form could use up, the visitor's share of
    holds, is guarded by `signed_form`; what follows, by the hold's own secret.
    """

    @csrf_exempt
    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        rules = BookingRules.current()
        throttle = _Throttle()
        if not throttle.allow_request(request, None):  # type: ignore[arg-type]
            return _framed(_too_fast(request, int(throttle.wait() or 60) + 1), rules)
        try:
            response = view(request, *args, rules=rules, **kwargs)
        except Http404:
            response = refused(request, Missing(_("This is not here, or not any more. Begin again.")))
        except DomainError as error:
            response = refused(request, error)
        return _framed(response, rules)

    return page


def show(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A page that sets no cookie: without a CSRF token it needs none."""
    return render(request, f"scheduling/online/{template}.html", context | {"csrf_token": ""}, status=status)


def refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    return show(request, "refused", {"refusal": error}, status=error.status)


def signed_form() -> str:
    """Goes into a form as a hidden field: the page was drawn by us, for this network address, not long ago."""
    return signing.dumps(address_digest(), salt=SALT)


def check_signed_form(request: HttpRequest) -> None:
    """Raises Conflict for a form that is old, was opened in another network, or was not drawn by us at all."""
    try:
        drawn_for = signing.loads(request.POST.get("form", ""), salt=SALT, max_age=FORM_LIVES_SECONDS)
    except signing.BadSignature:
        drawn_for = None
    if drawn_for != address_digest():
        raise Conflict(_("This page had been open for a while. Please choose your time again."), code="form-expired")


def closed(request: HttpRequest) -> HttpResponse:
    message = _("Online booking is closed at the moment. Please call us: we will find a time together.")
    response = refused(request, Refused(message, code="online-closed"))
    if request.method == "GET":
        response.status_code = 200  # nothing was refused: that is what the page has to say
    return response


def _too_fast(request: HttpRequest, seconds: int) -> HttpResponse:
    message = ngettext(
        "From your network many pages were opened at once. Try again in %(seconds)s second, or call us.",
        "From your network many pages were opened at once. Try again in %(seconds)s seconds, or call us.",
        seconds,
    )
    response = refused(request, TooMany(message % {"seconds": seconds}, code="too-fast"))
    response["Retry-After"] = str(seconds)
    return response


def _framed(response: HttpResponse, rules: BookingRules) -> HttpResponse:
    """`frame-ancestors` names the practice's own sites; X-Frame-Options, which cannot, is left out then."""
    response["Referrer-Policy"] = "no-referrer"
    if rules.embedded_at:
        response.xframe_options_exempt = True
        response._csp_replace = {"frame-ancestors": ["'self'", *rules.embedded_at]}  # type: ignore[attr-defined]
    return response
