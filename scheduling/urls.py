from django.urls import include, path

from scheduling import settings_urls
from scheduling.views import (
    appointments,
    booking,
    calendar,
    client_moving,
    client_pages,
    feeds,
    placing,
    practice,
    waitlist_links,
)

app_name = "scheduling"
urlpatterns = [
    path("book/", include("scheduling.online_urls")),
    path("calendar/", calendar.day, name="day"),
    path("calendar/changes/", calendar.changes, name="calendar-changes"),
    path("appointments/new/", booking.create, name="appointment-create"),
    path("appointments/new/clients/", booking.suggestions, name="appointment-clients"),
    path("appointments/new/client/", booking.new_client, name="appointment-new-client"),
    path("appointments/<uuid:pk>/", appointments.detail, name="appointment-detail"),
    path("appointments/<uuid:pk>/status/", appointments.status, name="appointment-status"),
    path("appointments/<uuid:pk>/move/", appointments.move, name="appointment-move"),
    path("appointments/<uuid:pk>/place/", placing.place, name="appointment-place"),
    path("appointments/<uuid:pk>/stretch/", placing.stretch, name="appointment-stretch"),
    path("appointments/<uuid:pk>/consents/", appointments.ask_consents, name="appointment-ask-consents"),
    path("appointments/<uuid:pk>/cancel/", appointments.cancel, name="appointment-cancel"),
    path("appointments/<uuid:pk>/undo/<int:version>/", appointments.take_back, name="appointment-undo"),
    path("a/<str:token>/", client_pages.show, name="client-page"),
    path("a/<str:token>/calendar.ics", client_pages.calendar, name="client-page-calendar"),
    path("a/<str:token>/confirm/", client_pages.confirm, name="client-page-confirm"),
    path("a/<str:token>/move/", client_moving.move, name="client-page-move"),
    path("a/<str:token>/cancel/", client_pages.cancel, name="client-page-cancel"),
    path("feeds/<str:token>.ics", feeds.read, name="feed"),
    path("w/<str:token>/", waitlist_links.show, name="waitlist-link"),
    path("w/<str:token>/take/", waitlist_links.take, name="waitlist-link-take"),
    path("w/<str:token>/pass/", waitlist_links.let_pass, name="waitlist-link-pass"),
    path("w/<str:token>/leave/", waitlist_links.leave, name="waitlist-link-leave"),
    path("practice/", practice.practice, name="practice"),
    path("practice/tables/<slug:name>.csv", practice.practice_table, name="practice-table"),
    path("practice/visits/<slug:figure>/", practice.practice_visits, name="practice-visits"),
    path("settings/", include(settings_urls)),
]
