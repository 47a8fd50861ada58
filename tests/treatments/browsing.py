"""What the tests of treatment's pages send, and as whom."""

from typing import Any

from django.test import Client as Browser
from django.urls import reverse

from clinic.people.models import SigningPin, User
from clinic.people.services import signing_pins
from treatments.models import SessionNote

PIN = "2580"
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


def sign(browser: Browser, note: SessionNote, **fields: Any) -> Any:
    """What the button of the note's page sends, and then the PIN on the page it leads to."""
    answer = browser.post(url("note-save", note.pk), typed(note, action="sign", **fields))
    if answer.status_code != 302:
        return answer
    version = SessionNote.objects.get(pk=note.pk).version
    return browser.post(url("note-sign", note.pk), {"version": version, "pin": PIN})


def give_pin(user: User, pin: str = PIN) -> None:
    SigningPin.objects.create(user=user, digest=signing_pins.digest_of(user, pin))


def as_user(user: User) -> Browser:
    browser = Browser()
    browser.force_login(user)
    return browser
