"""Cancels visits of a series."""

from django.utils.translation import gettext as _

from clinic.audit import services as audit
from clinic.core import clock
from clinic.core.errors import Refused
from clinic.people.models import User
from clinic.people.permissions import Permission, require
from scheduling.models import Appointment, Series
from scheduling.rules.status import CANCELLABLE
from scheduling.services import cancelling, series_mails
from scheduling.services.locks import lock
from scheduling.services.moving import check_version
from scheduling.services.series_scope import ahead, check_known, hold_series, series_of
from scheduling.services.transactions import retried


@retried
def cancel_series(
    *,
    appointment: Appointment,
    scope: str,
    by: User,
    reason: str = "",
    cancelled_by: str = "",
    version: int | None = None,
    series_version: int | None = None,
) -> list[Appointment]:
    """Cancel the visits of the scope that still can be; each is late or not by its own notice. One mail for all.

    Raises Refused when none is left, StaleVersion when somebody changed this visit (`version`) or the series
    (`series_version`) in between.
    """
    require(by, Permission.BOOK, appointment)
    series = series_of(appointment)
    if scope == "one":
        cancelled = [
            cancelling.cancel_appointment(
                appointment=appointment, by=by, reason=reason, cancelled_by=cancelled_by, version=version
            )
        ]
        hold_series(series, series_version)  # after the people, as everywhere
        return cancelled
    check_known(scope)
    found = ahead(appointment, scope, CANCELLABLE)
    lock(therapists=[each.therapist for each in found], rooms=[each.room for each in found], client=appointment.client)
    check_version(Appointment.objects.get(pk=appointment.pk), version)
    found = ahead(appointment, scope, CANCELLABLE)
    if not found:
        raise Refused(_("No visit of it can be cancelled any more."), code="not-cancellable")
    cancelled = [
        cancelling.cancel(each, actor=by, reason=reason, cancelled_by=cancelled_by, is_told=False) for each in found
    ]
    series = _end(hold_series(series, series_version))
    series_mails.tell_cancelled(series, cancelled)
    changes = {"scope": scope, "visits": len(cancelled)}
    audit.record(by, "series.cancelled", series, client=series.client, changes=changes)
    return cancelled


def _end(series: Series) -> Series:
    """Over once nothing of it is to come."""
    series.version += 1
    if not series.appointments.active().filter(during__startswith__gt=clock.now()).exists():
        series.ended_at = clock.now()
    series.save(update_fields=["version", "ended_at", "updated_at"])
    return series
