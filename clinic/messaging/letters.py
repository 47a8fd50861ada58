"""A message as a mail."""

import re
from email.headerregistry import Address
from email.utils import formataddr, parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives

from clinic.messaging import links
from clinic.messaging.models import OutboundMessage
from clinic.people.models import Practice

_METHOD = re.compile(r"^METHOD:([A-Z]+)\r?$", re.MULTILINE)


def write(message: OutboundMessage) -> EmailMessage:
    """The mail to send: the secret link is filled in here and rests nowhere. Raises ValueError for an address or header
    that cannot be written."""
    practice = Practice.objects.first()
    letter = EmailMultiAlternatives(
        subject=message.subject,
        body=message.body.replace("{link}", address_in(message)),
        from_email=_sender(practice),
        to=[_checked(message.address)],
        reply_to=[practice.email] if practice and practice.email else None,
        headers={"Message-ID": message_id_of(message), "Auto-Submitted": "auto-generated"},
    )
    if message.calendar_file:
        _enclose(letter, message.calendar_file)
    return letter


def _enclose(letter: EmailMultiAlternatives, file: str) -> None:
    """An invitation or its cancellation as mail programs expect it (RFC 6047): one way to read the mail, which they act
    on, and a file for those that do not. What only tells of appointments is a file alone."""
    found = _METHOD.search(file)
    method = found[1] if found else ""
    if method in ("REQUEST", "CANCEL"):
        letter.attach_alternative(file, f"text/calendar; method={method}")
        letter.attach("appointment.ics", file.encode(), "application/ics")
    else:
        letter.attach("appointment.ics", file, "text/calendar")


def message_id_of(message: OutboundMessage) -> str:
    """The same for every attempt, so that a mail sent twice can be told to be one."""
    return f"<{message.pk}@{_domain()}>"


def address_in(message: OutboundMessage) -> str:
    """Where the mail's link leads: the client's own page, for staff the sign-in."""
    return links.url_of(message.link) if message.link else f"{settings.BASE_URL}/"


def _sender(practice: Practice | None) -> str:
    address: str = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    return formataddr((" ".join(practice.name.split()), address)) if practice else address


def _checked(address: str) -> str:
    return Address(addr_spec=address).addr_spec


def _domain() -> str:
    return (
        parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2]
        or urlsplit(settings.BASE_URL).hostname
        or "localhost"
    )
