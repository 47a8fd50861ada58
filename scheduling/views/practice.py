"""The owner's look at how the practice ran: read once a week, no league table."""

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from clinic.core import clock
from clinic.people.access import access
from clinic.people.models import Location
from clinic.people.permissions import Permission
from scheduling import reports
from scheduling.reports import Period, Use
from scheduling.rules.figures import differ, level
from scheduling.views.parsing import StaffRequest, chosen, places_of

WEEKS = (4, 12, 52)
CELL, DAY_GAP = 9, 7


@access(Permission.VIEW_PRACTICE)
@require_GET
def practice(request: StaffRequest) -> HttpResponse:
    """Some weeks beside as many before them, at one location or all."""
    places = places_of(request.user)
    picked = chosen(Location.objects.visible_to(request.user), request.GET.get("location", ""))
    weeks = next((each for each in WEEKS if str(each) == request.GET.get("weeks")), WEEKS[0])
    locations = [picked] if picked else places
    context: dict[str, Any] = {"places": places, "picked": picked, "weeks": weeks, "choices": WEEKS}
    if locations:
        context |= _report(_period(weeks, locations[0]), locations)
    return render(request, "scheduling/practice.html", context)


def _report(period: Period, locations: list[Location]) -> dict[str, Any]:
    now, then = reports.counts(period, locations), reports.counts(period.before, locations)
    therapists, rooms = reports.use_of_therapists(period, locations), reports.use_of_rooms(period, locations)
    before = {use.name: use for use in reports.use_of_therapists(period.before, locations)}
    hours = _hours([*therapists, *rooms])
    return {
        "period": period,
        "last_day": period.end - dt.timedelta(days=1),
        "zone": locations[0].zone,
        "has_visits": now["booked"] or then["booked"],
        "figures": _figures(now, then),
        "forms": _forms(now, then),
        "therapists": [_row(use, hours, before.get(use.name)) for use in therapists],
        "rooms": [_row(use, hours, None) for use in rooms],
        "axis": _axis(hours),
        "total": _total(therapists),
    }


def _period(weeks: int, location: Location) -> Period:
    today = clock.today(location.zone)
    start = clock.day_bounds(today - dt.timedelta(weeks=weeks), location.zone)[0]
    return Period(start, clock.day_bounds(today, location.zone)[0])


def _figures(now: dict[str, Any], then: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        _count(_("Visits held"), now["held"], now["booked"], then["held"], then["booked"], _("of %(all)s booked")),
        _rate(_("No-shows"), now["no_shows"], now["booked"], then["no_shows"], then["booked"]),
        _rate(_("Late cancellations"), now["late"], now["booked"], then["late"], then["booked"]),
        _count(_("New clients"), now["new"], now["seen"], then["new"], then["seen"], _("of %(all)s seen")),
        _count(_("Came back"), now["returning"], now["seen"], then["returning"], then["seen"], _("of %(all)s seen")),
        _wait(now, then),
    ]


def _count(label: str, value: int, of: int, before: int, of_before: int, words: str) -> dict[str, Any]:
    more = value - before
    if more == 0:
        word = _("as many as before")
    elif more > 0:
        word = ngettext("%(number)s more", "%(number)s more", more) % {"number": more}
    else:
        word = ngettext("%(number)s fewer", "%(number)s fewer", -more) % {"number": -more}
    return _figure(
        label, str(value), words % {"all": of}, f"{before} {words % {'all': of_before}}", word, value, before
    )


def _rate(label: str, value: int, of: int, before: int, of_before: int) -> dict[str, Any]:
    share, share_before = (value / of if of else 0), (before / of_before if of_before else 0)
    if differ(value, of, before, of_before):
        word = _("more often") if share > share_before else _("less often")
    else:
        word = _("too few to tell apart")
    beside = _("%(part)s of %(all)s")
    then = f"{share_before:.1%}, " + beside % {"part": before, "all": of_before}
    return _figure(
        label, f"{share:.1%}" if of else "–", beside % {"part": value, "all": of}, then, word, share, share_before
    )


def _wait(now: dict[str, Any], then: dict[str, Any]) -> dict[str, Any]:
    known = [each["lead"] for each in (now, then)]
    days = [lead.total_seconds() / 86_400 if lead is not None else 0 for lead in known]
    shown = [
        ngettext("%(number)s day", "%(number)s days", round(each)) % {"number": round(each)}
        if lead is not None
        else "–"
        for each, lead in zip(days, known, strict=True)
    ]
    words = _("median of %(all)s")
    shorter = round(days[1]) - round(days[0])
    word = _("the same") if not shorter else (_("shorter") if shorter > 0 else _("longer"))
    if None in known:
        word = _("nothing to compare")
    then_words = f"{shown[1]}, {words % {'all': then['first_visits']}}"
    return _figure(_("Wait for a first visit"), shown[0], words % {"all": now["first_visits"]}, then_words, word, *days)


def _figure(label: str, value: str, of: str, then: str, word: str, now: float, before: float) -> dict[str, Any]:
    scale = 158 / (max(now, before) or 1)
    return {
        "label": label, "value": value, "of": of, "then": then, "word": word,
        "now_width": f"{max(now * scale, 1):.1f}", "then_width": f"{max(before * scale, 1):.1f}",
    }  # fmt: skip


def _forms(now: dict[str, Any], then: dict[str, Any]) -> dict[str, Any]:
    return {
        "share": f"{now['answered'] / now['asked']:.0%}" if now["asked"] else "–",
        "answered": now["answered"],
        "asked": now["asked"],
        "before": f"{then['answered'] / then['asked']:.0%}" if then["asked"] else "–",
        "asked_before": then["asked"],
    }


def _hours(uses: list[Use]) -> tuple[range, range]:
    """Weekdays and hours in which anything was open."""
    keys = [key for use in uses for key in use.open_cells]
    if not keys:
        return range(5), range(8, 18)
    days, hours = [day for day, _hour in keys], [hour for _day, hour in keys]
    return range(max(4, *days) + 1), range(min(hours), max(hours) + 1)


def _x(day: int, hour: int, hours: tuple[range, range]) -> int:
    return day * (len(hours[1]) * CELL + DAY_GAP) + (hour - hours[1].start) * CELL


def _row(use: Use, hours: tuple[range, range], before: Use | None) -> dict[str, Any]:
    cells = [
        {
            "x": _x(day, hour, hours),
            "level": level(use.booked_cells.get((day, hour), 0), use.open_cells.get((day, hour), 0)),
        }
        for day in hours[0]
        for hour in hours[1]
    ]
    return {
        "name": use.name,
        "cells": cells,
        "booked": round(use.booked_hours),
        "open": round(use.open_hours),
        "share": f"{use.share:.0%}" if use.share is not None else "–",
        "before": f"{before.share:.0%}" if before and before.share is not None else "–",
    }


def _axis(hours: tuple[range, range]) -> dict[str, Any]:
    names = [_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")]
    return {
        "width": _x(hours[0].stop, hours[1].start, hours),
        "days": [{"x": _x(day, hours[1].start, hours), "name": names[day]} for day in hours[0]],
        "first": hours[1].start,
        "last": hours[1].stop,
    }


def _total(uses: list[Use]) -> dict[str, Any]:
    booked, opened = sum(use.booked_hours for use in uses), sum(use.open_hours for use in uses)
    return {"booked": round(booked), "open": round(opened), "share": f"{booked / opened:.0%}" if opened else "–"}
