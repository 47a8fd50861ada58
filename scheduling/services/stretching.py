"""Makes a visit longer or shorter; where and when it begins stays."""

import datetime as dt

from django.utils.translation import gettext as _

from clinic.audit import services as audit
from clinic.core.errors import Conflict, Refused
from clinic.messaging.models import Purpose
from clinic.people.models import User
from clinic.people.permissions import Permission, require
from scheduling.models import Appointment
from scheduling.rules.status import STRETCHABLE
from scheduling.services import checks, clashes, holds, mails
from scheduling.services.booking import place
from scheduling.services.clashes import Wish
from scheduling.services.locks import lock, lock_appointment
from scheduling.services.moving import check_version
from scheduling.services.transactions import retried

SHORTEST = dt.timedelta(minutes=5)
LONGEST = dt.timedelta(hours=8)


@retried
def stretch_appointment(
    *, appointment: Appointment, ends_at: dt.datetime, by: User, version: int | None = None, overlap_reason: str = ""
) -> Appointment:
    """Let a visit end earlier or later; its buffer stays behind it.

    Raises Refused (too short, too long, over working hours or time off), Conflict (somebody is there already; names
    who, and until when it could last), StaleVersion when somebody changed it in between.
    """
    require(by, Permission.OVERLAP if overlap_reason else Permission.BOOK, appointment)
    checks.check_scope(by, appointment.location)
    lock(therapists=[appointment.therapist], rooms=[appointment.room], client=appointment.client)
    appointment = lock_appointment(appointment)
    check_version(appointment, version)
    _check_length(appointment, ends_at)
    if ends_at == appointment.ends_at:
        return appointment
    wish = _wish(appointment, ends_at, by)
    if ends_at > appointment.ends_at:
        checks.open_rooms([wish])
        checks.check_working(appointment.therapist, appointment.location, (wish.starts_at, wish.ends_at))
    in_the_way = newly_taken(appointment, wish)
    if in_the_way and not overlap_reason:
        raise _conflict(appointment, wish, in_the_way)
    if ends_at > appointment.ends_at and holds.standing_in_the_way(wish).exists():
        raise holds.held(wish)
    _put(appointment, wish, overlap_reason if in_the_way else _still_overlapping(appointment, wish))
    mails.tell(appointment, Purpose.MOVED)
    changes = {"ends_at": appointment.previous["ends_at"]} | ({"overlap": True} if in_the_way else {})
    audit.record(by, "appointment.stretched", appointment, client=appointment.client, changes=changes)
    return appointment


def newly_taken(appointment: Appointment, wish: Wish) -> list[Appointment]:
    """Whom the new length meets that the present one does not: what overlaps already does so on purpose. 2 queries."""
    present = {each.pk for each in clashes.clashing(clashes.wish_of(appointment, by=wish.by))}
    return [each for each in clashes.clashing(wish) if each.pk not in present]


def _check_length(appointment: Appointment, ends_at: dt.datetime) -> None:
    if appointment.status not in STRETCHABLE:
        raise Refused(_("The length of a visit that is over stays as it is."), code="not-stretchable")
    checks.check_when(appointment.starts_at, appointment.location)
    if ends_at.tzinfo is None:
        raise Refused(_("Say in which time zone that is."), code="naive-time")
    if ends_at.second or ends_at.microsecond:
        raise Refused(_("Appointments end on a full minute."), code="not-on-the-minute")
    if ends_at - appointment.starts_at < SHORTEST:
        raise Refused(_("A visit lasts at least 5 minutes."), code="too-short")
    if ends_at - appointment.starts_at > LONGEST:
        raise Refused(_("A visit lasts at most 8 hours."), code="too-long")


def _wish(appointment: Appointment, ends_at: dt.datetime, by: User) -> Wish:
    minutes = int((ends_at - appointment.starts_at).total_seconds() // 60)
    return Wish(
        client=appointment.client,
        service=appointment.service,
        therapist=appointment.therapist,
        room=appointment.room,
        starts_at=appointment.starts_at,
        by=by,
        moving=appointment,
        minutes=minutes,
    )


def _conflict(appointment: Appointment, wish: Wish, in_the_way: list[Appointment]) -> Conflict:
    """Besides whom it meets: the latest end that would not, if that is longer than it is."""
    refusal = clashes.conflict(wish, in_the_way)
    free_until = min(each.starts_at for each in in_the_way) - appointment.buffer
    if free_until > appointment.ends_at:
        refusal.details["free_until"] = free_until
    return refusal


def _still_overlapping(appointment: Appointment, wish: Wish) -> str:
    """The reason of an overlap that was there before and still is; none once the visits have come apart."""
    return appointment.overlap_reason if appointment.is_overlap_allowed and clashes.clashing(wish) else ""


def _put(appointment: Appointment, wish: Wish, overlap_reason: str) -> None:
    appointment.previous = {
        "ends_at": appointment.ends_at.isoformat(),
        "overlap_reason": appointment.overlap_reason,
    }
    clashes.say_overlap(appointment, overlap_reason)
    appointment.during, appointment.occupies = wish.during, wish.occupies
    appointment.version += 1
    place(appointment, wish)
