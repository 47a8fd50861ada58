"""What every page needs: the theme, the rail, the practice's name. Nothing is fetched before a template asks."""

from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from clinic.people.models import Practice
from clinic.ui.navigation import places_for
from clinic.ui.theme import THEMES, theme_of


def shell(request: HttpRequest) -> dict[str, Any]:
    """Queries: one for the roles when the rail is drawn, one for the practice when its name is."""
    return {
        "theme": theme_of(request),
        "themes": THEMES,
        "is_demo": settings.DEMO,
        "rail_places": partial(_places, request),
        "practice": SimpleLazyObject(Practice.objects.first),
    }


def _places(request: HttpRequest) -> list[dict[str, Any]]:
    user = getattr(request, "user", None)
    match = request.resolver_match
    return places_for(user, match.view_name if match else "")
