"""On which dates a location is closed: the public holidays of its country, and days of its own."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.audit import services as audit
from clinic.core import clock
from clinic.core.errors import Refused
from clinic.people.models import Location, Practice, User
from clinic.people.permissions import Permission, require
from scheduling.models import Holiday, HolidayCalendar
from scheduling.public_holidays import check_calendar, holidays_of
from scheduling.rules.days import check_ahead
from scheduling.services.versions import check_version

YEARS = 3  # this one and the next two


@transaction.atomic
def set_holiday_calendar(
    *, location: Location, country: str, subdivision: str = "", by: User, version: int | None = None
) -> int:
    """Keep a country's public holidays at a location, or with an empty country none. Returns how many dates it has.

    What somebody opened, renamed or added stays. Raises Refused for an unknown country or state, StaleVersion when
    somebody was quicker.
    """
    require(by, Permission.MANAGE_SETTINGS, location)
    _lock(location)
    check_version(HolidayCalendar.objects.filter(location=location).first(), version)
    if country:
        check_calendar(country, subdivision)
        said = {"country": country, "subdivision": subdivision}
        HolidayCalendar.objects.update_or_create(location=location, defaults=said)
    else:
        HolidayCalendar.objects.filter(location=location).delete()
    _load(location)
    audit.record(by, "holidays.calendar-set", location, changes={"country": country, "subdivision": subdivision})
    return Holiday.objects.filter(location=location, source=Holiday.Source.PUBLIC).count()


@transaction.atomic
def add_own_day(
    *, locations: Iterable[Location], on: dt.date, name: str, by: User, is_closed: bool = True
) -> list[Holiday]:
    """Close one or more locations on a date, or name it only. Raises Refused when the date has a name there already."""
    added = []
    for location in locations:
        require(by, Permission.MANAGE_SETTINGS, location)
        _lock(location)
        check_ahead(on, clock.today(location.zone))
        there = Holiday.objects.filter(location=location, on=on).first()
        if there:
            words = _("%(location)s has %(name)s on that date already. Change that one.")
            raise Refused(words % {"location": location, "name": there.name}, code="holiday-there")
        holiday = Holiday.objects.create(location=location, on=on, name=name, is_closed=is_closed)
        audit.record(by, "holiday.added", holiday, changes={"on": on.isoformat()})
        added.append(holiday)
    return added


@transaction.atomic
def change_holiday(*, holiday: Holiday, by: User, name: str | None = None, is_closed: bool | None = None) -> Holiday:
    """Rename a date, open nevertheless, or close again. From then on the public calendar leaves it as it is."""
    holiday = _locked(holiday, by)
    before = (holiday.name, holiday.is_closed)
    holiday.name = name or holiday.name
    holiday.is_closed = holiday.is_closed if is_closed is None else is_closed
    if before != (holiday.name, holiday.is_closed):
        holiday.is_edited = not holiday.is_own
        holiday.save()
        audit.record(by, "holiday.changed", holiday, changes={"is_closed": holiday.is_closed})
    return holiday


@transaction.atomic
def remove_holiday(*, holiday: Holiday, by: User) -> None:
    """Remove a day of the practice's own, or take back what was said about a public one. Raises Refused otherwise."""
    holiday = _locked(holiday, by)
    if not holiday.is_own and not holiday.is_edited:
        raise Refused(_("A public holiday cannot be removed. Open nevertheless instead."), code="public-holiday")
    audit.record(by, "holiday.removed", holiday, changes={"on": holiday.on.isoformat()})
    holiday.delete()
    _load(holiday.location)


def keep_holidays_up() -> int:
    """Load what the public calendars say by now, for every location that keeps one. Returns how many dates changed."""
    changed = 0
    for calendar in HolidayCalendar.objects.select_related("location").order_by("pk"):
        with transaction.atomic():
            _lock(calendar.location)
            if found := _load(calendar.location):
                audit.record(None, "holidays.loaded", calendar.location, changes={"dates": found})
                changed += found
    return changed


def _load(location: Location) -> int:
    """Make the public dates those of the location's calendar. The location is locked. 5 queries."""
    today = clock.today(location.zone)
    public = _public(location, today)
    there = {each.on: each for each in Holiday.objects.filter(location=location)}
    ours = {on: each for on, each in there.items() if not (each.is_own or each.is_edited)}
    new = [
        Holiday(location=location, on=on, name=name, source=Holiday.Source.PUBLIC)
        for on, name in public.items()
        if on not in there
    ]
    renamed = [each for on, each in ours.items() if on in public and each.name != public[on]]
    for each in renamed:
        each.name = public[each.on]
    gone = [each.pk for on, each in ours.items() if on >= today and on not in public]
    Holiday.objects.bulk_create(new)
    Holiday.objects.bulk_update(renamed, ["name"])
    Holiday.objects.filter(pk__in=gone).delete()
    return len(new) + len(renamed) + len(gone)


def _public(location: Location, today: dt.date) -> dict[dt.date, str]:
    calendar = HolidayCalendar.objects.filter(location=location).first()
    if calendar is None:
        return {}
    practice = Practice.objects.first()
    years = range(today.year, today.year + YEARS)
    language = practice.locale if practice else ""
    return holidays_of(calendar.country, calendar.subdivision, years=years, language=language)


def _lock(location: Location) -> None:
    Location.objects.select_for_update(no_key=True).get(pk=location.pk)


def _locked(holiday: Holiday, by: User) -> Holiday:
    require(by, Permission.MANAGE_SETTINGS, holiday)
    _lock(holiday.location)
    row: Holiday = Holiday.objects.select_related("location").get(pk=holiday.pk)
    return row
