"""Every write to the schedule."""

from scheduling.services.absences import add_time_off, change_time_off, remove_time_off
from scheduling.services.booking import book_appointment
from scheduling.services.cancelling import cancel_appointment, cancel_by_link
from scheduling.services.closing import change_closure, close_room, remove_closure
from scheduling.services.dated import remove_date_hours, set_date_hours
from scheduling.services.holidays import (
    add_own_day,
    change_holiday,
    keep_holidays_up,
    remove_holiday,
    set_holiday_calendar,
)
from scheduling.services.limiting import remove_daily_limit, set_daily_limit
from scheduling.services.moving import move_appointment
from scheduling.services.offering import save_service
from scheduling.services.ruling import save_booking_rules
from scheduling.services.series import book_series, preview_series
from scheduling.services.series_changes import change_series, preview_change
from scheduling.services.series_ending import cancel_series
from scheduling.services.status import confirm_by_link, set_status
from scheduling.services.stretching import stretch_appointment
from scheduling.services.undoing import undo
from scheduling.services.working import (
    add_breaks,
    add_working_hours,
    change_break,
    change_working_hours,
    end_break,
    end_working_hours,
)

__all__ = [
    "add_breaks",
    "add_own_day",
    "add_time_off",
    "add_working_hours",
    "book_appointment",
    "book_series",
    "cancel_appointment",
    "cancel_by_link",
    "cancel_series",
    "change_break",
    "change_closure",
    "change_holiday",
    "change_series",
    "change_time_off",
    "change_working_hours",
    "close_room",
    "confirm_by_link",
    "end_break",
    "end_working_hours",
    "keep_holidays_up",
    "move_appointment",
    "preview_change",
    "preview_series",
    "remove_closure",
    "remove_daily_limit",
    "remove_date_hours",
    "remove_holiday",
    "remove_time_off",
    "save_booking_rules",
    "save_service",
    "set_daily_limit",
    "set_date_hours",
    "set_holiday_calendar",
    "set_status",
    "stretch_appointment",
    "undo",
]
