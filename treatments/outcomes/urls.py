from django.urls import path

from treatments.outcomes import views

app_name = "outcomes"
urlpatterns = [
    path("", views.index, name="index"),
    path("table.csv", views.table, name="table"),
    path("<slug:condition>/", views.condition, name="condition"),
]
