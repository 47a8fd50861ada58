"""Starting times between what is taken, in seconds."""

from zoneinfo import ZoneInfo

import pytest

from scheduling.rules.slots import Busy, Gap, aligned, gaps, union
from scheduling.rules.walltime import offsets

HOUR = 3600
QUARTER = 900


def found(*visits: tuple[float, float], away: tuple[tuple[float, float], ...] = (), buffer: float = 0) -> list[Gap]:
    """Gaps for an hour's visit in an opening from eight to twelve."""
    busy = [Busy((int(start * HOUR), int(end * HOUR)) for start, end in each) for each in (away, visits)]
    return list(gaps((8 * HOUR, 12 * HOUR), *busy, length=HOUR, occupied=HOUR + int(buffer * HOUR)))


def hours(first: float, last: float, after: bool = False, before: bool = False) -> Gap:
    return Gap(int(first * HOUR), int(last * HOUR), after, before)


def test_a_free_morning_is_one_gap() -> None:
    assert found() == [hours(8, 11)]


def test_a_visit_divides_it() -> None:
    assert found((9, 10)) == [hours(8, 8, before=True), hours(10, 11, after=True)]


def test_a_visit_that_ends_as_the_day_begins_is_next_to_it() -> None:
    assert found((7, 8)) == [hours(8, 11, after=True)]


def test_a_gap_too_short_for_the_visit_is_none() -> None:
    assert found((8.5, 11.25)) == []


def test_the_buffer_is_kept_before_the_next_visit_but_not_before_closing() -> None:
    assert found((10, 11), buffer=0.25) == [hours(8, 8.75, before=True), hours(11, 11, after=True)]
    assert found((12, 13), buffer=0.25) == [hours(8, 10.75, before=True)]


def test_absence_bounds_the_visit_and_is_no_neighbour() -> None:
    assert found(away=((9, 10),)) == [hours(8, 8), hours(10, 11)]
    assert found((10, 10.5), away=((9, 10),)) == [hours(8, 8), hours(10.5, 11, after=True)]


def test_what_leaves_a_rest_nobody_buys_counts_as_waste() -> None:
    gap = hours(8, 10, after=True, before=True)
    assert gap.waste(8 * HOUR) == (0, -1)
    assert gap.waste(8 * HOUR + QUARTER) == (1, 0)
    assert gap.waste(9 * HOUR) == (0, 0)
    assert hours(8, 8, after=True, before=True).waste(8 * HOUR) == (0, -2)


def test_taken_times_are_found_by_where_they_lie() -> None:
    busy = Busy([(10, 20), (20, 30), (40, 50)])
    assert busy.stretches == union([(10, 30), (40, 50)])
    assert busy.is_free(30, 40)
    assert not busy.is_free(29, 31)
    assert not busy.is_free(0, 100)
    assert busy.meeting(30, 40) == [(10, 30)]
    assert busy.meeting(31, 41) == [(40, 50)]


@pytest.mark.parametrize("step", [5, 10, 15, 20, 30, 60])
@pytest.mark.parametrize("zone", ["Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe", "America/Phoenix"])
def test_times_stand_on_the_step_of_the_wall_clock_through_a_change(zone: str, step: int) -> None:
    """Each minute of two days is looked at: none that fits is left out, none comes twice."""
    clock = ZoneInfo(zone)
    for begin in (1774738800, 1792882800, 1791037200, 1775311200):  # the evenings before clocks change in 2026
        end = begin + 48 * HOUR - 60
        clock_parts = offsets(begin, end, clock)
        starts = list(aligned(begin, end, step * 60, clock_parts))
        shown = [at for at in range(begin, end + 1, 60) if minute_of_day(at, clock_parts) % step == 0]
        assert starts == shown


def minute_of_day(at: int, parts: tuple[tuple[int, int], ...]) -> int:
    offset = next(offset for until, offset in parts if at < until)
    return (at + offset) % 86_400 // 60
