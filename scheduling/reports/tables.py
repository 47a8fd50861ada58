"""The report's tables as rows of cells, for CSV."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from scheduling.reports.figures import BY, FIGURES, LEADS, NOTICES, ORIGINS
from scheduling.reports.report import Report, Use

Rows = list[list[object]]
_TOP = ("booked", "held", "no-show", "late", "cancelled", "new", "overlap", "coming", "asked", "answered")


def figures(report: Report) -> Rows:
    return [
        *([str(FIGURES[key].label), report.now.counts[key], report.before.counts[key]] for key in _TOP),
        [_("Clients seen"), report.now.seen, report.before.seen],
        [_("Returning clients"), report.now.returning, report.before.returning],
        [_("Days from booking to visit, median"), report.now.median_lead_days, report.before.median_lead_days],
        [
            _("Days from booking to first visit, median"),
            report.now.median_first_lead_days,
            report.before.median_first_lead_days,
        ],
    ]


def therapists(report: Report) -> Rows:
    return [_use(use) for use in report.therapists]


def rooms(report: Report) -> Rows:
    return [_use(use) for use in report.rooms]


def cancellations(report: Report) -> Rows:
    return [
        [label, who_label, report.now.counts[key], report.before.counts[key]]
        for band, label in ((band, str(label)) for band, label in NOTICES.items())
        for who, who_label in ((who, str(label)) for who, label in BY.items())
        for key in [f"notice-{band}-{who or 'unsaid'}"]
    ]


def lead(report: Report) -> Rows:
    return [_both(str(label), f"lead-{key}", report) for key, (label, _first, _last) in LEADS.items()]


def origins(report: Report) -> Rows:
    return [_both(str(label), f"origin-{key}", report) for key, label in ORIGINS.items()]


def _both(label: str, key: str, report: Report) -> list[object]:
    return [label, report.now.counts[key], report.before.counts[key]]


def _use(use: Use) -> list[object]:
    return [
        use.name,
        round(use.booked_hours, 2),
        round(use.open_hours, 2),
        round(use.booked_before, 2),
        round(use.open_before, 2),
    ]


def _heads() -> dict[str, list[object]]:
    both: list[object] = [_("In the period"), _("In the one before")]
    hours: list[object] = [_("Booked hours"), _("Open hours"), _("Booked hours before"), _("Open hours before")]
    return {
        "figures": [_("Figure"), *both],
        "therapists": [_("Therapist"), *hours],
        "rooms": [_("Room"), *hours],
        "cancellations": [_("Notice"), _("By"), *both],
        "lead": [_("From booking to visit"), *both],
        "origins": [_("Booked by"), *both],
    }


TABLES: dict[str, Callable[[Report], Rows]] = {
    "figures": figures,
    "therapists": therapists,
    "rooms": rooms,
    "cancellations": cancellations,
    "lead": lead,
    "origins": origins,
}


def table(report: Report, name: str) -> Rows:
    """A table with what it is about and its head. Raises KeyError for a name that is none."""
    rows = TABLES[name](report)
    period, before = report.filters.period, report.filters.period.before
    about: list[object] = [period.first_on, period.last_on, before.first_on, before.last_on]
    return [[_("Period from, until, and before from, until"), *about], _heads()[name], *rows]
