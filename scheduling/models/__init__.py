from scheduling.models.appointment import Appointment, BookingRequest
from scheduling.models.availability import DateHours, TimeOff, Weekly, WeeklyBreak, WorkingHours
from scheduling.models.booking_rules import BookingRules, DailyLimit
from scheduling.models.calendars import CalendarFeed, OutsideBusy, OutsideCalendar
from scheduling.models.closures import Holiday, HolidayCalendar, RoomClosure
from scheduling.models.holds import SlotHold
from scheduling.models.requests import AnsweredRequest
from scheduling.models.series import Series
from scheduling.models.service import Service
from scheduling.models.waitlist import WaitlistEntry, WaitlistOffer, WaitlistWindow

__all__ = [
    "AnsweredRequest",
    "Appointment",
    "BookingRequest",
    "BookingRules",
    "CalendarFeed",
    "DailyLimit",
    "DateHours",
    "Holiday",
    "HolidayCalendar",
    "OutsideBusy",
    "OutsideCalendar",
    "RoomClosure",
    "Series",
    "Service",
    "SlotHold",
    "TimeOff",
    "WaitlistEntry",
    "WaitlistOffer",
    "WaitlistWindow",
    "Weekly",
    "WeeklyBreak",
    "WorkingHours",
]
