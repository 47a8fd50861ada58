"""Dates and times read the same on every page, whatever asks for them."""

import datetime as dt

from django.utils.formats import date_format, time_format

EVENING = dt.datetime(2026, 3, 4, 21, 5, tzinfo=dt.UTC)


def test_no_month_can_be_taken_for_a_day() -> None:
    assert date_format(EVENING, "DATE_FORMAT") == "4 March 2026"
    assert date_format(EVENING, "SHORT_DATE_FORMAT") == "4 Mar 2026"


def test_no_evening_can_be_taken_for_a_morning() -> None:
    assert time_format(EVENING.time(), "TIME_FORMAT") == "21:05"
    assert date_format(EVENING, "DATETIME_FORMAT") == "4 March 2026, 21:05"
