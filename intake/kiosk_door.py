"""Which tablet a request comes from, and a tablet's way to nothing but its form."""

from collections.abc import Callable
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from clinic.core import tokens
from clinic.core.errors import Missing
from intake.models import KioskDevice, KioskTurn

COOKIE = "palpate_tablet"
LIVES_SECONDS = 365 * 24 * 60 * 60


def device_of(request: HttpRequest) -> KioskDevice | None:
    """The tablet in use that sent the request: one query, none without its cookie."""
    secret = request.COOKIES.get(COOKIE, "")
    if not secret:
        return None
    device: KioskDevice | None = KioskDevice.objects.in_use().filter(digest=tokens.digest(secret)).first()
    return device


def device_or_missing(request: HttpRequest) -> KioskDevice:
    """Raises Missing for every other browser."""
    device = device_of(request)
    if device is None:
        raise Missing(_("This device is not set up for clients’ forms."))
    return device


def turn_of(request: HttpRequest, pk: UUID) -> KioskTurn:
    """A turn of the tablet that asks. Raises Missing for another tablet's, and for every other browser."""
    turns = device_or_missing(request).turns.select_related("invitation__location", "invitation__client")
    turn: KioskTurn | None = turns.select_related("invitation__link__client").filter(pk=pk).first()
    if turn is None:
        raise Missing(_("This device is not set up for clients’ forms."))
    return turn


def remember_device(response: HttpResponse, secret: str) -> None:
    """Make the browser that gets this answer the tablet."""
    response.set_cookie(
        COOKIE,
        secret,
        max_age=LIVES_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


class KioskMiddleware:
    """A tablet opens its neutral page, the form it was sent, and nothing else, whatever is typed or tapped."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        start = reverse("intake:kiosk")
        self.neutral = start
        static = f"/{settings.STATIC_URL.lstrip('/')}"
        self.open = (start, "/k/", static, reverse("people:style"), reverse("people:logo"), reverse("healthz"))

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if COOKIE in request.COOKIES and not request.path.startswith(self.open) and device_of(request):
            return HttpResponseRedirect(self.neutral)
        return self.get_response(request)
