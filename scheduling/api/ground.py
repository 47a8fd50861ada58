"""/api/v1/services/, working-hours/, breaks/, date-hours/, time-off/, room-closures/, holidays/, daily-limits/."""

from abc import ABC, abstractmethod
from typing import Any

from django.db.models import QuerySet
from rest_framework import mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.core import clock
from clinic.people.api_access import GuardedViewSet, StrictCursor
from clinic.people.models import Location, Room, User
from clinic.people.permissions import Permission
from scheduling import services
from scheduling.api.queries import Query, read
from scheduling.models import (
    DailyLimit,
    DateHours,
    Holiday,
    RoomClosure,
    Service,
    TimeOff,
    WeeklyBreak,
    WorkingHours,
)
from scheduling.serializers import ground
from scheduling.serializers.scoped import named


class InOrder(StrictCursor):
    ordering = ("created_at", "id")


class OfLocation(Query):
    within = {"location": Location}
    location = named(Location)


class OfTherapist(Query):
    within = {"therapist": User}
    therapist = named(User)


class OfBoth(OfLocation, OfTherapist):
    within = OfLocation.within | OfTherapist.within


class OfRoom(Query):
    within = {"room": Room}
    room = named(Room)


class SettingViewSet(
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    mixins.CreateModelMixin,
    mixins.DestroyModelMixin,
    GuardedViewSet,
    ABC,
):
    """What the calendar shows anyway is read by all who see it; owners change it."""

    model: Any
    query: type[Query] = Query
    pagination_class = InOrder
    http_method_names = ["get", "post", "patch", "delete", "head", "options"]
    permissions = {
        "list": Permission.VIEW_CALENDAR,
        "retrieve": Permission.VIEW_CALENDAR,
        "create": Permission.MANAGE_SETTINGS,
        "partial_update": Permission.MANAGE_SETTINGS,
        "destroy": Permission.MANAGE_SETTINGS,
        "metadata": Permission.VIEW_CALENDAR,
    }

    def get_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = self.model.objects.visible_to(self.caller)
        return rows

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(**read(self.query, self.request)) if self.action == "list" else queryset

    def perform_create(self, serializer: serializers.BaseSerializer[Any]) -> None:
        serializer.instance = self.add(**serializer.validated_data)

    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change what is named, and leave the rest."""
        row = self.get_object()
        said = self.get_serializer(row, data=request.data, partial=True)
        said.is_valid(raise_exception=True)
        return Response(self.get_serializer(self.change(row, **said.validated_data)).data)

    @abstractmethod
    def add(self, **values: Any) -> Any:
        """The service that adds one."""

    @abstractmethod
    def change(self, row: Any, **values: Any) -> Any:
        """The service that changes one; only what is named is given."""


class ServiceViewSet(SettingViewSet):
    """What can be booked. A service is not removed: `is_active: false` takes it out of booking."""

    model = Service
    serializer_class = ground.ServiceSerializer
    http_method_names = ["get", "post", "patch", "head", "options"]

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().prefetch_related("therapists")

    def add(self, **values: Any) -> Any:
        return services.save_service(by=self.caller, **values)

    def change(self, row: Any, **values: Any) -> Any:
        return services.save_service(by=self.caller, service=row, **values)


class _WeeklyViewSet(SettingViewSet):
    query = OfBoth

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("therapist", "location")


class WorkingHoursViewSet(_WeeklyViewSet):
    """Weekly hours. Removing them ends them today; what was worked stays on record."""

    model = WorkingHours
    serializer_class = ground.WorkingHoursSerializer

    def add(self, **values: Any) -> Any:
        weekdays = [values.pop("weekday")]
        return services.add_working_hours(weekdays=weekdays, by=self.caller, **values)[0]

    def change(self, row: Any, **values: Any) -> Any:
        since = values.pop("valid_from", None)
        return services.change_working_hours(hours=row, since=since, by=self.caller, **values)

    def perform_destroy(self, instance: Any) -> None:
        services.end_working_hours(hours=instance, on=clock.today(instance.location.zone), by=self.caller)


class BreakViewSet(_WeeklyViewSet):
    """Weekly breaks. Removing one ends it today."""

    model = WeeklyBreak
    serializer_class = ground.BreakSerializer

    def add(self, **values: Any) -> Any:
        weekdays = [values.pop("weekday")]
        return services.add_breaks(weekdays=weekdays, by=self.caller, **values)[0]

    def change(self, row: Any, **values: Any) -> Any:
        since = values.pop("valid_from", None)
        return services.change_break(pause=row, since=since, by=self.caller, **values)

    def perform_destroy(self, instance: Any) -> None:
        services.end_break(pause=instance, on=clock.today(instance.location.zone), by=self.caller)


class DateHoursViewSet(_WeeklyViewSet):
    """Dates that are not as the week says."""

    model = DateHours
    serializer_class = ground.DateHoursSerializer

    def add(self, **values: Any) -> Any:
        return services.set_date_hours(by=self.caller, **values)

    def change(self, row: Any, **values: Any) -> Any:
        names = ("therapist", "location", "on", "starts_at", "ends_at", "reason")
        present = {name: getattr(row, name) for name in names}
        return services.set_date_hours(date_hours=row, by=self.caller, **(present | values))

    def perform_destroy(self, instance: Any) -> None:
        services.remove_date_hours(date_hours=instance, by=self.caller)


class TimeOffViewSet(SettingViewSet):
    """When therapists are away."""

    model = TimeOff
    query = OfTherapist
    serializer_class = ground.TimeOffSerializer

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("therapist")

    def add(self, **values: Any) -> Any:
        return services.add_time_off(therapists=[values["therapist"]], by=self.caller, **_span(None, values))[0]

    def change(self, row: Any, **values: Any) -> Any:
        return services.change_time_off(absence=row, by=self.caller, **_span(row, values))

    def perform_destroy(self, instance: Any) -> None:
        services.remove_time_off(absence=instance, by=self.caller)


class RoomClosureViewSet(SettingViewSet):
    """Rooms that cannot be used for a while."""

    model = RoomClosure
    query = OfRoom
    serializer_class = ground.RoomClosureSerializer

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("room__location")

    def add(self, **values: Any) -> Any:
        return services.close_room(room=values["room"], by=self.caller, **_span(None, values))

    def change(self, row: Any, **values: Any) -> Any:
        return services.change_closure(closure=row, by=self.caller, **_span(row, values))

    def perform_destroy(self, instance: Any) -> None:
        services.remove_closure(closure=instance, by=self.caller)


class HolidayViewSet(SettingViewSet):
    """Closed dates. One of the practice's own is removed; a public one is opened, or with a DELETE as before again."""

    model = Holiday
    query = OfLocation
    serializer_class = ground.HolidaySerializer

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("location")

    def add(self, **values: Any) -> Any:
        said = {"locations": [values["location"]], "on": values["on"], "name": values["name"]}
        return services.add_own_day(by=self.caller, is_closed=values.get("is_closed", True), **said)[0]

    def change(self, row: Any, **values: Any) -> Any:
        return services.change_holiday(holiday=row, by=self.caller, **values)

    def perform_destroy(self, instance: Any) -> None:
        services.remove_holiday(holiday=instance, by=self.caller)


class DailyLimitViewSet(SettingViewSet):
    """How many visits a day are enough."""

    model = DailyLimit
    query = OfTherapist
    serializer_class = ground.DailyLimitSerializer

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("therapist", "service")

    def add(self, **values: Any) -> Any:
        return services.set_daily_limit(by=self.caller, **values)

    def change(self, row: Any, **values: Any) -> Any:
        present = {"therapist": row.therapist, "service": row.service, "visits": row.visits}
        return services.set_daily_limit(limit=row, by=self.caller, **(present | values))

    def perform_destroy(self, instance: Any) -> None:
        services.remove_daily_limit(limit=instance, by=self.caller)


def _span(row: Any, values: dict[str, Any]) -> dict[str, Any]:
    """What is said of a span and its reason; what is not, as in `row`."""
    present = {"lower": row.during.lower, "upper": row.during.upper} if row else {}
    said = present | values.get("during", {})
    reason = values.get("reason", row.reason if row else "")
    return {"starts_at": said["lower"], "ends_at": said["upper"], "reason": reason}
