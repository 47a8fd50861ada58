"""/api/v1/booking-rules/ and /api/v1/holiday-calendars/: one row for the practice, one for each location."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import mixins
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.people.models import Location
from clinic.people.permissions import Permission
from scheduling import services
from scheduling.api.places import ByName
from scheduling.api.queries import Query, read
from scheduling.api.support import ScheduleViewSet, versioned
from scheduling.models import BookingRules, HolidayCalendar
from scheduling.serializers.rulings import BookingRulesSerializer, HolidayCalendarSerializer

# What the calendar shows anyway is read by all who see it; owners change it.
PERMISSIONS = {
    "list": Permission.VIEW_CALENDAR,
    "retrieve": Permission.VIEW_CALENDAR,
    "partial_update": Permission.MANAGE_SETTINGS,
    "metadata": Permission.VIEW_CALENDAR,
}


class BookingRulesViewSet(ScheduleViewSet):
    """How bookings are taken: the step of times, online booking, the waitlist."""

    serializer_class = BookingRulesSerializer
    pagination_class = None
    permissions = PERMISSIONS

    def retrieve(self, request: Request) -> Response:
        """The rules as they are."""
        read(Query, request)
        return Response(self.get_serializer(BookingRules.current()).data)

    @versioned
    def partial_update(self, request: Request) -> Response:
        """Change what is named, and leave the rest."""
        said = self.get_serializer(BookingRules.current(), data=request.data, partial=True)
        said.is_valid(raise_exception=True)
        rules = services.save_booking_rules(by=self.caller, version=self.version, **said.validated_data)
        return Response(self.get_serializer(rules).data)


class HolidayCalendarViewSet(mixins.ListModelMixin, ScheduleViewSet):
    """Whose public holidays are kept where, by the id of the location."""

    serializer_class = HolidayCalendarSerializer
    pagination_class = ByName
    permissions = PERMISSIONS
    http_method_names = ["get", "patch", "head", "options"]

    def get_queryset(self) -> QuerySet[Location]:
        return Location.objects.visible_to(self.caller).active().select_related("holiday_calendar")

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Every location in use, with its country and state; an empty country keeps none."""
        read(Query, request)
        page = self.paginate_queryset(self.get_queryset()) or []
        return self.get_paginated_response(self.get_serializer([_of(place) for place in page], many=True).data)

    def retrieve(self, request: Request, pk: str | None = None) -> Response:
        """The calendar of one location."""
        return Response(self.get_serializer(_of(self.get_object())).data)

    @versioned
    def partial_update(self, request: Request, pk: str | None = None) -> Response:
        """Keep another country's or state's holidays, or with an empty country none; days of one's own stay."""
        place = self.get_object()
        present = _of(place)
        said = self.get_serializer(present, data=request.data, partial=True)
        said.is_valid(raise_exception=True)
        country = said.validated_data.get("country", present.country)
        usual = present.subdivision if country == present.country else ""  # a state of another country is none
        services.set_holiday_calendar(
            location=place,
            country=country,
            subdivision=said.validated_data.get("subdivision", usual),
            by=self.caller,
            version=self.version,
        )
        return Response(self.get_serializer(_of(self.get_object())).data)


def _of(place: Location) -> HolidayCalendar:
    """A location's calendar, unsaved and empty where it keeps none."""
    return getattr(place, "holiday_calendar", None) or HolidayCalendar(location=place)
