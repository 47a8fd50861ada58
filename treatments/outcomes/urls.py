from django.urls import path

from treatments.outcomes import map_views, views

app_name = "outcomes"
urlpatterns = [
    path("", views.index, name="index"),
    path("table.csv", views.table, name="table"),
    path("<slug:condition>/", views.condition, name="condition"),
    path("<slug:condition>/map/", map_views.condition_map, name="condition-map"),
    path("<slug:condition>/map.csv", map_views.condition_map_table, name="condition-map-table"),
]
