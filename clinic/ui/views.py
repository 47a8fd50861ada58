"""The theme switch and the style guide."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from clinic.people.access import public
from clinic.ui import samples, theme


@public("Sets one cookie with the colour scheme; reads and writes nothing else.")
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Keep the chosen theme in a cookie and go back to where the person was."""
    chosen = request.POST.get("theme", "")
    target = request.POST.get("next", "")
    if not target.startswith("/") or not url_has_allowed_host_and_scheme(target, None):
        target = "/"
    response = HttpResponse(status=204) if request.headers.get("HX-Request") else redirect(target)
    if chosen in theme.THEMES:
        response.set_cookie(
            theme.COOKIE, chosen, max_age=theme.MAX_AGE_SECONDS, samesite="Lax", secure=request.is_secure()
        )
    return response


@public("Invented samples only, and only in demo mode.")
@require_GET
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component in every state."""
    if not settings.DEMO:
        raise Http404
    return render(request, "ui/styleguide.html", samples.context())
