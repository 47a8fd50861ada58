"""Where things stand on a day's clock: lanes, rests, gaps. Minutes are wall-clock minutes since midnight."""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

DAY = 24 * 60
SHORTEST_GAP = 30
_NOON = (11 * 60, 15 * 60)
_LONGEST_LUNCH = 120

Stretch = tuple[int, int]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Rest:
    """A stretch in which a therapist does not work."""

    start: int
    end: int
    kind: str  # lunch, before, after, between


def lanes(stretches: Sequence[Stretch]) -> list[tuple[int, int]]:
    """For each stretch its lane and how many lanes stand side by side there; 0 of 1 when it stands alone."""
    order = sorted(range(len(stretches)), key=lambda index: (stretches[index][0], -stretches[index][1], index))
    placed: list[tuple[int, int]] = [(0, 1)] * len(stretches)
    cluster: list[tuple[int, int]] = []
    ends: list[int] = []
    for index in order:
        start, end = stretches[index]
        if ends and start >= max(ends):
            _close(cluster, len(ends), placed)
            cluster, ends = [], []
        lane = next((lane for lane, busy_until in enumerate(ends) if busy_until <= start), len(ends))
        if lane == len(ends):
            ends.append(end)
        else:
            ends[lane] = end
        cluster.append((index, lane))
    _close(cluster, len(ends), placed)
    return placed


def _close(cluster: list[tuple[int, int]], width: int, placed: list[tuple[int, int]]) -> None:
    for index, lane in cluster:
        placed[index] = (lane, width)


def union(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Stretches in order, those that touch joined."""
    joined: list[Stretch] = []
    for start, end in sorted(stretches):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        elif start < end:
            joined.append((start, end))
    return joined


def without(stretches: Iterable[Stretch], taken: Iterable[Stretch]) -> list[Stretch]:
    """What is left of `stretches` beside `taken`."""
    left: list[Stretch] = []
    busy = union(taken)
    for start, end in union(stretches):
        at = start
        for busy_start, busy_end in busy:
            if busy_end <= at or busy_start >= end:
                continue
            if busy_start > at:
                left.append((at, busy_start))
            at = max(at, busy_end)
        if at < end:
            left.append((at, end))
    return left


def rests(work: Iterable[Stretch], opens: int, closes: int) -> list[Rest]:
    """The stretches between `opens` and `closes` in which nobody works; a short one around noon is lunch."""
    worked = union(work)
    if not worked:
        return []
    found = []
    for start, end in without([(opens, closes)], worked):
        if end <= worked[0][0]:
            kind = "before"
        elif start >= worked[-1][1]:
            kind = "after"
        elif end - start <= _LONGEST_LUNCH and start < _NOON[1] and end > _NOON[0]:
            kind = "lunch"
        else:
            kind = "between"
        found.append(Rest(start, end, kind))
    return found


def gaps(work: Iterable[Stretch], taken: Iterable[Stretch], *, not_before: int) -> list[Stretch]:
    """Free stretches worth booking, from the next quarter after `not_before` on."""
    begin = -(-not_before // 15) * 15
    free = without(work, taken)
    later = [(max(start, begin), end) for start, end in free]
    return [(start, end) for start, end in later if end - start >= SHORTEST_GAP]


def in_hours(stretch: Stretch) -> list[Stretch]:
    """A stretch cut at full hours, so that a tap lands near the time it is meant for; no piece under half an hour."""
    start, end = stretch
    cuts = [
        start,
        *(hour for hour in range(-(-start // 60) * 60, end, 60) if hour - start >= 30 and end - hour >= 30),
        end,
    ]
    return list(itertools.pairwise(cuts))


def frame(opens: int, closes: int, stretches: Iterable[Stretch]) -> Stretch:
    """First and last full hour to draw: the opening hours, and whatever lies outside them."""
    known = [(opens, closes), *stretches]
    start, end = min(start for start, _ in known), max(end for _, end in known)
    return start // 60 * 60, min(-(-end // 60) * 60, DAY)
