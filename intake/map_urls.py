"""Addresses of the pain map for staff."""

from django.urls import path

from intake.views import maps

urlpatterns = [
    path("clients/<uuid:pk>/maps/", maps.client_maps, name="client-maps"),
    path("clients/<uuid:pk>/maps/new/", maps.map_create, name="map-create"),
    path("maps/<uuid:pk>/<slug:view>.svg", maps.map_svg, name="map-svg"),
    path("maps/<uuid:pk>/<slug:view>.png", maps.map_png, name="map-png"),
]
