"""Moves visits of a series: one, this and those that follow, or all that are still to come."""

import datetime as dt
from dataclasses import dataclass, replace

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _

from clinic.audit import services as audit
from clinic.core.errors import Conflict, Refused
from clinic.messaging.models import Purpose
from clinic.people.models import Room, User
from clinic.people.permissions import Permission, require
from scheduling.models import Appointment, Series
from scheduling.rules import series as rules
from scheduling.rules.status import MOVABLE
from scheduling.services import asking, booking, checks, mails, series_mails
from scheduling.services.clashes import Wish
from scheduling.services.freed import Freed, slot_came_free
from scheduling.services.locks import lock
from scheduling.services.recurring import Setting, Visit, look
from scheduling.services.series import Choices, check_settled, in_question, visits_of
from scheduling.services.series_scope import ahead, check_known, date_of, has_own_time, hold_series, series_of
from scheduling.services.transactions import retried

SHORTEST, LONGEST = 5, 480


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes different; None: as it is. `weekday` is put in place of the visit's own."""

    begins_at: dt.time | None = None
    weekday: int | None = None
    therapist: User | None = None
    room: Room | None = None
    any_room: bool = False  # no fixed room any more: the present one while it is free, else any that fits
    duration_minutes: int | None = None
    moves_moved: bool = False  # also those that were moved by themselves

    def __bool__(self) -> bool:
        wanted = (self.begins_at, self.weekday is not None, self.therapist, self.room, self.any_room)
        return any((*wanted, self.duration_minutes))

    def fixed_room(self, before: Room | None) -> Room | None:
        """The one room of the series from now on, if it has one."""
        return None if self.any_room else self.room or before


@dataclass(slots=True)
class ChangePreview:
    """Every visit that a change concerns, at its new time; `kept` keep theirs."""

    setting: Setting
    recurrence: rules.Recurrence
    visits: list[Visit]
    kept: dict[dt.date, Appointment]  # by the date they have in the series from now on


def preview_change(
    *, appointment: Appointment, scope: str, change: Change, by: User, choices: Choices | None = None
) -> ChangePreview:
    """Where each visit of the scope would be, what is in the way there, and what is free near it."""
    require(by, Permission.BOOK, appointment)
    series = series_of(appointment)
    _check(change, scope, series)
    checks.check_scope(by, change.room.location if change.room else appointment.location)
    concerned, kept = _concerned(appointment, scope, change)
    if not concerned:
        raise Refused(_("No visit of it can be moved any more."), code="nothing-to-change")
    setting = _setting(appointment, series, change, by)
    old = rules.read(series.rule, zone=appointment.zone, begins_at=series.begins_at)
    recurrence, shift = old, _Shift()
    if change.weekday is not None and scope != "one":
        recurrence = rules.on_other_weekday(old, old=date_of(appointment).weekday(), new=change.weekday)
    if change.weekday is not None:
        shift = _Shift(date_of(appointment).weekday(), change.weekday)
    begins_at = change.begins_at or series.begins_at
    rows = {shift(date_of(each)): each for each in concerned}
    visits = visits_of(rules.moments(sorted(rows), begins_at, appointment.zone), choices or {})
    for visit in visits:
        visit.appointment = rows[visit.moment.on]
    return ChangePreview(setting, recurrence, look(setting, visits), {shift(date_of(each)): each for each in kept})


@retried
def change_series(
    *,
    appointment: Appointment,
    scope: str,
    change: Change,
    by: User,
    choices: Choices | None = None,
    version: int | None = None,
) -> Series:
    """Move the visits of the scope, each but those that are skipped, which stay where they were; all or none.

    Visits that are past, settled, or were moved by themselves keep their time. Raises Refused, Conflict as
    `preview_change` and `book_series` do, StaleVersion when somebody changed the series in between.
    """
    require(by, Permission.BOOK, appointment)
    series = series_of(appointment)
    before = preview_change(appointment=appointment, scope=scope, change=change, by=by, choices=choices)
    old_places = [each.appointment for each in before.visits if each.appointment]
    lock(
        therapists=[before.setting.therapist, *(each.therapist for each in old_places)],
        rooms=[*before.setting.rooms, *(each.room for each in old_places)],
        client=series.client,
    )
    series = hold_series(series, version)
    preview = preview_change(appointment=appointment, scope=scope, change=change, by=by, choices=choices)
    check_settled(preview.visits)
    held = _held(preview.visits)
    left = {pk: Freed.of(each) for pk, each in held.items()}
    target = series if scope == "one" else _target(series, preview, change)
    moved = [_move(visit, held, target, preview.setting) for visit in preview.visits]
    told = [visit for visit, is_moved in moved if is_moved]
    if told:
        _tell(scope, target, told, before=series)
    for each in told:
        slot_came_free(left[each.pk])
    changes = {"scope": scope, "visits": len(told)}
    audit.record(by, "series.changed", target, client=series.client, changes=changes)
    return target


def _tell(scope: str, series: Series, moved: list[Appointment], *, before: Series) -> None:
    if scope != "one":
        series_mails.tell_changed(series, moved, before=before)
        return
    for visit in moved:
        mails.tell(visit, Purpose.MOVED)
        asking.tell(visit)


@dataclass(frozen=True, slots=True)
class _Shift:
    """Moves dates of one weekday to another of the same week."""

    old: int = 0
    new: int = 0

    def __call__(self, day: dt.date) -> dt.date:
        return day + dt.timedelta(days=self.new - self.old) if day.weekday() == self.old else day


def _check(change: Change, scope: str, series: Series) -> None:
    check_known(scope)
    if not change:
        raise Refused(_("Say what is to be different."), code="no-change")
    if change.weekday is not None and not 0 <= change.weekday <= 6:
        raise Refused(_("That is not a day of the week."), code="bad-weekday")
    if change.begins_at and (change.begins_at.second or change.begins_at.microsecond or change.begins_at.tzinfo):
        raise Refused(_("Appointments begin on a full minute."), code="not-on-the-minute")
    if change.duration_minutes is not None and not SHORTEST <= change.duration_minutes <= LONGEST:
        raise Refused(_("A visit takes 5 minutes to 8 hours."), code="bad-duration")
    if change.room and change.any_room:
        raise Refused(_("Say one room, or any, not both."), code="bad-room")
    if change.room and change.room.location_id != series.location_id:
        raise Refused(_("%(room)s is at another location.") % {"room": change.room}, code="room-elsewhere")


def _concerned(appointment: Appointment, scope: str, change: Change) -> tuple[list[Appointment], list[Appointment]]:
    """Visits to be moved, and those that keep a time of their own."""
    found = ahead(appointment, scope, MOVABLE)
    if scope == "one" or change.moves_moved:
        return found, []
    own = [each for each in found if has_own_time(each)]
    return [each for each in found if each not in own], own


def _setting(appointment: Appointment, series: Series, change: Change, by: User) -> Setting:
    therapist = change.therapist or series.therapist
    room = change.fixed_room(series.room)
    rooms = [room] if room else booking.rooms_for(series.service, series.location)
    checks.check_offer(series.service, therapist, rooms[0])
    return Setting(
        client=series.client,
        service=series.service,
        therapist=therapist,
        location=series.location,
        rooms=tuple(sorted(rooms, key=lambda each: each.pk != appointment.room_id)),
        minutes=change.duration_minutes or series.duration_minutes,
        by=by,
    )


def _held(visits: list[Visit]) -> dict[object, Appointment]:
    """The visits as they are now, held until the transaction ends. Raises Conflict when one was settled meanwhile."""
    wanted = [each.appointment.pk for each in visits if each.appointment]
    rows = Appointment.objects.filter(pk__in=wanted, status__in=MOVABLE).order_by("pk")
    held = {row.pk: row for row in rows.select_for_update(no_key=True, of=("self",)).with_people()}
    if len(held) < len(wanted):
        raise Conflict(
            _("Somebody changed a visit of it in the meantime. Look again before you go on."), code="changed"
        )
    return held


def _move(visit: Visit, held: dict[object, Appointment], series: Series, setting: Setting) -> tuple[Appointment, bool]:
    """Put one visit in its new place, unless it is skipped, and into its series. Returns whether it moved."""
    if visit.appointment is None or (not visit.is_skipped and (visit.starts_at is None or visit.room is None)):
        raise in_question([visit])
    appointment = held[visit.appointment.pk]
    appointment.series, appointment.series_on = series, visit.moment.on
    wish = None
    if visit.starts_at is not None and visit.room is not None:
        wish = setting.wish(visit.room, visit.starts_at, moving=appointment)
    if wish is None or _is_there(appointment, wish):
        appointment.save(update_fields=["series", "series_on", "updated_at"])
        return appointment, False
    appointment.therapist, appointment.room, appointment.location = wish.therapist, wish.room, setting.location
    appointment.during = wish.during
    appointment.occupies = DateTimeTZRange(wish.starts_at, wish.starts_at + setting.occupied)
    appointment.is_overlap_allowed, appointment.overlap_reason = False, ""  # nothing is there
    if appointment.status == Appointment.Status.CONFIRMED:
        appointment.status = Appointment.Status.BOOKED  # it was the other time that was confirmed
    appointment.previous = {}
    appointment.version += 1
    booking.place(appointment, wish)
    return appointment, True


def _is_there(appointment: Appointment, wish: Wish) -> bool:
    return (appointment.therapist, appointment.room, appointment.during) == (wish.therapist, wish.room, wish.during)


def _target(series: Series, preview: ChangePreview, change: Change) -> Series:
    """The series the visits are of from now on: this one, or one split off when earlier visits stay what they were."""
    recurrence = rules.read(series.rule, zone=series.location.zone, begins_at=series.begins_at)
    days = rules.dates(recurrence, first_on=series.first_on)
    split_on = min(date_of(each.appointment) for each in preview.visits if each.appointment)
    gone = [day for day in days if day < split_on]
    first_on = min(each.moment.on for each in preview.visits)
    until = preview.recurrence.until and max(preview.recurrence.until, max(each.moment.on for each in preview.visits))
    rest = replace(preview.recurrence, count=preview.recurrence.count and len(days) - len(gone), until=until)
    series.version += 1
    if not gone:
        _put(series, preview.setting, change, rest, first_on)
        for on, visit in preview.kept.items():
            Appointment.objects.filter(pk=visit.pk).update(series_on=on)
        return series
    earlier = replace(recurrence, count=recurrence.count and len(gone), until=recurrence.until and gone[-1])
    series.rule = earlier.text
    series.save(update_fields=["rule", "version", "updated_at"])
    split = Series(
        client=series.client, service=series.service, location=series.location, timezone=series.timezone,
        begins_at=series.begins_at, room=series.room, split_from=series, booked_by=series.booked_by,
    )  # fmt: skip
    _put(split, preview.setting, change, rest, first_on)
    for on, visit in preview.kept.items():
        if date_of(visit) >= split_on:
            Appointment.objects.filter(pk=visit.pk).update(series=split, series_on=on)
    return split


def _put(series: Series, setting: Setting, change: Change, recurrence: rules.Recurrence, first_on: dt.date) -> None:
    series.therapist = setting.therapist
    series.room = change.fixed_room(series.room)
    series.begins_at = change.begins_at or series.begins_at
    series.duration_minutes = setting.minutes
    series.rule, series.first_on = recurrence.text, first_on
    series.save()
