"""What may be said of a group, and how surely."""

import enum
import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

Interval = tuple[float, float]


class Enough(enum.IntEnum):
    """How much a number of answers lets one say. Convention `minimum-to-show` (general knowledge): 5, 10, 30."""

    HIDDEN = 0
    COUNTS = 5
    FEW = 10
    FULL = 30


class AnswerRate(enum.StrEnum):
    """How far the answers can be trusted. Convention `flow-and-response`: amber below 60% (general), red below 50%
    (Deutscher and others, J Orthop Sports Phys Ther 2018, admitted only clinics with half of the outcomes complete)."""

    GOOD = "good"
    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True, slots=True)
class MedianTime:
    """Days until half had got there; an end is None when the curve does not come down to it."""

    days: float
    low_days: float | None
    high_days: float | None


def enough(answered: int) -> Enough:
    """The step a number of answers has reached. Intervals on tiny groups mislead, and a small cell can name a person
    (CMS cell size suppression policy, 2024; inside the clinic from 5)."""
    return max(step for step in Enough if answered >= step)


def rate_answers(answered: int, due: int) -> AnswerRate:
    share = answered / due if due else 0.0
    if share < 0.5:
        return AnswerRate.RED
    return AnswerRate.AMBER if share < 0.6 else AnswerRate.GOOD


def interval_of_mean(*, n: int, mean: float, sd: float) -> Interval | None:
    """95% interval of a mean by Student's t with n - 1 degrees of freedom; None below two values."""
    if n < 2:
        return None
    half = float(stats.t.ppf(0.975, n - 1)) * sd / math.sqrt(n)
    return mean - half, mean + half


def interval_of_share(hits: int, n: int) -> Interval | None:
    """95% Wilson interval of a share (Brown, Cai and DasGupta, Stat Sci 2001; Agresti and Coull, Am Stat 1998)."""
    if n == 0:
        return None
    found = stats.binomtest(hits, n).proportion_ci(confidence_level=0.95, method="wilson")
    return float(found.low), float(found.high)


def bounds_if_missing_counted(*, hits: int, answered: int, missing: int) -> Interval | None:
    """The share if none, and if all, of those who did not answer had got there.

    Convention `missing-data`: complete cases are the main figure, the last score is never carried forward, and bounds
    stand beside it (why: Gozalo and others, Health Serv Res 2016, non-response is informative).
    """
    if answered + missing == 0:
        return None
    return hits / (answered + missing), (hits + missing) / (answered + missing)


def mean_if_missing_counted(
    *, mean: float, answered: int, missing: int, mean_baseline_of_missing: float, best: float
) -> Interval | None:
    """The mean score if those missing had reached the best end of the scale, and if they had not changed at all."""
    total = answered + missing
    if total == 0:
        return None
    at_best = (mean * answered + best * missing) / total
    unchanged = (mean * answered + mean_baseline_of_missing * missing) / total
    return (at_best, unchanged) if at_best <= unchanged else (unchanged, at_best)


def median_time(reached_days: Sequence[float], censored_days: Sequence[float]) -> MedianTime | None:
    """Kaplan-Meier median time to a held response with a 95% log-log interval; None unless half got there while five or
    more were still followed.

    Kaplan and Meier, J Am Stat Assoc 1958. People without one are censored at their last score. Change is only seen on
    days with a score, and whoever stays away may differ.
    """
    if not reached_days:
        return None
    sample = stats.CensoredData(uncensored=np.asarray(reached_days), right=np.asarray(censored_days))
    survival = stats.ecdf(sample).sf
    at_half = np.flatnonzero(survival.probabilities <= 0.5)
    if not at_half.size:
        return None
    days = float(survival.quantiles[at_half[0]])
    still_followed = sum(day >= days for day in (*reached_days, *censored_days))
    if still_followed < Enough.COUNTS:
        return None
    with warnings.catch_warnings():
        # Where nobody or everybody has got there the log-log interval is not defined; the ends come out as nan.
        warnings.simplefilter("ignore", RuntimeWarning)
        band = survival.confidence_interval(confidence_level=0.95, method="log-log")
    return MedianTime(days, _first_at_half(band.low), _first_at_half(band.high))


def _first_at_half(curve: Any) -> float | None:
    found = np.flatnonzero(curve.probabilities <= 0.5)
    return float(curve.quantiles[found[0]]) if found.size else None
