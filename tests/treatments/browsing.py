"""What the tests of treatment's pages send, and as whom."""

from typing import Any

from django.test import Client as Browser
from django.urls import reverse

from clinic.people.models import User
from treatments.models import SessionNote

MANAGEMENT = {
    f"{prefix}-{name}": value
    for prefix in ("tests", "points", "techniques")
    for name, value in (("TOTAL_FORMS", "1"), ("INITIAL_FORMS", "0"), ("MIN_NUM_FORMS", "0"), ("MAX_NUM_FORMS", "60"))
}


def typed(note: SessionNote, **fields: Any) -> dict[str, Any]:
    """The editor's form as a browser sends it."""
    texts = {name: getattr(note, name) for name in ("subjective", "objective", "assessment", "plan")}
    pains = {name: getattr(note, name) for name in ("pain_now", "pain_average", "pain_worst")}
    sent = {name: "" if value is None else value for name, value in pains.items()}
    return {"version": note.version, "episode": note.episode_id or "", **texts, **sent, **MANAGEMENT, **fields}


def url(name: str, pk: Any = None) -> str:
    return reverse(f"treatments:{name}", args=[pk] if pk else [])


def as_user(user: User) -> Browser:
    browser = Browser()
    browser.force_login(user)
    return browser
