"""The report as a file that may leave the clinic: no names, no small cells."""

import csv
import io
from typing import Any

from treatments.outcomes.filters import Filters
from treatments.outcomes.report import Report, Row

# Convention `small-cells`: what leaves the clinic hides 1 to 10, and what would give them away (CMS cell size
# suppression policy, 2024).
SMALLEST = 11
HEAD = (
    "condition",
    "episodes",
    "with_baseline",
    "due",
    "answered",
    "mean_baseline",
    "mean_follow_up",
    "mean_improvement",
    "interval_low",
    "interval_high",
    "eligible",
    "responders",
    "responder_share",
    "share_low",
    "share_high",
    "share_if_none_missing",
    "share_if_all_missing",
    "worse",
    "measure",
    "window",
    "threshold",
    "opened_from",
    "opened_to",
)


def to_csv(report: Report, filters: Filters) -> str:
    """One row for each condition. Figures of people with both scores; "<11" where a count is small."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(HEAD)
    about = [
        filters.measure.code if filters.measure else "",
        filters.window.code,
        "" if filters.scale.threshold is None else filters.scale.threshold,
        filters.from_on.isoformat(),
        filters.to_on.isoformat(),
    ]
    for row in report.rows:
        writer.writerow([_safe(value) for value in [*_figures(row), *about]])
    return file.getvalue()


def _figures(row: Row) -> list[Any]:
    known = row.figures
    is_shown = known.answered >= SMALLEST
    # A share with its total gives the count away, and the count of the others with it.
    is_split_shown = is_shown and not (_is_small(known.responders) or _is_small(known.able - known.responders))
    means = [known.mean_baseline, known.mean_follow_up, known.mean_improvement, *(row.interval or ("", ""))]
    share = [row.share, *(row.share_interval or ("", "")), *(row.share_bounds or ("", ""))]
    return [
        row.condition.label,
        *(_count(count) for count in (known.episodes, known.with_baseline, known.due, known.answered)),
        *(map(_rounded, means) if is_shown else [""] * 5),
        _count(known.able) if is_shown else "",
        known.responders if is_split_shown else "",
        *(map(_rounded, share) if is_split_shown else [""] * 5),
        _count(known.worse) if is_shown else "",
    ]


def _is_small(count: int) -> bool:
    return 0 < count < SMALLEST


def _count(count: int) -> str | int:
    return f"<{SMALLEST}" if _is_small(count) else count


def _rounded(value: Any) -> Any:
    return round(value, 3) if isinstance(value, float) else "" if value is None else value


def _safe(value: Any) -> Any:
    """A text that a spreadsheet will not take for a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" and value else value
