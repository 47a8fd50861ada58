"""The small chart of one score: where better is."""

from decimal import Decimal

from treatments.rules import course


def test_the_band_of_what_matters_lies_where_better_is() -> None:
    pain = course.chart([Decimal(7)], [""], low=0, high=10, goal=5, is_lower_better=True)
    activities = course.chart([Decimal(3)], [""], low=0, high=10, goal=5, is_lower_better=False)
    assert pain.goal_y is not None
    assert pain.goal_y == activities.goal_y
    assert (pain.band_y, pain.band_y + pain.band_height) == (pain.goal_y, course.FLOOR + 6)
    assert (activities.band_y, activities.band_height) == (0, pain.goal_y)
