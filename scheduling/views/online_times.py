"""Free times as the pages of online booking show them: the first days, or a month to pick a date from."""

import calendar
import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _lazy

from clinic.core import clock
from clinic.people.models import Location, Practice
from scheduling import online
from scheduling.availability import Slot
from scheduling.online import Wanted

DAYS_SHOWN = 7
Address = Callable[..., str]  # the page's own address, with `from`, `day` or `month` in its query
PARTS = ((_lazy("Morning"), 0, 12), (_lazy("Afternoon"), 12, 17), (_lazy("Evening"), 17, 24))


def days_shown(wanted: Wanted, address: Address, *, since: dt.date | None, day: dt.date | None) -> dict[str, Any]:
    """The first dates with free times from `since` on; the times of `day`, or of the first."""
    found = online.free_days(wanted, since=since, days=DAYS_SHOWN)
    chosen = next((each for each in found if each.date == day), found[0] if found else None)
    later = found[-1].date + dt.timedelta(days=1) if len(found) == DAYS_SHOWN else None
    first_of = (chosen.date if chosen else clock.today(wanted.location.zone)).replace(day=1)
    return {
        "days": [
            {
                "date": each.date,
                "free": len(each.slots),
                "is_chosen": each is chosen,
                "url": address(**{"from": since, "day": each.date}),
            }
            for each in found
        ],
        "chosen_day": chosen.date if chosen else None,
        "parts": parts_of(chosen.slots, wanted.location) if chosen else [],
        "later_url": address(**{"from": later}) if later and later <= wanted.last_day else "",
        "earliest_url": address() if since else "",
        "month_url": address(month=f"{first_of:%Y-%m}"),
    }


def month_shown(wanted: Wanted, address: Address, first_day: dt.date) -> dict[str, Any]:
    """A month as weeks; each date that has free times leads to them."""
    free = online.month(wanted, first_day)
    practice = Practice.objects.first()
    grid = calendar.Calendar(firstweekday=practice.week_starts_on if practice else 0)
    today = clock.today(wanted.location.zone)
    months = [today.replace(day=1), wanted.last_day.replace(day=1)]
    before = (first_day - dt.timedelta(days=1)).replace(day=1)
    after = (first_day + dt.timedelta(days=32)).replace(day=1)
    return {
        "month": first_day,
        "weeks": [
            [
                {
                    "date": day,
                    "is_here": day.month == first_day.month,
                    "free": free.get(day, 0),
                    "url": address(**{"from": day}) if free.get(day) else "",
                }
                for day in week
            ]
            for week in grid.monthdatescalendar(first_day.year, first_day.month)
        ],
        "before_url": address(month=f"{before:%Y-%m}") if before >= months[0] else "",
        "after_url": address(month=f"{after:%Y-%m}") if after <= months[1] else "",
        "days_url": address(),
    }


def parts_of(slots: Iterable[Slot], location: Location) -> list[dict[str, Any]]:
    """Morning, afternoon, evening by the location's clock; parts without a free time are left out."""
    by_hour = [(slot, slot.starts_at.astimezone(location.zone).hour) for slot in slots]
    parts = [
        {"title": title, "slots": [value(slot) for slot, hour in by_hour if begin <= hour < end]}
        for title, begin, end in PARTS
    ]
    return [part for part in parts if part["slots"]]


def value(slot: Slot) -> dict[str, Any]:
    """A time to be pressed: what its button sends is the instant in UTC, offset and all.

    Where the clock shows the time twice that day, the zone's name then tells the two apart.
    """
    local = slot.starts_at.astimezone(slot.location.zone)
    is_twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return {"starts_at": slot.starts_at, "value": slot.starts_at.astimezone(dt.UTC).isoformat(), "is_twice": is_twice}
