"""Red flags and consents: who answers for them, what is agreed to in which words."""

from django.urls import path

from intake.views import flag_watch

urlpatterns = [
    path("settings/red-flags/", flag_watch.flag_watch_list, name="flag-watch-list"),
    path("settings/red-flags/<uuid:pk>/", flag_watch.flag_watch_edit, name="flag-watch-edit"),
]
