"""What a client is told about a series: one mail for all its visits, and a reminder of each."""

from collections.abc import Sequence

from clinic.core import clock
from clinic.messaging.models import Purpose
from clinic.messaging.services import enqueue, void
from clinic.people.models import Practice
from scheduling import calendar_file
from scheduling.models import Appointment, Series
from scheduling.services import asking, mails

_OF_SERIES: list[str] = [Purpose.SERIES, Purpose.SERIES_MOVED, Purpose.SERIES_CANCELLED]


def tell_booked(series: Series, visits: Sequence[Appointment]) -> None:
    """The visits are booked."""
    _remind(visits)
    _tell(series, visits, Purpose.SERIES)


def tell_changed(series: Series, visits: Sequence[Appointment], *, before: Series) -> None:
    """The visits have new times; a mail that still waits to say they are booked is written anew instead.

    `before` is the series they were of, the same one unless it was split.
    """
    for visit in visits:
        mails.hush(visit)
    _remind(visits)
    if _is_untold(before):
        _tell(series, _ahead(before, series), Purpose.SERIES)
    else:
        _tell(series, visits, Purpose.SERIES_MOVED)


def tell_cancelled(series: Series, visits: Sequence[Appointment]) -> None:
    """The visits will not be; what waited about each of them was taken back with it."""
    if _is_untold(series):
        _tell(series, _ahead(series), Purpose.SERIES)
    else:
        _tell(series, visits, Purpose.SERIES_CANCELLED)


def _ahead(*series: Series) -> list[Appointment]:
    return list(Appointment.objects.active().filter(series__in=series).with_people())


def _is_untold(series: Series) -> bool:
    """Whether the mail that it was booked had not gone; it is taken back, with any that came after."""
    was_waiting = void(about_id=series.pk, purposes=[Purpose.SERIES]) > 0
    void(about_id=series.pk, purposes=_OF_SERIES)
    return was_waiting


def _remind(visits: Sequence[Appointment]) -> None:
    for visit in visits:
        mails.remind(visit)
        if visit.invitation_id:
            asking.tell(visit)


def _tell(series: Series, visits: Sequence[Appointment], purpose: Purpose) -> None:
    """Nothing of times gone by."""
    now = clock.now()
    ahead = sorted((each for each in visits if each.starts_at > now), key=lambda visit: visit.starts_at)
    if not ahead:
        return
    first = ahead[0]
    enqueue(
        purpose=purpose,
        dedupe_key=f"{series.pk}:{purpose}:{series.version}",
        client=series.client,
        location=first.location,
        due_at=now + mails.UNDO_TIME,
        link=mails.link_to(first),
        about_id=series.pk,
        about_at=first.starts_at,
        expires_at=ahead[-1].starts_at,
        calendar_file=calendar_file.render_all(ahead, practice=Practice.objects.first()),
    )
