"""Our statistics against scipy's own, on many invented groups."""

import math
import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from treatments.outcomes import rules

DAYS = st.lists(st.integers(1, 60), max_size=25)


def scipys_median(reached: list[int], censored: list[int]) -> tuple[float | None, ...]:
    """Median and the ends of its interval."""
    curve = stats.ecdf(stats.CensoredData(uncensored=np.asarray(reached), right=np.asarray(censored))).sf
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        band = curve.confidence_interval(confidence_level=0.95, method="log-log")
    return tuple(first_at_half(each) for each in (curve, band.low, band.high))


def first_at_half(curve: Any) -> float | None:
    found = np.flatnonzero(curve.probabilities <= 0.5 + 1e-9)
    return float(curve.quantiles[found[0]]) if found.size else None


@given(reached=DAYS.filter(bool), censored=DAYS)
def test_the_median_time_is_that_of_scipy(reached: list[int], censored: list[int]) -> None:
    found, theirs = rules.median_time(reached, censored), scipys_median(reached, censored)
    if found is None:
        assert theirs[0] is None or sum(day >= theirs[0] for day in (*reached, *censored)) < 5
    else:
        assert (found.days, found.low_days, found.high_days) == theirs


@pytest.mark.parametrize("n", [1, 2, 5, 17, 60])
def test_the_interval_of_a_share_is_that_of_scipy(n: int) -> None:
    for hits in range(n + 1):
        theirs = stats.binomtest(hits, n).proportion_ci(confidence_level=0.95, method="wilson")
        assert rules.interval_of_share(hits, n) == pytest.approx((theirs.low, theirs.high), abs=1e-12)


@pytest.mark.parametrize("n", [2, 3, 10, 200])
def test_the_interval_of_a_mean_is_that_of_scipy(n: int) -> None:
    half = float(stats.t.ppf(0.975, n - 1)) * 2 / math.sqrt(n)
    assert rules.interval_of_mean(n=n, mean=1, sd=2) == pytest.approx((1 - half, 1 + half), abs=1e-12)
