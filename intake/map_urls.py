"""Addresses of the pain map for staff."""

from django.urls import path

from intake.views import maps

urlpatterns = [
    path("clients/<uuid:pk>/maps/", maps.client_maps, name="client-maps"),
]
