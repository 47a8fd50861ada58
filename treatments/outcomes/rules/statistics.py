"""What may be said of a group, and how surely."""

import enum
import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from scipy import special  # scipy.stats takes longer to import than all the rest of a page's code

Interval = tuple[float, float]
UPPER = 0.975  # where a 95% interval ends
Z = float(special.ndtri(UPPER))
HALF = 0.5 + 1e-9  # a product of fractions that comes to a half may miss it by a hair


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
    half = float(special.stdtrit(n - 1, UPPER)) * sd / math.sqrt(n)
    return mean - half, mean + half


def interval_of_share(hits: int, n: int) -> Interval | None:
    """95% Wilson interval of a share (Brown, Cai and DasGupta, Stat Sci 2001; Agresti and Coull, Am Stat 1998)."""
    if n == 0:
        return None
    share, weight = hits / n, Z**2 / n
    middle = share + weight / 2
    half = Z * math.sqrt((share * (1 - share) + weight / 4) / n)
    # At the ends the interval ends there too; rounding would put it a hair beside.
    low = 0.0 if hits == 0 else (middle - half) / (1 + weight)
    high = 1.0 if hits == n else (middle + half) / (1 + weight)
    return low, high


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
    curve = _survival(reached_days, censored_days)
    days = _first_at_half(curve, lambda step: step.share)
    if days is None:
        return None
    still_followed = sum(day >= days for day in (*reached_days, *censored_days))
    if still_followed < Enough.COUNTS:
        return None
    return MedianTime(days, _first_at_half(curve, lambda step: step.low), _first_at_half(curve, lambda step: step.high))


@dataclass(frozen=True, slots=True)
class _Step:
    """The share that had not got there after a day, with its 95% log-log interval; nan where it is not defined."""

    day: float
    share: float
    low: float
    high: float


def _survival(reached_days: Sequence[float], censored_days: Sequence[float]) -> list[_Step]:
    """Kaplan and Meier's product, Greenwood's variance. On a day with both, those who leave are still counted."""
    everyone = sorted((*reached_days, *censored_days))
    share, variance = 1.0, 0.0
    steps = []
    for day, reached in sorted(Counter(reached_days).items()):
        at_risk = len(everyone) - bisect_left(everyone, day)
        if reached == at_risk:
            steps.append(_Step(day, 0.0, math.nan, math.nan))
            break
        share *= 1 - reached / at_risk
        variance += reached / (at_risk * (at_risk - reached))
        spread = Z * math.sqrt(variance) / math.log(share)
        low, high = (share ** math.exp(sign * spread) for sign in (-1, 1))
        steps.append(_Step(day, share, low, high))
    return steps


def _first_at_half(curve: list[_Step], end: Callable[[_Step], float]) -> float | None:
    return next((step.day for step in curve if end(step) <= HALF), None)
