"""Demo or real: the exception that the demo makes must never reach a real practice."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.http import HttpRequest


def _practices() -> Any:
    """By name, so that the start-up check can be registered before models are loaded."""
    return apps.get_model("people", "Practice").objects


def is_demo(request: HttpRequest) -> bool:
    """Whether the demo's exceptions hold here: demo mode is on and no real practice is in the database (one query)."""
    known: bool | None = getattr(request, "_palpate_is_demo", None)
    if known is None:
        known = settings.DEMO and not _practices().filter(is_demo=False).exists()
        request._palpate_is_demo = known  # type: ignore[attr-defined]
    return known


def conflict() -> str:
    """Why this mode and this database do not go together; empty when they do."""
    practice = _practices().first()
    if practice is None or practice.is_demo == settings.DEMO:
        return ""
    if settings.DEMO:
        return (
            "Demo mode is on (PALPATE_DEMO), but the database holds a real practice. "
            "In demo mode anybody can sign in with one tap. Unset PALPATE_DEMO, or use another database."
        )
    return (
        "The database holds the demo practice with its well-known password, but demo mode is off. "
        "Use an empty database for a real practice (bin/serve --empty), or set PALPATE_DEMO=1."
    )
