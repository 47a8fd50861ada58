"""Books visits that come back: every date is looked at before anything is saved, then all of them or none."""

import datetime as dt
import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.audit import services as audit
from clinic.core.errors import Conflict, DomainError, Refused
from clinic.people.models import Client, Location, Room, User
from clinic.people.permissions import Permission, require
from scheduling.models import Appointment, BookingRequest, Series, Service
from scheduling.rules import series as rules
from scheduling.services import booking, checks, series_mails
from scheduling.services.locks import lock
from scheduling.services.recurring import Setting, Visit, look
from scheduling.services.transactions import retried

FARTHEST_SHIFT = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Choice:
    """What becomes of one date: left out, or at another time; neither: as the rule says."""

    is_skipped: bool = False
    starts_at: dt.datetime | None = None


Choices = Mapping[dt.date, Choice]
AS_IT_IS = Choice()


@dataclass(frozen=True, slots=True)
class Plan:
    """A series as it is asked for, by wall time at its location."""

    client: Client
    service: Service
    therapist: User
    location: Location
    rule: str
    first_on: dt.date
    begins_at: dt.time
    room: Room | None = None  # nothing but this one
    usual_room: Room | None = None  # this one where it is free
    timezone: str = ""
    note: str = ""

    @property
    def zone(self) -> ZoneInfo:
        return self.location.zone

    @property
    def recurrence(self) -> rules.Recurrence:
        """Raises Refused for a rule that cannot be."""
        return rules.read(self.rule, zone=self.zone, begins_at=self.begins_at)


@dataclass(slots=True)
class Preview:
    """Every date of a plan with its state."""

    recurrence: rules.Recurrence
    first_on: dt.date
    visits: list[Visit] = field(default_factory=list)

    @property
    def in_question(self) -> list[Visit]:
        return [each for each in self.visits if each.is_in_question]

    @property
    def booked(self) -> list[Visit]:
        return [each for each in self.visits if not each.is_skipped]


def preview_series(*, plan: Plan, by: User, choices: Choices | None = None) -> Preview:
    """Every date of the series: free, or what is in the way and what is free near it. At most 20 queries.

    Raises Refused for a rule, a service, a therapist or a room that cannot be.
    """
    require(by, Permission.BOOK, plan.client)
    setting = _setting(plan, by)
    recurrence = plan.recurrence
    days = rules.dates(recurrence, first_on=plan.first_on)
    visits = visits_of(rules.moments(days, plan.begins_at, plan.zone), choices or {})
    return Preview(recurrence, days[0], look(setting, visits))


@retried
def book_series(
    *, plan: Plan, by: User, choices: Choices | None = None, request_key: uuid.UUID | None = None
) -> Series:
    """Book every date of a plan that is not left out, all or none.

    Raises Refused as `preview_series` does, Conflict `series-clash` while a date is in question: its details name each.
    The same `request_key` answers with the series it booked before.
    """
    require(by, Permission.BOOK, plan.client)
    setting = _setting(plan, by)
    lock(therapists=[plan.therapist], rooms=setting.rooms, client=plan.client)
    fingerprint = _fingerprint(plan, choices or {}, by)
    if earlier := _answered(request_key, fingerprint):
        return earlier
    preview = preview_series(plan=plan, by=by, choices=choices)
    check_settled(preview.visits)
    series = Series.objects.create(
        client=plan.client,
        service=plan.service,
        therapist=plan.therapist,
        location=plan.location,
        room=plan.room,
        rule=preview.recurrence.text,
        first_on=preview.first_on,
        begins_at=plan.begins_at,
        timezone=plan.location.timezone,
        duration_minutes=plan.service.duration_minutes,
        booked_by=by,
    )
    booked = [_book(plan, series, visit, by) for visit in preview.booked]
    if request_key:
        BookingRequest.objects.create(key=request_key, fingerprint=fingerprint, appointment=booked[0])
    series_mails.tell_booked(series, booked)
    audit.record(by, "series.booked", series, client=plan.client, changes={"visits": len(booked)})
    return series


def visits_of(moments: list[rules.Moment], choices: Choices) -> list[Visit]:
    """Dates with what was chosen for each. Raises Refused for a choice that is of no date, or far from its own."""
    strange = set(choices) - {each.on for each in moments}
    if strange:
        raise Refused(
            _("The series has no visit on %(date)s.") % {"date": f"{min(strange):%Y-%m-%d}"}, code="no-such-date"
        )
    visits = []
    for moment in moments:
        choice = choices.get(moment.on, AS_IT_IS)
        _check_near(moment, choice)
        is_shifted = choice.starts_at is not None and choice.starts_at != moment.starts_at
        visits.append(
            Visit(
                moment,
                None if choice.is_skipped else choice.starts_at or moment.starts_at,
                is_skipped=choice.is_skipped,
                is_shifted=is_shifted,
            )
        )
    return visits


def check_settled(visits: list[Visit]) -> None:
    """Raises Conflict naming the dates in question, Refused when every date is left out."""
    open_ones = [each for each in visits if each.is_in_question]
    if open_ones:
        raise in_question(open_ones)
    if all(each.is_skipped for each in visits):
        raise Refused(_("Every date is left out: there is nothing to book."), code="nothing-left")


def in_question(visits: list[Visit]) -> Conflict:
    """The refusal while dates still need a decision."""
    message = ngettext(
        "%(count)d date needs a decision: leave it out, or choose another time.",
        "%(count)d dates need a decision: leave them out, or choose other times.",
        len(visits),
    )
    return Conflict(
        message % {"count": len(visits)}, code="series-clash", details={"visits": [described(each) for each in visits]}
    )


def described(visit: Visit) -> dict[str, Any]:
    """A date for programs."""
    return {
        "on": visit.moment.on.isoformat(),
        "starts_at": visit.starts_at,
        "state": "skipped" if visit.is_skipped else visit.state,
        "message": visit.message,
        "room": str(visit.room.pk) if visit.room else None,
        "alternatives": visit.alternatives,
    }


def _check_near(moment: rules.Moment, choice: Choice) -> None:
    if choice.starts_at is None:
        return
    if choice.starts_at.tzinfo is None:
        raise Refused(_("Say in which time zone that is."), code="naive-time")
    if abs(choice.starts_at.replace(tzinfo=None) - moment.local) > FARTHEST_SHIFT:
        raise Refused(
            _("A visit is shifted by a week at most. Leave that date out and book it by itself."),
            code="shifted-too-far",
        )


def _setting(plan: Plan, by: User) -> Setting:
    """Raises Refused, Missing as booking a single visit does."""
    booking.check_open(plan.client)
    checks.check_scope(by, plan.location)
    _check_zone(plan)
    if plan.room and plan.room.location_id != plan.location.pk:
        raise Refused(_("%(room)s is at another location.") % {"room": plan.room}, code="room-elsewhere")
    rooms = [plan.room] if plan.room else booking.rooms_for(plan.service, plan.location)
    checks.check_offer(plan.service, plan.therapist, plan.usual_room or rooms[0])
    if plan.begins_at.second or plan.begins_at.microsecond or plan.begins_at.tzinfo:
        raise Refused(_("Appointments begin on a full minute."), code="not-on-the-minute")
    usual = plan.usual_room.pk if plan.usual_room else None
    return Setting(
        client=plan.client,
        service=plan.service,
        therapist=plan.therapist,
        location=plan.location,
        rooms=tuple(sorted(rooms, key=lambda room: room.pk != usual)),
        minutes=plan.service.duration_minutes,
        by=by,
    )


def _check_zone(plan: Plan) -> None:
    if plan.timezone and plan.timezone != plan.location.timezone:
        words = {"zone": plan.location.timezone, "location": plan.location}
        raise Refused(
            _("Times at %(location)s are those of %(zone)s. Give them in that zone.") % words, code="other-zone"
        )


def _book(plan: Plan, series: Series, visit: Visit, by: User) -> Appointment:
    """One visit; what was free under the lock is free still, unless two dates of the series meet. Raises Conflict."""
    if visit.starts_at is None or visit.room is None:
        raise in_question([visit])
    try:
        return booking.book(
            client=plan.client,
            service=plan.service,
            therapist=plan.therapist,
            room=visit.room,
            starts_at=visit.starts_at,
            actor=by,
            note=plan.note,
            origin=Appointment.Origin.SERIES,
            series=series,
            series_on=visit.moment.on,
            is_told=False,
        )
    except DomainError as refusal:
        visit.state, visit.message = refusal.code, refusal.message
        raise in_question([visit]) from refusal


def _answered(key: uuid.UUID | None, fingerprint: str) -> Series | None:
    known = BookingRequest.objects.filter(key=key).select_related("appointment__series").first() if key else None
    if known is None:
        return None
    if known.fingerprint != fingerprint:
        raise Refused(_("This form has booked something else already. Start a new booking."), code="key-reused")
    series: Series | None = known.appointment.series
    return series


def _fingerprint(plan: Plan, choices: Choices, by: User) -> str:
    parts = [
        *(plan.client.pk, plan.service.pk, plan.therapist.pk, plan.location.pk, plan.room.pk if plan.room else ""),
        *(plan.rule, plan.first_on, plan.begins_at, by.pk),
        *sorted((on, each.is_skipped, each.starts_at or "") for on, each in choices.items()),
    ]
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()
