from scheduling.models.appointment import Appointment, BookingRequest
from scheduling.models.availability import TimeOff, WorkingHours
from scheduling.models.service import Service

__all__ = ["Appointment", "BookingRequest", "Service", "TimeOff", "WorkingHours"]
