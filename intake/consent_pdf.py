"""Consents on paper: the words, who agreed, when, the signature as it was drawn."""

import datetime as dt
from collections.abc import Sequence

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clinic.core import clock
from clinic.people.models import Location, Practice
from clinic.ui.pdf import Sheet
from intake.models import Consent
from intake.signatures import drawn

FILE_NAME = "consent.pdf"


def pdf_of(consents: Sequence[Consent], *, location: Location) -> bytes:
    """Consents given with one signature, as one file. Raises IndexError for none. One query."""
    first = consents[0]
    practice = Practice.objects.first()
    clinic = practice.name if practice else location.name
    sheet = Sheet(title=_("What was agreed to"), author=clinic)
    where = location.name if location.name == clinic else f"{clinic}, {location.name}"
    sheet.facts(
        [
            (_("Client"), first.client.full_name),
            (_("Clinic"), where),
            (_("Given"), _moment(first.given_at, location)),
        ]
    )
    for consent in consents:
        sheet.heading(consent.title or consent.kind.capitalize())
        sheet.text(consent.text)
        sheet.text(_standing(consent, location), faint=True)
    sheet.space()
    ink = drawn(first.signature)
    if ink.strokes:
        sheet.ink(ink.strokes, width=ink.width, height=ink.height, label=_("Signature"))
    if first.signed_name:
        sheet.text(_("Signed by name: %(name)s") % {"name": first.signed_name})
    return sheet.build(foot=_("Copy from %(clinic)s") % {"clinic": clinic})


def _standing(consent: Consent, location: Location) -> str:
    version = _("Wording %(version)s (%(language)s).") % {
        "version": consent.text_version,
        "language": consent.language,
    }
    if consent.withdrawn_at is None:
        return version
    taken_back = _("Taken back %(when)s.") % {"when": _moment(consent.withdrawn_at, location)}
    return f"{version} {taken_back}"


def _moment(instant: dt.datetime, location: Location) -> str:
    """Day and time at the location, its zone named."""
    # Translators: a date format, see Django's `date` filter; T is the time zone.
    local = instant.astimezone(location.zone)
    return date_format(local, clock.with_zone_named(_("l j F Y, H:i T"), local))
