"""Calendar files (RFC 5545) that go with mails and lie behind a client's link. Times in UTC, no health facts."""

import datetime as dt
import unicodedata
from collections.abc import Sequence
from email.utils import parseaddr
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress

from clinic.core import clock
from clinic.people.models import Practice
from scheduling.models import Appointment
from scheduling.rules.status import INACTIVE

PRODUCER = "-//Palpate//Appointments//EN"


def uid_of(appointment: Appointment) -> str:
    """The same for every file about one appointment, so that a calendar moves it instead of adding another."""
    return uid(appointment.pk)


def uid(pk: UUID) -> str:
    return f"{pk}@{urlsplit(settings.BASE_URL).hostname or 'palpate'}"


def render(appointment: Appointment, *, practice: Practice | None) -> str:
    """What goes with a mail (RFC 5546): an invitation, or its cancellation once the appointment is off."""
    event = _event(appointment, practice)
    event.add("attendee", _attendee(appointment), encode=False)
    return _file("CANCEL" if appointment.status in INACTIVE else "REQUEST", [event])


def render_all(appointments: Sequence[Appointment], *, practice: Practice | None) -> str:
    """Several visits, or one to be fetched, as a file to open. An invitation may speak of one alone (RFC 5546, 3.2)."""
    return _file("PUBLISH", [_event(each, practice) for each in appointments])


def plain(text: str) -> str:
    """One line without control characters, as programs of all ages can read it."""
    return "".join(each for each in " ".join(text.split()) if unicodedata.category(each) != "Cc")


def where(name: str, address: str) -> str:
    """The name of a place and its address on one line."""
    lines = [name, *address.splitlines()]
    return ", ".join(filter(None, (plain(line).strip(", ") for line in lines)))


def begin() -> Calendar:
    """An empty calendar with what each must say of itself."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCER)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    return calendar


def text_of(calendar: Calendar) -> str:
    """Long lines folded, text escaped, lines ended as RFC 5545 wants them."""
    file: bytes = calendar.to_ical()
    return file.decode()


def _file(method: str, events: Sequence[Event]) -> str:
    calendar = begin()
    calendar.add("method", method)
    for event in events:
        calendar.add_component(event)
    return text_of(calendar)


def _event(appointment: Appointment, practice: Practice | None) -> Event:
    name = plain(practice.name) if practice else _("the clinic")
    event = Event()
    event.add("uid", uid_of(appointment))
    event.add("sequence", appointment.version - 1)
    event.add("dtstamp", clock.now())
    event.add("last-modified", appointment.updated_at)
    event.add("dtstart", _utc(appointment.starts_at))
    event.add("dtend", _utc(appointment.ends_at))
    event.add("summary", _("Appointment at %(clinic)s") % {"clinic": name})
    event.add("location", where(appointment.location.name, appointment.location.address))
    event.add("status", "CANCELLED" if appointment.status in INACTIVE else "CONFIRMED")
    event.add("class", "PRIVATE")  # whoever shares a calendar shows that they are busy, not that they see a clinic
    event.add("organizer", _organizer(practice, name), encode=False)
    return event


def _organizer(practice: Practice | None, name: str) -> vCalAddress:
    """Answers go where replies to mails go."""
    address = practice.email if practice and practice.email else parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    organizer = vCalAddress(f"mailto:{address}")
    organizer.params["CN"] = name.replace('"', "'")  # a quote has no place in a parameter before RFC 6868
    return organizer


def _attendee(appointment: Appointment) -> vCalAddress:
    """The client by address alone. No answer is asked for: confirming is what the mail's link is for."""
    is_certain = appointment.status not in ("held", "booked")
    attendee = vCalAddress(f"mailto:{appointment.client.email}")
    attendee.params["CUTYPE"] = "INDIVIDUAL"
    attendee.params["ROLE"] = "REQ-PARTICIPANT"
    attendee.params["PARTSTAT"] = "ACCEPTED" if is_certain else "NEEDS-ACTION"
    attendee.params["RSVP"] = "FALSE"
    return attendee


def _utc(instant: dt.datetime) -> dt.datetime:
    return instant.astimezone(dt.UTC)
