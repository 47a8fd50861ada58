"""When the demo's people and places are not to be had: holidays, and a few dates that differ. No visit is moved."""

import datetime as dt
from collections import Counter

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from clinic.core import clock
from clinic.demo.ground import Ground
from clinic.demo.visits import Booked
from clinic.people.models import User
from scheduling.models import DailyLimit, DateHours, Holiday, HolidayCalendar, RoomClosure, TimeOff
from scheduling.public_holidays import holidays_of
from scheduling.services.holidays import YEARS

STATES = ("ME", "IL")
SOON, LATER = range(2, 28), range(35, 80)
ENOUGH = 8


def keep_holidays(ground: Ground, today: dt.date) -> list[frozenset[dt.date]]:
    """Both places keep the holidays of their states; today they are open. Returns the closed dates by therapist."""
    closed = {}
    for place, state in zip(ground.places, STATES, strict=True):
        HolidayCalendar.objects.create(location=place, country="US", subdivision=state)
        public = holidays_of("US", state, years=range(today.year, today.year + YEARS), language="en")
        Holiday.objects.bulk_create(
            Holiday(
                location=place, on=on, name=name, source=Holiday.Source.PUBLIC,
                is_closed=on != today, is_edited=on == today,
            )
            for on, name in public.items()
        )  # fmt: skip
        closed[place] = frozenset(public) - {today}
    return [closed[ground.place_of(therapist)] for therapist in ground.therapists]


def differ(*, ground: Ground, booked: list[Booked], today: dt.date) -> None:
    """A course, other hours, time off, a closed room, limits: where nothing is booked, whatever the day is."""
    shut = set(Holiday.objects.filter(is_closed=True).values_list("on", flat=True))
    visits = Counter(
        (entry.appointment.therapist, entry.visit.starts_at.date())
        for entry in booked
        if entry.visit.starts_at.date() >= today
    )
    for therapist in ground.therapists[:3]:
        days = [day for day in _days(today, SOON) if day not in shut]
        day = next((day for day in days if _is_free(ground, visits, therapist, day, today)), None)
        if day:
            _say(ground, therapist, day, reason="Course")
    for therapist in ground.therapists[3:5]:
        days = [day for day in _days(today, SOON) if day not in shut]
        day = next(day for day in days if _is_off(ground, therapist, day, today))
        _say(ground, therapist, day, reason="Extra morning", starts_at=dt.time(9), ends_at=dt.time(12))
    _time_off(ground, visits, today)
    _close_a_room(ground, today)
    most = Counter[User]()
    for (therapist, _day), count in visits.items():
        most[therapist] = max(most[therapist], count)
    for therapist in ground.therapists[:2]:
        DailyLimit.objects.create(therapist=therapist, visits=max(ENOUGH, most[therapist]))


def _say(
    ground: Ground, therapist: User, day: dt.date, *, reason: str, starts_at: dt.time | None = None,
    ends_at: dt.time | None = None,
) -> None:  # fmt: skip
    DateHours.objects.create(
        therapist=therapist, location=ground.place_of(therapist), on=day, starts_at=starts_at, ends_at=ends_at,
        reason=reason,
    )  # fmt: skip


def _time_off(ground: Ground, visits: Counter[tuple[User, dt.date]], today: dt.date) -> None:
    """Three days in a row, of the first who has nothing on them."""
    for day in _days(today, LATER):
        for therapist in ground.therapists:
            days = [day + dt.timedelta(days=offset) for offset in range(3)]
            if any(visits[therapist, each] for each in days) or _is_off(ground, therapist, day, today):
                continue
            zone = ground.place_of(therapist).zone
            during = DateTimeTZRange(clock.day_bounds(days[0], zone)[0], clock.day_bounds(days[-1], zone)[1])
            TimeOff.objects.create(therapist=therapist, during=during, reason="Holiday")
            return


def _close_a_room(ground: Ground, today: dt.date) -> None:
    """On a day on which its therapist is off anyway."""
    therapist = ground.therapists[0]
    day = next(day for day in _days(today, SOON) if _is_off(ground, therapist, day, today))
    start, end = clock.day_bounds(day, ground.place_of(therapist).zone)
    RoomClosure.objects.create(
        room=ground.rooms[therapist], during=DateTimeTZRange(start, end), reason="The floor is sanded"
    )


def _days(today: dt.date, offsets: range) -> list[dt.date]:
    return [today + dt.timedelta(days=offset) for offset in offsets]


def _is_off(ground: Ground, therapist: User, day: dt.date, today: dt.date) -> bool:
    return (day - today).days % 7 in ground.weeks[therapist].off


def _is_free(
    ground: Ground, visits: Counter[tuple[User, dt.date]], therapist: User, day: dt.date, today: dt.date
) -> bool:
    """At work that day, with nothing booked."""
    return not visits[therapist, day] and not _is_off(ground, therapist, day, today)
