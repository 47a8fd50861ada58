from scheduling.models.appointment import Appointment
from scheduling.models.availability import TimeOff, WorkingHours
from scheduling.models.service import Service

__all__ = ["Appointment", "Service", "TimeOff", "WorkingHours"]
