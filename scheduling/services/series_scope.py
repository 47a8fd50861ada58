"""Which visits of a series are meant: one, this and those that follow, or all that are still to come."""

import datetime as dt

from django.utils.translation import gettext as _

from clinic.core import clock
from clinic.core.errors import Refused, StaleVersion
from scheduling.models import Appointment, Series

SCOPES = ("one", "following", "all")


def series_of(appointment: Appointment) -> Series:
    """Raises Refused for a visit by itself."""
    if appointment.series is None:
        raise Refused(_("This appointment is not of a series."), code="no-series")
    return appointment.series


def date_of(appointment: Appointment) -> dt.date:
    """The date the rule gave it."""
    return appointment.series_on or appointment.starts_at.astimezone(appointment.zone).date()


def hold_series(series: Series, version: int | None) -> Series:
    """The series as it is now, held until the transaction ends. Raises StaleVersion."""
    held: Series = Series.objects.select_for_update(no_key=True, of=("self",)).get(pk=series.pk)
    if version is not None and version != held.version:
        raise StaleVersion(_("Somebody changed this series in the meantime. Look again before you go on."))
    return held


def check_known(scope: str) -> None:
    """Raises Refused for a scope there is not."""
    if scope not in SCOPES:
        raise Refused(_("Say whether it is for this visit, this and following, or all."), code="bad-scope")


def ahead(appointment: Appointment, scope: str, statuses: frozenset[str]) -> list[Appointment]:
    """The visits of a scope that are still to come, in order of their dates."""
    rows = Appointment.objects.filter(series=appointment.series_id, status__in=statuses)
    rows = rows.filter(pk=appointment.pk) if scope == "one" else rows.filter(during__startswith__gt=clock.now())
    if scope == "following":
        rows = rows.filter(series_on__gte=date_of(appointment))
    return list(rows.with_people().select_related("series").order_by("series_on", "pk"))


def has_own_time(appointment: Appointment) -> bool:
    """Whether a visit was moved away from what its series says."""
    series = appointment.series
    if series is None:
        return False
    local = appointment.starts_at.astimezone(appointment.zone)
    asked = (date_of(appointment), series.begins_at, series.therapist_id, series.duration_minutes)
    return (local.date(), local.time(), appointment.therapist_id, appointment.duration_minutes) != asked
