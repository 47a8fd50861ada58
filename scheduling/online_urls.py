"""/book/: what people book by themselves."""

from django.urls import path

from scheduling.views import online, online_details

urlpatterns = [
    path("", online.start, name="book-online"),
    path("<uuid:pk>/", online.therapists, name="book-online-therapists"),
    path("<uuid:pk>/times/", online.times, name="book-online-times"),
    path("held/<str:token>/", online_details.held, name="book-online-held"),
    path("done/<str:token>/", online_details.done, name="book-online-done"),
    path("done/<str:token>/calendar.ics", online_details.done_calendar, name="book-online-calendar"),
]
