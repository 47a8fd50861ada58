"""Every write to the schedule."""

from scheduling.services.booking import book_appointment
from scheduling.services.cancelling import cancel_appointment, cancel_by_link
from scheduling.services.moving import move_appointment
from scheduling.services.status import confirm_by_link, set_status
from scheduling.services.undoing import undo

__all__ = [
    "book_appointment",
    "cancel_appointment",
    "cancel_by_link",
    "confirm_by_link",
    "move_appointment",
    "set_status",
    "undo",
]
