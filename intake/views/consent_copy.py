"""The client's own copy of what they agreed to, by a secret link. Reading changes nothing: mail scanners read too."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from clinic.core.errors import Missing
from clinic.messaging import links
from clinic.messaging.models import ClientLink
from clinic.people.access import public
from clinic.people.models import Location
from intake.consent_pdf import pdf_of
from intake.models import Consent
from intake.services.alarm import location_of
from intake.services.consents import withdraw_by_link
from intake.signatures import drawn
from intake.views.consents import as_file

REASON = "A 256-bit link sent to the client; wrong, expired and foreign ones are the same 404."


def _private(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The address is a secret: it goes to nobody else, and no cache keeps what it shows."""

    @wraps(view)
    def quiet(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Referrer-Policy"] = "no-referrer"
        return response

    return never_cache(quiet)


@public(REASON)
@_private
@require_safe
def show(request: HttpRequest, token: str) -> HttpResponse:
    """Every consent of one signature, with a way to take each back."""
    _link, consents, location = _resolve(token)
    context = {
        "consents": consents,
        "ink": drawn(consents[0].signature),
        "location": location,
        "token": token,
    }
    return render(request, "intake/consent_copy.html", context)


@public(REASON)
@_private
@require_safe
def download(request: HttpRequest, token: str) -> HttpResponse:
    """The same to keep."""
    _link, consents, location = _resolve(token)
    return as_file(pdf_of(consents, location=location))


@public(REASON)
@_private
@require_POST
def withdraw(request: HttpRequest, token: str, kind: str) -> HttpResponse:
    """The client takes one consent back. A second tap changes nothing."""
    link, consents, _location = _resolve(token)
    consent = next((each for each in consents if each.kind == kind), None)
    if consent is None:
        raise Missing(_("This link does not work any more. Please ask the clinic for a new one."))
    if consent.withdrawn_at is None:
        withdraw_by_link(consent=consent, link=link)
    return redirect("intake:consent-copy", token=token)


def _resolve(token: str) -> tuple[ClientLink, list[Consent], Location]:
    link = links.resolve(token, purpose="consent")
    rows = Consent.objects.filter(response=link.object_id).order_by("created_at")
    consents = list(rows.select_related("client", "response__client", "response__invitation__location"))
    if not consents or consents[0].response is None:
        raise Missing(_("This link does not work any more. Please ask the clinic for a new one."))
    return link, consents, location_of(consents[0].response)
