"""What the practice sets up before anything is booked; below /settings/."""

from django.urls import path

from scheduling.views import breaks, closing, holidays, hours, ruling, services, time_off

urlpatterns = [
    path("booking/", ruling.booking_rules, name="booking-rules"),
    path("services/", services.service_list, name="service-list"),
    path("services/new/", services.create, name="service-create"),
    path("services/<uuid:pk>/", services.edit, name="service-edit"),
    path("hours/", hours.hours_list, name="hours-list"),
    path("hours/<uuid:pk>/", hours.of_therapist, name="hours-of-therapist"),
    path("hours/<uuid:pk>/breaks/", breaks.add_break, name="break-create"),
    path("hours/<uuid:pk>/dates/", breaks.add_date, name="date-hours-create"),
    path("hours/spans/<uuid:pk>/", hours.edit, name="hours-edit"),
    path("hours/spans/<uuid:pk>/end/", hours.end, name="hours-end"),
    path("hours/breaks/<uuid:pk>/", breaks.edit_break, name="break-edit"),
    path("hours/breaks/<uuid:pk>/end/", breaks.end_break, name="break-end"),
    path("hours/dates/<uuid:pk>/", breaks.edit_date, name="date-hours-edit"),
    path("hours/dates/<uuid:pk>/remove/", breaks.remove_date, name="date-hours-remove"),
    path("time-off/", time_off.time_off_list, name="time-off-list"),
    path("time-off/<uuid:pk>/", time_off.edit, name="time-off-edit"),
    path("time-off/<uuid:pk>/remove/", time_off.remove, name="time-off-remove"),
    path("room-closures/", closing.closure_list, name="room-closure-list"),
    path("room-closures/<uuid:pk>/", closing.edit_closure, name="room-closure-edit"),
    path("room-closures/<uuid:pk>/remove/", closing.remove_closure, name="room-closure-remove"),
    path("daily-limits/", closing.limit_list, name="daily-limit-list"),
    path("daily-limits/<uuid:pk>/", closing.edit_limit, name="daily-limit-edit"),
    path("daily-limits/<uuid:pk>/remove/", closing.remove_limit, name="daily-limit-remove"),
    path("holidays/", holidays.holiday_list, name="holiday-list"),
    path("holidays/calendar/<uuid:pk>/", holidays.calendar, name="holiday-calendar"),
    path("holidays/<uuid:pk>/", holidays.edit, name="holiday-edit"),
    path("holidays/<uuid:pk>/toggle/", holidays.toggle, name="holiday-toggle"),
    path("holidays/<uuid:pk>/remove/", holidays.remove, name="holiday-remove"),
]
