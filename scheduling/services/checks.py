"""What must hold for a time before it is booked: said in words that name what to do instead."""

import datetime as dt
import uuid
from typing import Any

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.core import clock
from clinic.core.errors import Missing, Refused
from clinic.people.models import Location, Room, User
from scheduling.availability import FARTHEST, fits, limits, openings
from scheduling.availability.limits import Limit
from scheduling.models import DailyLimit, OutsideBusy, RoomClosure, Service, TimeOff
from scheduling.rules.walltime import Span
from scheduling.services import clashes
from scheduling.services.clashes import Wish


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


def check_wish(wish: Wish, location: Location) -> None:
    """Whatever else must hold for a visit besides nobody being in the way; the therapist's row is locked.

    Raises Refused. 6 queries, 1 more where a limit applies.
    """
    check_offer(wish.service, wish.therapist, wish.room)
    check_working(wish.therapist, location, (wish.starts_at, wish.ends_at))
    if wish.service.is_for_new_clients_only and limits.has_been_here(wish.client, moving=wish.moving):
        raise Refused(
            _("%(service)s is for new clients only, and this client has been here. Choose another service.")
            % {"service": wish.service},
            code="new-clients-only",
        )
    _check_daily_limit(wish, location)


def _check_daily_limit(wish: Wish, location: Location) -> None:
    rows = DailyLimit.objects.filter(Q(service=None) | Q(service=wish.service), therapist=wish.therapist)
    limited = [Limit(each.therapist_id, each.service_id is not None, each.visits) for each in rows]
    if not limited:
        return
    day = wish.starts_at.astimezone(location.zone).date()
    full = limits.full_days(limited, day, day, service=wish.service, moving=wish.moving)
    if visits := full.get((wish.therapist.pk, day)):
        text = ngettext(
            "%(therapist)s takes %(visits)s visit that day, and has it. Choose another day.",
            "%(therapist)s takes %(visits)s visits that day, and has them. Choose another day.",
            visits,
        )
        words = {"therapist": wish.therapist, "visits": visits}
        raise Refused(text % words, code="daily-limit", details=clashes.details(wish, []))


def open_rooms(wishes: list[Wish]) -> list[Wish]:
    """The wishes whose room is not closed then. Raises Refused when all are. 1 query."""
    reasons = _closures([wish.room for wish in wishes], (wishes[0].starts_at, wishes[0].occupied_until))
    left = [wish for wish in wishes if wish.room.pk not in reasons]
    if not left:
        room = wishes[0].room
        raise _room_closed(room, reasons[room.pk], clashes.details(wishes[0], []))
    return left


def check_room_open(room: Room, span: Span) -> None:
    """Raises Refused while a room is closed. 1 query."""
    reasons = _closures([room], span)
    if reasons:
        raise _room_closed(room, reasons[room.pk], {})


def _closures(rooms: list[Room], span: Span) -> dict[uuid.UUID, str]:
    shut = RoomClosure.objects.overlapping(*span).filter(room__in=rooms)
    return dict(shut.values_list("room_id", "reason"))


def _room_closed(room: Room, reason: str, details: dict[str, Any]) -> Refused:
    words = {"room": room, "reason": reason or _("closed for a while")}
    text = _("%(room)s cannot be used then: %(reason)s. Choose another room or time.")
    return Refused(text % words, code="room-closed", details=details)


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
    """Raises Refused unless the therapist works there then and is not away. 3 queries."""
    day = span[0].astimezone(location.zone).date()
    table = openings.read(Q(therapist=therapist), first_day=day, last_day=day, places=[location.pk])
    check_hours(table, therapist, location, span)
    away = (each.objects.overlapping(*span).filter(therapist=therapist) for each in (TimeOff, OutsideBusy))
    check_presence(therapist, is_off=next(away).exists(), is_busy=next(away).exists())


def check_hours(table: openings.Timetable, therapist: User, location: Location, span: Span) -> None:
    """Raises Refused unless the span fits into the hours of its day, in a timetable that was read before."""
    day = span[0].astimezone(location.zone).date()
    key = (therapist.pk, location.pk)
    open_ = table.on(day).get(key, [])
    if not _within(span, open_):
        whole = _within(span, table.without_breaks(day).get(key, []))
        raise _closed(therapist, location, open_, holiday=table.closed.get((location.pk, day)), in_a_break=whole)


def check_presence(therapist: User, *, is_off: bool, is_busy: bool) -> None:
    """Raises Refused for a therapist who is away, or busy in another calendar."""
    if is_off:
        raise Refused(_("%(therapist)s is off then.") % {"therapist": therapist}, code="time-off")
    if is_busy:
        raise Refused(
            _("%(therapist)s is busy then, says their own calendar. Choose another time.") % {"therapist": therapist},
            code="busy-elsewhere",
        )


def place_of(therapist: User, service: Service, starts_at: dt.datetime) -> Location:
    """Where a therapist works at an instant. Raises Refused when nowhere, or where the visit does not fit."""
    one, day = dt.timedelta(days=1), starts_at.date()
    for each in openings.openings(therapists=[therapist], first_day=day - one, last_day=day + one):
        if each.span[0] <= starts_at < each.span[1]:
            return each.location
    raise Refused(_("%(therapist)s does not work then.") % {"therapist": therapist}, code="not-working")


def check_scope(by: User | None, location: Location) -> None:
    """Raises Missing when the place is not one of the person's."""
    if by is not None and not by.is_owner and location.pk not in by.location_ids:
        raise Missing(_("This is not here, or not at your location."))


def _within(span: Span, hours: list[Span]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in hours)


def _closed(
    therapist: User, location: Location, hours: list[Span], *, holiday: str | None, in_a_break: bool
) -> Refused:
    """Why a visit does not fit into the hours, and what would."""
    if holiday is not None:
        words = {"location": location, "holiday": holiday}
        return Refused(_("%(location)s is closed that day: %(holiday)s.") % words, code="holiday")
    words = {"therapist": therapist, "location": location, "hours": _spans(hours, location)}
    if in_a_break:
        text = _("%(therapist)s has a break then. Free for visits: %(hours)s.")
        return Refused(text % words, code="break")
    if not hours:
        return Refused(_("%(therapist)s does not work at %(location)s that day.") % words, code="not-working")
    text = _("%(therapist)s works %(hours)s at %(location)s that day. The visit must fit in there.")
    return Refused(text % words, code="not-working")


def _spans(hours: list[Span], location: Location) -> str:
    return ", ".join(
        "–".join(date_format(localtime(instant, location.zone), "H:i") for instant in span) for span in sorted(hours)
    )
