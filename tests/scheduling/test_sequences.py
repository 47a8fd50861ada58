"""Everybody writes at once, by chance: what must hold holds. The long form is `bin/bench booking_sequences`."""

import time

import pytest

from benchmarks._invariants import broken
from benchmarks._sequences import Clinic, Walker, run

pytestmark = pytest.mark.django_db(transaction=True)

SECONDS = 3
THREADS = 4


@pytest.fixture(autouse=True)
def monday_morning() -> None:
    """Real threads, the real clock."""


def test_no_sequence_of_writes_breaks_what_must_hold() -> None:
    seed = int(time.time())
    clinic = Clinic()
    walkers = [Walker(clinic, seed + number) for number in range(THREADS)]
    for thread in run(walkers, SECONDS):
        thread.join()
    surprises = [each for walker in walkers for each in walker.surprises]
    assert not surprises, f"seed {seed}\n{surprises[0]}"
    assert broken() == [], f"seed {seed}"
    assert all(walker.counts for walker in walkers)
