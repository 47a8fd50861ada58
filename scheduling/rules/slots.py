"""Which starting times fit between what is taken. Instants are whole seconds since 1970, so that many are cheap."""

import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from scheduling.rules.walltime import Span

Stretch = tuple[int, int]
Offsets = Sequence[tuple[int, int]]  # (until, seconds east of UTC), in order

DEAD = 30 * 60  # a rest shorter than this is sold to nobody


class Gap(NamedTuple):
    """Where a visit can begin: from `first` to `last`, both included."""

    first: int
    last: int
    after_visit: bool
    before_visit: bool

    def waste(self, start: int) -> tuple[int, int]:
        """The less the better: rests too short to be sold, then sides that touch no other visit."""
        before, after = start - self.first, self.last - start
        dead = (0 < before < DEAD) + (0 < after < DEAD)
        return dead, -self.touching(start)

    def touching(self, start: int) -> int:
        """On how many sides another visit follows at once."""
        return (self.after_visit and start == self.first) + (self.before_visit and start == self.last)


class Busy:
    """What is taken, ready to be asked often: each answer is a binary search."""

    def __init__(self, stretches: Iterable[Stretch]) -> None:
        self.stretches = union(stretches)
        self._starts = [start for start, _ in self.stretches]

    def is_free(self, start: int, end: int) -> bool:
        """Whether nothing is taken between `start` and `end`."""
        before = bisect_right(self._starts, start) - 1
        if before >= 0 and self.stretches[before][1] > start:
            return False
        after = before + 1
        return after >= len(self.stretches) or self._starts[after] >= end

    def meeting(self, start: int, end: int) -> list[Stretch]:
        """What lies between `start` and `end`, or ends as it begins."""
        first = bisect_right(self._starts, start) - 1
        if first < 0 or self.stretches[first][1] < start:
            first += 1
        found = []
        for stretch in self.stretches[first:]:
            if stretch[0] >= end:
                break
            found.append(stretch)
        return found


def in_seconds(spans: Iterable[Span]) -> list[Stretch]:
    """Spans as seconds since 1970, never shorter than they are."""
    return [(int(start.timestamp()), math.ceil(end.timestamp())) for start, end in spans]


def busy(spans: Iterable[Span]) -> Busy:
    """What is taken, from spans of instants."""
    return Busy(in_seconds(spans))


def union(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Stretches in order, those that touch joined."""
    joined: list[Stretch] = []
    for start, end in sorted(stretches):
        if joined and start <= joined[-1][1]:
            if end > joined[-1][1]:
                joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def gaps(opening: Stretch, away: Busy, visits: Busy, *, length: int, occupied: int) -> Iterator[Gap]:
    """Where a visit fits into an opening: `length` lies within it, `occupied` (the buffer too) beside other visits."""
    at = opening[0]
    for start, end in [*away.meeting(*opening), (opening[1], opening[1])]:
        if at < start:
            yield from _between(at, min(start, opening[1]), visits, length, occupied)
        at = max(at, end)


def _between(begin: int, end: int, visits: Busy, length: int, occupied: int) -> Iterator[Gap]:
    first, after_visit = begin, False
    for start, until in visits.meeting(begin, end + occupied - length):
        last = min(end - length, start - occupied)
        if last >= first:
            yield Gap(first, last, after_visit, before_visit=last == start - occupied)
        if until >= first:
            first, after_visit = until, True
    if end - length >= first:
        yield Gap(first, end - length, after_visit, before_visit=False)


def aligned(first: int, last: int, step: int, offsets: Offsets) -> Iterator[int]:
    """Instants from `first` to `last` at which the local clock shows a multiple of `step` since midnight."""
    at = first
    for until, offset in offsets:
        if at >= until:
            continue
        at += -(at + offset) % step
        while at <= last and at < until:
            yield at
            at += step
        if at > last:
            return
        at = until  # the step is counted anew from where the clocks change
