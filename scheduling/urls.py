from django.urls import path

from scheduling.views import (
    appointments,
    booking,
    calendar,
    client_pages,
    feeds,
    hours,
    practice,
    ruling,
    services,
    time_off,
)

app_name = "scheduling"
urlpatterns = [
    path("calendar/", calendar.day, name="day"),
    path("appointments/new/", booking.create, name="appointment-create"),
    path("appointments/new/clients/", booking.suggestions, name="appointment-clients"),
    path("appointments/new/client/", booking.new_client, name="appointment-new-client"),
    path("appointments/<uuid:pk>/", appointments.detail, name="appointment-detail"),
    path("appointments/<uuid:pk>/status/", appointments.status, name="appointment-status"),
    path("appointments/<uuid:pk>/move/", appointments.move, name="appointment-move"),
    path("appointments/<uuid:pk>/consents/", appointments.ask_consents, name="appointment-ask-consents"),
    path("appointments/<uuid:pk>/cancel/", appointments.cancel, name="appointment-cancel"),
    path("appointments/<uuid:pk>/undo/<int:version>/", appointments.take_back, name="appointment-undo"),
    path("a/<str:token>/", client_pages.show, name="client-page"),
    path("a/<str:token>/calendar.ics", client_pages.calendar, name="client-page-calendar"),
    path("a/<str:token>/confirm/", client_pages.confirm, name="client-page-confirm"),
    path("a/<str:token>/cancel/", client_pages.cancel, name="client-page-cancel"),
    path("feeds/<str:token>.ics", feeds.read, name="feed"),
    path("practice/", practice.practice, name="practice"),
    path("settings/booking/", ruling.booking_rules, name="booking-rules"),
    path("settings/services/", services.service_list, name="service-list"),
    path("settings/services/new/", services.create, name="service-create"),
    path("settings/services/<uuid:pk>/", services.edit, name="service-edit"),
    path("settings/hours/", hours.hours_list, name="hours-list"),
    path("settings/hours/<uuid:pk>/", hours.of_therapist, name="hours-of-therapist"),
    path("settings/hours/spans/<uuid:pk>/end/", hours.end, name="hours-end"),
    path("settings/time-off/", time_off.time_off_list, name="time-off-list"),
    path("settings/time-off/<uuid:pk>/remove/", time_off.remove, name="time-off-remove"),
]
