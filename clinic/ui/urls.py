from django.urls import path

from clinic.ui import views

app_name = "ui"
urlpatterns = [
    path("preferences/theme/", views.set_theme, name="set-theme"),
    path("styleguide/", views.styleguide, name="styleguide"),
]
