"""/api/v1/locations/, rooms/, therapists/: whom and what a booking names. Read only; settings pages change them."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.people.api_access import GuardedViewSet, StrictCursor
from clinic.people.models import Location, Room, User
from clinic.people.permissions import Permission
from scheduling.api.queries import Query, read
from scheduling.models import Service
from scheduling.serializers.places import LocationSerializer, RoomSerializer, TherapistSerializer
from scheduling.serializers.scoped import named


class ByName(StrictCursor):
    ordering = ("name", "id")


class PlaceViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, GuardedViewSet):
    """In use, and within what the caller may see."""

    query: type[Query] = Query
    pagination_class = ByName
    permissions = {
        "list": Permission.VIEW_CALENDAR,
        "retrieve": Permission.VIEW_CALENDAR,
        "metadata": Permission.VIEW_CALENDAR,
    }

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(**read(self.query, self.request)) if self.action == "list" else queryset


class LocationViewSet(PlaceViewSet):
    """Where the practice is, with the time zone of its clock."""

    serializer_class = LocationSerializer

    def get_queryset(self) -> QuerySet[Location]:
        return Location.objects.visible_to(self.caller).active()


class RoomQuery(Query):
    within = {"location": Location}
    location = named(Location)


class RoomViewSet(PlaceViewSet):
    """Rooms and what is in them."""

    query = RoomQuery
    serializer_class = RoomSerializer

    def get_queryset(self) -> QuerySet[Room]:
        return Room.objects.visible_to(self.caller).active()

    @extend_schema(parameters=[RoomQuery])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """By name, also of one location."""
        return super().list(request, *args, **kwargs)


class TherapistQuery(Query):
    within = {"locations": Location, "services": Service}
    locations = named(Location)
    services = named(Service)


class TherapistViewSet(PlaceViewSet):
    """Who treats, where, and what."""

    query = TherapistQuery
    serializer_class = TherapistSerializer

    def get_queryset(self) -> QuerySet[User]:
        rows: QuerySet[User] = User.objects.therapists().visible_to(self.caller)
        return rows.prefetch_related("locations", "services")

    @extend_schema(parameters=[TherapistQuery])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """By name, also of one location or for one service."""
        return super().list(request, *args, **kwargs)
