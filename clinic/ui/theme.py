"""Light, dark, or as the system says: kept in a cookie so that the first paint is right."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

COOKIE = "theme"
MAX_AGE_SECONDS = 365 * 24 * 3600
THEMES = {"system": _("System"), "light": _("Light"), "dark": _("Dark")}


def theme_of(request: HttpRequest) -> str:
    """The chosen theme; `system` when nothing, or nonsense, was chosen."""
    chosen = request.COOKIES.get(COOKIE, "")
    return chosen if chosen in THEMES else "system"
