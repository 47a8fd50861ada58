"""What must hold for a time before it is booked: said in words that name what to do instead."""

import datetime as dt

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from clinic.core import clock
from clinic.core.errors import Missing, Refused
from clinic.people.models import Location, Room, User
from scheduling.availability import fits
from scheduling.models import Service, TimeOff, WorkingHours
from scheduling.rules.walltime import Span, weekly_spans

FARTHEST = dt.timedelta(days=2 * 366)


def check_offer(service: Service, therapist: User, room: Room) -> None:
    """Raises Refused when the service is not offered like that."""
    if not service.is_active:
        raise Refused(_("%(service)s is not offered any more.") % {"service": service}, code="service-retired")
    if not therapist.is_active or not service.therapists.filter(pk=therapist.pk).exists():
        raise Refused(
            _("%(therapist)s does not offer %(service)s.") % {"therapist": therapist, "service": service},
            code="not-offered",
        )
    if not room.is_active:
        raise Refused(_("%(room)s is not in use.") % {"room": room}, code="room-closed")
    if not fits(room, service):
        raise Refused(
            _("%(room)s lacks what %(service)s needs. Choose another room.") % {"room": room, "service": service},
            code="room-lacks-equipment",
        )


def check_when(starts_at: dt.datetime, location: Location) -> None:
    """The desk may write down what began earlier today, nothing before. Raises Refused."""
    if starts_at.tzinfo is None:
        raise Refused(_("Say in which time zone that is."), code="naive-time")
    today = clock.today(location.zone)
    if starts_at.astimezone(location.zone).date() < today:
        raise Refused(_("That day is over. Choose today or later."), code="in-the-past")
    if starts_at > clock.now() + FARTHEST:
        raise Refused(_("That is too far ahead: at most two years."), code="too-far-ahead")
    if starts_at.second or starts_at.microsecond:
        raise Refused(_("Appointments begin on a full minute."), code="not-on-the-minute")


def check_working(therapist: User, location: Location, span: Span) -> None:
    """Raises Refused unless the therapist works there then. 2 queries."""
    day = span[0].astimezone(location.zone).date()
    patterns = WorkingHours.objects.valid_between(day, day).filter(therapist=therapist, location=location)
    hours = sorted(each for pattern in patterns for each in weekly_spans(pattern, location.zone, day, day))
    if not any(start <= span[0] and span[1] <= end for start, end in hours):
        raise Refused(_not_working(therapist, location, hours), code="not-working")
    if TimeOff.objects.overlapping(*span).filter(therapist=therapist).exists():
        raise Refused(_("%(therapist)s is off then.") % {"therapist": therapist}, code="time-off")


def place_of(therapist: User, service: Service, starts_at: dt.datetime) -> Location:
    """Where a therapist works at an instant. Raises Refused when nowhere, or where the visit does not fit."""
    day = starts_at.date()
    one = dt.timedelta(days=1)
    for pattern in WorkingHours.objects.valid_between(day - one, day + one).filter(therapist=therapist):
        location: Location = pattern.location
        for start, end in weekly_spans(pattern, location.zone, day - one, day + one):
            if start <= starts_at < end:
                return location
    raise Refused(_("%(therapist)s does not work then.") % {"therapist": therapist}, code="not-working")


def check_scope(by: User | None, location: Location) -> None:
    """Raises Missing when the place is not one of the person's."""
    if by is not None and not by.is_owner and location.pk not in by.location_ids:
        raise Missing(_("This is not here, or not at your location."))


def _not_working(therapist: User, location: Location, hours: list[Span]) -> str:
    if not hours:
        return _("%(therapist)s does not work at %(location)s that day.") % {
            "therapist": therapist,
            "location": location,
        }
    spans = ", ".join(
        "–".join(date_format(localtime(instant, location.zone), "H:i") for instant in span) for span in hours
    )
    return _("%(therapist)s works %(hours)s at %(location)s that day. The visit must fit in there.") % {
        "therapist": therapist,
        "hours": spans,
        "location": location,
    }
