"""The texts of messages: the practice's own, or the built-in ones."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils import dateformat, translation
from django.utils.translation import gettext as _

from clinic.core import clock
from clinic.messaging import placeholders
from clinic.messaging.default_wordings import ALWAYS_SENT, DEFAULTS
from clinic.messaging.models import MessageTemplate
from clinic.people.models import Client, Location, Practice, User


@dataclass(frozen=True, slots=True)
class Wording:
    """One purpose's subject and text in one language, with placeholders."""

    purpose: str
    language: str
    subject: str
    body: str
    is_own: bool
    is_active: bool


def wording_of(purpose: str, language: str) -> Wording:
    """What is sent for a purpose in a language. One query."""
    own = MessageTemplate.objects.filter(purpose=purpose, language=language).first()
    if own is None:
        return default_of(purpose, language)
    is_active = own.is_active or purpose in ALWAYS_SENT
    return Wording(purpose, language, own.subject, own.body, is_own=True, is_active=is_active)


def default_of(purpose: str, language: str) -> Wording:
    with translation.override(language):
        subject, body = (str(text) for text in DEFAULTS[purpose])
    return Wording(purpose, language, subject, body, is_own=False, is_active=True)


def render(
    *,
    wording: Wording,
    location: Location,
    person: Client | User | None,
    about_at: dt.datetime | None = None,
    has_link: bool = True,
    words: Mapping[str, str] | None = None,
) -> tuple[str, str]:
    """Subject and text. `{link}` stays in the text until it is sent; a text without a link leaves its paragraph out.
    `words` are what this purpose has of its own (`placeholders.ONLY_IN`), or an address in the place of the link."""
    practice = Practice.objects.first()
    values = {
        "clinic": placeholders.inert(practice.name if practice else location.name),
        "name": placeholders.inert(_called(person)),
        "when": when(about_at, location, wording.language),
        "place": placeholders.inert(", ".join(filter(None, [location.name, *location.address.splitlines()]))),
        "phone": placeholders.inert(_phone(location, practice)),
    }
    subject = placeholders.fill(wording.subject, values) or values["clinic"]
    body = placeholders.fill(wording.body, {**values, "link": "{link}" if has_link else "", **(words or {})})
    return " ".join(subject.split())[:200], f"{body}\n"


def when(instant: dt.datetime | None, location: Location, language: str) -> str:
    """Day and time at the location, its zone named."""
    if instant is None:
        return ""
    with translation.override(language):
        # Translators: a date format, see Django's `date` filter; T is the time zone.
        local = instant.astimezone(location.zone)
        return dateformat.format(local, clock.with_zone_named(_("l j F Y, H:i (T)"), local))


def language_of(person: Client | User | None) -> str:
    """The person's language where we speak it, otherwise the default."""
    wished = person.language if isinstance(person, Client) else ""
    return wished if wished in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def _called(person: Client | User | None) -> str:
    if isinstance(person, Client):
        return person.called
    return person.name if person else ""


def _phone(location: Location, practice: Practice | None) -> str:
    number = location.phone or (practice.phone if practice else "")
    return getattr(number, "as_international", str(number)) if number else ""
