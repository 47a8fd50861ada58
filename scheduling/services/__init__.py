"""Every write to the schedule."""

from scheduling.services.booking import book_appointment
from scheduling.services.cancelling import cancel_appointment, cancel_by_link
from scheduling.services.moving import move_appointment
from scheduling.services.offering import save_service
from scheduling.services.ruling import save_booking_rules
from scheduling.services.status import confirm_by_link, set_status
from scheduling.services.stretching import stretch_appointment
from scheduling.services.undoing import undo
from scheduling.services.working import add_time_off, add_working_hours, end_working_hours, remove_time_off

__all__ = [
    "add_time_off",
    "add_working_hours",
    "book_appointment",
    "cancel_appointment",
    "cancel_by_link",
    "confirm_by_link",
    "end_working_hours",
    "move_appointment",
    "remove_time_off",
    "save_booking_rules",
    "save_service",
    "set_status",
    "stretch_appointment",
    "undo",
]
