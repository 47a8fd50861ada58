"""How far a score has moved against what matters and against the error of measuring it. Words say change, never effect.

Two thresholds, both shown: the error of measurement (MDC) and the least change that matters (MCID). What matters has to
be larger than both (intake data, statistics.yaml, convention `mdc-and-mic`; Wright and others, JMMT 2012).
"""

import enum
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Verdict(enum.Enum):
    """What may be said of a change."""

    MATTERS = "matters"
    BEYOND_ERROR = "beyond-error"
    BELOW = "below"  # of a measure whose error nobody knows
    WITHIN_ERROR = "within-error"
    WORSE = "worse"
    UNKNOWN = "unknown"

    @property
    def words(self) -> str | Promise:
        return WORDS[self]


WORDS: dict[Verdict, str | Promise] = {
    Verdict.MATTERS: _("better by at least what matters"),
    Verdict.BEYOND_ERROR: _("better beyond the error of measurement, less than what matters"),
    Verdict.BELOW: _("less than what matters; the error of measurement is not known"),
    Verdict.WITHIN_ERROR: _("no change beyond the error of measurement"),
    Verdict.WORSE: _("worse beyond the error of measurement"),
    Verdict.UNKNOWN: _("changed; no threshold is known for one person"),
}
IMPROVED = frozenset({Verdict.MATTERS, Verdict.BEYOND_ERROR})
JUDGED = IMPROVED | {Verdict.WITHIN_ERROR, Verdict.WORSE, Verdict.BELOW}


@dataclass(frozen=True, slots=True)
class Threshold:
    """One number with the population it was found in, how well it is known, and where from."""

    value: float
    population: str
    evidence: str
    sources: tuple[str, ...]


def least_that_matters(measure: Mapping[str, Any]) -> Threshold | None:
    """The measure's own default; None where its knowledge says that there is none for one person."""
    default = measure.get("default_threshold") or {}
    value = default.get("absolute")
    if not isinstance(value, int | float):
        return None
    found = next((one for one in _plain(measure.get("mic")) if one.value == float(value)), None)
    population = found.population if found else ""
    return Threshold(
        float(value), population, str(default.get("evidence") or "general"), tuple(default.get("sources") or ())
    )


def error_of(measure: Mapping[str, Any]) -> Threshold | None:
    """The smallest change beyond error: the first that is one number for the whole score."""
    return next(_plain(measure.get("mdc")), None)


def _plain(rows: Iterable[Mapping[str, Any]] | None) -> Iterator[Threshold]:
    return (
        Threshold(
            float(row["value"]),
            str(row.get("population") or ""),
            str(row.get("evidence") or "general"),
            tuple(row.get("sources") or ()),
        )
        for row in rows or ()
        if row.get("kind") == "absolute" and isinstance(row.get("value"), int | float)
    )


def verdict(improvement: float, *, matters: float | None, error: float | None) -> Verdict:
    """`improvement` is positive when it went the way that is better. A change as large as a threshold reaches it."""
    if matters is None and error is None:
        return Verdict.UNKNOWN
    least = error if error is not None else matters
    assert least is not None  # noqa: S101  # one of the two is there
    if improvement <= -least:
        return Verdict.WORSE
    if error is not None and improvement < error:
        return Verdict.WITHIN_ERROR
    if matters is not None and improvement >= matters:
        return Verdict.MATTERS
    return Verdict.BEYOND_ERROR if error is not None else Verdict.BELOW


def look_again_at(*, reassess_at: int | None, planned: int | None) -> int | None:
    """The session at which the course is looked at again: the one chosen, or the last one planned."""
    return reassess_at or planned


def is_due(verdicts: Iterable[Verdict], *, session: int, look_again: int | None) -> bool:
    """Whether to think again: the session has come, and no score is better beyond its error. It foretells nothing.

    Without a score that can be judged nothing speaks for a change, so it is due as well.
    """
    if look_again is None or session < look_again:
        return False
    return IMPROVED.isdisjoint(verdicts)
