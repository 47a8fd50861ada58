"""A series in words, as the reader's language and the practice's formats have it."""

import datetime as dt

from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from scheduling.models import Appointment, Series
from scheduling.rules import series as rules


class LocalWords(rules.Words):
    """Dates and weekdays in full."""

    def date(self, on: dt.date) -> str:
        return date_format(on, _("j F Y"))

    def time(self, at: dt.time) -> str:
        return time_format(at, "H:i")

    def weekday(self, day: int) -> str:
        return str(WEEKDAYS[day])


def said(recurrence: rules.Recurrence, begins_at: dt.time, first_on: dt.date) -> str:
    """“every week on Tuesday at 10:00, 8 times”."""
    return rules.described(recurrence, begins_at, first_on=first_on, words=LocalWords())


def said_of(series: Series) -> str:
    recurrence = rules.read(series.rule, zone=series.location.zone, begins_at=series.begins_at)
    return said(recurrence, series.begins_at, series.first_on)


def place_of(appointment: Appointment) -> dict[str, object] | None:
    """Which visit of its series it is, of how many: 1 query; None for a visit by itself."""
    if appointment.series is None:
        return None
    pks = list(appointment.series.appointments.order_by("series_on", "pk").values_list("pk", flat=True))
    return {"series": appointment.series, "number": pks.index(appointment.pk) + 1, "count": len(pks)}
