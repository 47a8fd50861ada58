"""Calendar files (RFC 5545) that go with mails and lie behind a client's link. Times in UTC, no health facts."""

from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress, vText

from clinic.core import clock
from clinic.people.models import Practice
from scheduling.models import Appointment
from scheduling.rules.status import INACTIVE


def uid_of(appointment: Appointment) -> str:
    """The same for every file about one appointment, so that a calendar moves it instead of adding another."""
    return f"{appointment.pk}@{urlsplit(settings.BASE_URL).hostname or 'palpate'}"


def render(appointment: Appointment, *, practice: Practice | None) -> str:
    """An invitation, or its cancellation once the appointment is off."""
    is_off = appointment.status in INACTIVE
    name = practice.name if practice else _("the clinic")
    event = Event()
    event.add("uid", uid_of(appointment))
    event.add("sequence", appointment.version - 1)
    event.add("dtstamp", clock.now())
    event.add("dtstart", appointment.starts_at)
    event.add("dtend", appointment.ends_at)
    event.add("summary", _("Appointment at %(clinic)s") % {"clinic": name})
    event.add("location", ", ".join(filter(None, [appointment.location.name, _one_line(appointment.location.address)])))
    event.add("status", "CANCELLED" if is_off else "CONFIRMED")
    if practice and practice.email:
        organizer = vCalAddress(f"mailto:{practice.email}")
        organizer.params["cn"] = vText(name)
        event["organizer"] = organizer
        attendee = vCalAddress(f"mailto:{appointment.client.email}") if appointment.client.email else None
        if attendee:
            event.add("attendee", attendee)
    calendar = Calendar()
    calendar.add("prodid", "-//Palpate//Appointments//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if is_off else "REQUEST")
    calendar.add_component(event)
    file: bytes = calendar.to_ical()
    return file.decode()


def _one_line(address: str) -> str:
    return ", ".join(line.strip() for line in address.splitlines() if line.strip())
