"""/api/v1/calendar-feeds/ and /api/v1/outside-calendars/: calendars that leave the house, and those that come in."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from clinic.people.api_access import GuardedViewSet, StrictCursor, check_parameters
from clinic.people.permissions import Permission
from scheduling import feeds
from scheduling.models import CalendarFeed, OutsideCalendar
from scheduling.serializers.calendars import (
    FeedSerializer,
    NewFeedSerializer,
    OpenedFeedSerializer,
    OutsideCalendarSerializer,
)
from scheduling.services.feeds import open_own_feed, open_room_feed, revoke_feed
from scheduling.services.outside_calendars import add_outside_calendar, read_soon, remove_outside_calendar


class Newest(StrictCursor):
    ordering = ("-created_at", "id")


class CalendarFeedViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, GuardedViewSet):
    """Secret addresses for calendar programs: one's own; for owners those of everybody and of rooms."""

    serializer_class = FeedSerializer
    pagination_class = Newest
    permissions = {
        "list": Permission.SHARE_CALENDARS,
        "retrieve": Permission.SHARE_CALENDARS,
        "create": Permission.SHARE_CALENDARS,
        "revoke": Permission.SHARE_CALENDARS,
        "metadata": Permission.SHARE_CALENDARS,
    }

    def get_queryset(self) -> QuerySet[CalendarFeed]:
        return CalendarFeed.objects.visible_to(self.caller)

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.action == "list":
            check_parameters(self.request, [])
        return queryset

    def get_serializer_class(self) -> Any:
        return NewFeedSerializer if self.action in ("create", "metadata") else super().get_serializer_class()

    @extend_schema(request=NewFeedSerializer, responses={201: OpenedFeedSerializer})
    def create(self, request: Request) -> Response:
        """Make an address. The answer holds it this once; no key, for an answer that is kept would keep the secret."""
        said = self.get_serializer(data=request.data)
        said.is_valid(raise_exception=True)
        room, label = said.validated_data.get("room"), said.validated_data["label"]
        if room:
            feed, token = open_room_feed(room=room, label=label, by=self.caller)
        else:
            feed, token = open_own_feed(label=label, by=self.caller)
        answer = {**FeedSerializer(feed).data, "address": feeds.address_of(token)}
        return Response(answer, status=201, headers={"Cache-Control": "no-store"})

    @extend_schema(request=None, responses=FeedSerializer)
    @action(detail=True, methods=["post"])
    def revoke(self, request: Request, pk: str | None = None) -> Response:
        """End an address; ending it twice changes nothing."""
        return Response(FeedSerializer(revoke_feed(feed=self.get_object(), by=self.caller)).data)


class OutsideCalendarViewSet(
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    mixins.CreateModelMixin,
    mixins.DestroyModelMixin,
    GuardedViewSet,
):
    """Calendars kept elsewhere, of which the busy times count here."""

    serializer_class = OutsideCalendarSerializer
    pagination_class = Newest
    permissions = {
        "list": Permission.SHARE_CALENDARS,
        "retrieve": Permission.SHARE_CALENDARS,
        "create": Permission.OWN_CALENDARS,
        "destroy": Permission.SHARE_CALENDARS,
        "read": Permission.SHARE_CALENDARS,
        "metadata": Permission.SHARE_CALENDARS,
    }

    def get_queryset(self) -> QuerySet[OutsideCalendar]:
        return OutsideCalendar.objects.visible_to(self.caller)

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.action == "list":
            check_parameters(self.request, [])
        return queryset

    def perform_create(self, serializer: BaseSerializer[OutsideCalendar]) -> None:
        serializer.instance = add_outside_calendar(**serializer.validated_data, by=self.caller)

    def perform_destroy(self, instance: OutsideCalendar) -> None:
        remove_outside_calendar(calendar=instance, by=self.caller)

    @extend_schema(request=None, responses={202: OutsideCalendarSerializer})
    @action(detail=True, methods=["post"])
    def read(self, request: Request, pk: str | None = None) -> Response:
        """Have it read now instead of in a while; 422 when that has just been."""
        calendar = read_soon(calendar=self.get_object(), by=self.caller)
        return Response(self.get_serializer(calendar).data, status=202)
