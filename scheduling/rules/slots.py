"""Which starting times fit between what is taken."""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from scheduling.rules.walltime import Span, merge

STEP = dt.timedelta(minutes=15)
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class Busy:
    """What is taken, ready to be asked often: each answer is a binary search."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._spans = merge(spans)
        self._starts = [start for start, _ in self._spans]
        self._edges = {instant for span in self._spans for instant in span}

    def is_free(self, start: dt.datetime, end: dt.datetime) -> bool:
        """Whether nothing is taken between `start` and `end`."""
        before = bisect_right(self._starts, start) - 1
        if before >= 0 and self._spans[before][1] > start:
            return False
        after = before + 1
        return after >= len(self._spans) or self._starts[after] >= end

    def touches(self, start: dt.datetime, end: dt.datetime) -> bool:
        """Whether a booking there would leave no gap on one side."""
        return start in self._edges or end in self._edges


def starts(free: Iterable[Span], length: dt.timedelta, step: dt.timedelta = STEP) -> Iterator[dt.datetime]:
    """Starting times in `free`, on the step, that leave room for `length`.

    The step is counted in UTC; since every zone's offset is a multiple of a quarter of an hour, quarters stay quarters.
    """
    for begin, end in free:
        at = begin + (_EPOCH - begin) % step
        while at + length <= end:
            yield at
            at += step
