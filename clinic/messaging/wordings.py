"""The texts of messages: the practice's own, or these."""

import datetime as dt

from clinic.messaging.models import MessageTemplate, Purpose
from clinic.people.models import Client, Location, Practice

DEFAULTS: dict[str, tuple[str, str]] = {
    Purpose.BOOKING: ("Your appointment at {clinic}", "Hello {name},\n\n{when}\n{place}\n\n{link}\n\n{clinic}\n"),
}


def render(
    *, purpose: str, client: Client | None, location: Location, about_at: dt.datetime | None
) -> tuple[str, str]:
    """Subject and text; `{link}` stays in the text until it is sent."""
    practice = Practice.objects.first()
    language = client.language if client else "en"
    own = MessageTemplate.objects.filter(purpose=purpose, language=language, is_active=True).first()
    subject, body = (own.subject, own.body) if own else DEFAULTS[purpose]
    when = f"{about_at.astimezone(location.zone):%A %d %B %Y, %H:%M %Z}" if about_at else ""
    values = {
        "clinic": practice.name if practice else "",
        "name": client.called if client else "",
        "when": when,
        "place": f"{location.name}, {location.address}",
        "link": "{link}",
    }
    return subject.format(**values), body.format(**values)
