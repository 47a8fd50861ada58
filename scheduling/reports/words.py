"""The report as people read it: every share with its counts, no rate of a handful."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scheduling.reports.figures import BY, FIGURES, LEADS, NOTICES, ORIGINS
from scheduling.reports.mail import Mail
from scheduling.reports.report import Numbers, Report, Use
from scheduling.rules.figures import differ, level

FEW = 20  # below this a share says nothing
CELL, DAY_GAP = 9, 7
Shown = dict[str, Any]


def figures(report: Report) -> list[Shown]:
    """The six at the top."""
    now, then = report.now, report.before
    booked = now.counts["booked"], then.counts["booked"]
    seen = now.seen, then.seen
    return [
        _count("held", _("Visits held"), (now.counts["held"], then.counts["held"]), booked, _("of %(all)s booked")),
        _rate("no-show", (now.counts["no-show"], then.counts["no-show"]), booked),
        _rate("late", (now.counts["late"], then.counts["late"]), booked),
        _count("new", _("New clients"), (now.counts["new"], then.counts["new"]), seen, _("of %(all)s seen")),
        _count("returning", _("Returning clients"), (now.returning, then.returning), seen, _("of %(all)s seen")),
        _wait(now, then),
    ]


def _count(key: str, label: str, counts: tuple[int, int], of: tuple[int, int], words: str) -> Shown:
    more = counts[0] - counts[1]
    if more == 0:
        word = _("as many as before")
    elif more > 0:
        word = ngettext("%(number)s more", "%(number)s more", more) % {"number": more}
    else:
        word = ngettext("%(number)s fewer", "%(number)s fewer", -more) % {"number": -more}
    then = f"{counts[1]} {words % {'all': of[1]}}"
    return _figure(key, label, str(counts[0]), words % {"all": of[0]}, then, word, counts)


def _rate(key: str, counts: tuple[int, int], of: tuple[int, int]) -> Shown:
    beside = _("%(part)s of %(all)s")
    shares = [part / whole if whole else 0.0 for part, whole in zip(counts, of, strict=True)]
    said = [beside % {"part": part, "all": whole} for part, whole in zip(counts, of, strict=True)]
    word = _("too few to tell apart")
    if differ(counts[0], of[0], counts[1], of[1]):
        word = _("more often") if shares[0] > shares[1] else _("less often")
    value, beside_it = (f"{shares[0]:.1%}", said[0]) if of[0] >= FEW else (str(counts[0]), _of(of[0]))
    then = f"{shares[1]:.1%}, {said[1]}" if of[1] >= FEW else said[1]
    return _figure(key, str(FIGURES[key].label), value, beside_it, then, word, (shares[0], shares[1]))


def _of(number: int) -> str:
    return _("of %(all)s booked") % {"all": number}


def _wait(now: Numbers, then: Numbers) -> Shown:
    medians = [each.median_first_lead_days for each in (now, then)]
    counts = [each.counts["first-waited"] for each in (now, then)]
    words = _("median of %(all)s")
    if None in medians:
        word = _("nothing to compare")
    else:
        shorter = (medians[1] or 0) - (medians[0] or 0)
        word = _("the same") if not shorter else _("shorter") if shorter > 0 else _("longer")
    then_words = f"{_days(medians[1])}, {words % {'all': counts[1]}}"
    widths = (medians[0] or 0.0, medians[1] or 0.0)
    label = _("Wait for a first visit")
    return _figure("first-waited", label, _days(medians[0]), words % {"all": counts[0]}, then_words, word, widths)


def _days(days: float | None) -> str:
    if days is None:
        return "–"
    return ngettext("%(number)s day", "%(number)s days", round(days)) % {"number": f"{days:g}"}


def _figure(key: str, label: str, value: str, of: str, then: str, word: str, sizes: tuple[float, float]) -> Shown:
    scale = 158 / (max(sizes) or 1)
    return {
        "key": key, "label": label, "value": value, "of": of, "then": then, "word": word,
        "now_width": f"{max(sizes[0] * scale, 1):.1f}", "then_width": f"{max(sizes[1] * scale, 1):.1f}",
    }  # fmt: skip


def share(part: float, whole: float) -> str:
    """A share, or a dash where there is nothing to take one of, or too little."""
    return f"{part / whole:.0%}" if whole >= FEW else "–"


def mail(counted: Mail) -> Shown:
    """Messages delivered of those that were sent or tried."""
    now, before = counted.now, counted.before
    return {
        "mail": now,
        "mail_before": before,
        "mail_share": share(now["delivered"], now["tried"]),
        "mail_before_share": share(before["delivered"], before["tried"]),
    }


def notices(report: Report) -> list[Shown]:
    """Cancellations by how long before, and by whom."""
    counts, before = report.now.counts, report.before.counts
    return [
        {
            "label": label,
            "key": f"notice-{key}",
            "count": counts[f"notice-{key}"],
            "before": before[f"notice-{key}"],
            "by": [
                {
                    "label": who_label,
                    "key": f"notice-{key}-{who or 'unsaid'}",
                    "count": counts[f"notice-{key}-{who or 'unsaid'}"],
                }
                for who, who_label in BY.items()
            ],
        }
        for key, label in NOTICES.items()
    ]


def leads(report: Report) -> list[Shown]:
    """From booking to visit."""
    total = report.now.counts["waited"]
    return [
        _row(f"lead-{key}", label, report, width=f"{100 * report.now.counts[f'lead-{key}'] / (total or 1):.1f}")
        for key, (label, _first, _last) in LEADS.items()
    ]


def origins(report: Report) -> list[Shown]:
    """How visits came to be booked."""
    total = report.now.counts["coming"]
    return [
        _row(f"origin-{origin}", label, report, share=share(report.now.counts[f"origin-{origin}"], total))
        for origin, label in ORIGINS.items()
    ]


def _row(key: str, label: Any, report: Report, **more: str) -> Shown:
    return {"key": key, "label": label, "count": report.now.counts[key], "before": report.before.counts[key], **more}


def hours_shown(uses: list[Use]) -> tuple[range, range]:
    """Weekdays and hours in which anything was open."""
    keys = [key for use in uses for key, hours in use.open_cells.items() if hours > 0]
    if not keys:
        return range(5), range(8, 18)
    days, hours = [day for day, _hour in keys], [hour for _day, hour in keys]
    return range(max(4, *days) + 1), range(min(hours), max(hours) + 1)


def _x(day: int, hour: int, hours: tuple[range, range]) -> int:
    return day * (len(hours[1]) * CELL + DAY_GAP) + (hour - hours[1].start) * CELL


def use_row(use: Use, hours: tuple[range, range]) -> Shown:
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
        "before": f"{use.share_before:.0%}" if use.share_before is not None else _("not open"),
    }


def axis(hours: tuple[range, range]) -> Shown:
    names = [_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")]
    return {
        "width": _x(hours[0].stop, hours[1].start, hours),
        "days": [{"x": _x(day, hours[1].start, hours), "name": names[day]} for day in hours[0]],
        "first": hours[1].start,
        "last": hours[1].stop,
    }


def total(uses: list[Use]) -> Shown:
    booked, opened = sum(use.booked_hours for use in uses), sum(use.open_hours for use in uses)
    before, opened_before = sum(use.booked_before for use in uses), sum(use.open_before for use in uses)
    return {
        "booked": round(booked),
        "open": round(opened),
        "share": f"{booked / opened:.0%}" if opened else "–",
        "before": f"{before / opened_before:.0%}" if opened_before else "",
    }
