"""Start-up refusals: demo mode never runs on a real practice, nor a real one on the demo's data."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from clinic.people import mode


@register(Tags.database)
def mode_fits_the_database(
    app_configs: Sequence[AppConfig] | None = None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Runs with `migrate` and `check --database default`, before anything is served."""
    problem = _problem() if databases else ""
    return [Error(problem, id="people.E001")] if problem else []


def refuse_wrong_mode() -> None:
    """For whoever serves or works: raises ImproperlyConfigured instead of starting."""
    problem = _problem()
    if problem:
        raise ImproperlyConfigured(problem)


def _problem() -> str:
    """Empty while there is no database yet: then there is nothing to protect, and each request asks again."""
    try:
        return mode.conflict()
    except DatabaseError:
        return ""
