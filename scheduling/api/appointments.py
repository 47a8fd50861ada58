"""/api/v1/appointments/: the same services and querysets as the pages."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework import mixins, pagination
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from clinic.people.api_access import InstantField
from clinic.people.permissions import Permission
from scheduling import services
from scheduling.api.support import ScheduleViewSet, once, versioned
from scheduling.models import Appointment
from scheduling.serializers.appointments import AppointmentSerializer, CancelSerializer

LONGEST_SPAN = dt.timedelta(days=62)


class ByTime(pagination.CursorPagination):
    ordering = ("during", "id")


class AppointmentViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, mixins.CreateModelMixin, ScheduleViewSet):
    """Visits in scope, between `?from=` and `?until=`. A POST needs an `Idempotency-Key`, a UUID of the caller's."""

    serializer_class = AppointmentSerializer
    pagination_class = ByTime
    permissions = {
        "list": Permission.VIEW_CALENDAR,
        "retrieve": Permission.VIEW_CALENDAR,
        "create": Permission.BOOK,
        "cancel": Permission.BOOK,
        "metadata": Permission.VIEW_CALENDAR,
    }

    def get_queryset(self) -> QuerySet[Appointment]:
        return Appointment.objects.visible_to(self.caller).with_people()

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.action != "list":
            return queryset
        since, until = self._instant("from"), self._instant("until")
        if not since < until <= since + LONGEST_SPAN:
            raise ValidationError({"until": [_("Ask for at most 62 days, the end after the start.")]})
        return Appointment.objects.visible_to(self.caller).with_people().overlapping(since, until)

    @once
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Book."""
        return super().create(request, *args, **kwargs)

    def perform_create(self, serializer: BaseSerializer[Appointment]) -> None:
        serializer.instance = services.book_appointment(**serializer.validated_data, by=self.caller)

    @action(detail=True, methods=["post"], serializer_class=CancelSerializer)
    @versioned
    def cancel(self, request: Request, pk: str | None = None) -> Response:
        """Cancel the version the caller has seen."""
        appointment = self.get_object()
        said = CancelSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        appointment = services.cancel_appointment(
            appointment=appointment, by=self.caller, version=self.version, **said.validated_data
        )
        return Response(AppointmentSerializer(appointment, context=self.get_serializer_context()).data)

    def _instant(self, name: str) -> dt.datetime:
        try:
            return InstantField().to_internal_value(self.request.query_params.get(name))
        except ValidationError as error:
            raise ValidationError({name: error.detail}) from error
