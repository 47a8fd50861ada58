"""What a score means, when it counts, and how much may be said of many. Pure: no ORM, no clock."""

from treatments.outcomes.rules.course import Course, Point, summarise
from treatments.outcomes.rules.scale import Scale
from treatments.outcomes.rules.statistics import (
    AnswerRate,
    Enough,
    Interval,
    MedianTime,
    bounds_if_missing_counted,
    enough,
    interval_of_mean,
    interval_of_share,
    mean_if_missing_counted,
    median_time,
    rate_answers,
)
from treatments.outcomes.rules.windows import CURVE, WINDOWS, Window, window_of

__all__ = [
    "CURVE",
    "WINDOWS",
    "AnswerRate",
    "Course",
    "Enough",
    "Interval",
    "MedianTime",
    "Point",
    "Scale",
    "Window",
    "bounds_if_missing_counted",
    "enough",
    "interval_of_mean",
    "interval_of_share",
    "mean_if_missing_counted",
    "median_time",
    "rate_answers",
    "summarise",
    "window_of",
]
