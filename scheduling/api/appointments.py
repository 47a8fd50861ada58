"""/api/v1/appointments/: the same services and querysets as the pages."""

import datetime as dt
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from clinic.audit import services as audit
from clinic.people.api_access import StrictCursor
from clinic.people.permissions import Permission
from scheduling import services
from scheduling.api.queries import AppointmentQuery, read
from scheduling.api.support import ScheduleViewSet, once, versioned
from scheduling.models import Appointment
from scheduling.serializers.appointments import (
    AppointmentSerializer,
    CancelSerializer,
    MoveSerializer,
    NothingSerializer,
    StatusSerializer,
    StretchSerializer,
)

LONGEST_SPAN = dt.timedelta(days=62)


class ByTime(StrictCursor):
    ordering = ("during", "id")


class AppointmentViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, mixins.CreateModelMixin, ScheduleViewSet):
    """Visits at the caller's locations."""

    serializer_class = AppointmentSerializer
    pagination_class = ByTime
    permissions = {
        "list": Permission.VIEW_CALENDAR,
        "retrieve": Permission.VIEW_CALENDAR,
        "create": Permission.BOOK,
        "move": Permission.BOOK,
        "stretch": Permission.BOOK,
        "cancel": Permission.BOOK,
        "status": Permission.BOOK,
        "undo": Permission.BOOK,
        "metadata": Permission.VIEW_CALENDAR,
    }

    def get_queryset(self) -> QuerySet[Appointment]:
        return Appointment.objects.visible_to(self.caller).with_people()

    @extend_schema(parameters=[AppointmentQuery])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Visits that meet the span from `from` until `until`, at most 62 days, by time."""
        return super().list(request, *args, **kwargs)

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.action != "list":
            return queryset
        asked = read(AppointmentQuery, self.request)
        since, until, statuses = asked.pop("from", None), asked.pop("until", None), asked.pop("status", None)
        found: QuerySet[Any] = self.get_queryset().filter(**asked)
        if statuses:
            found = found.filter(status__in=statuses)
        if since is None and until is None and "client" in asked:
            return found
        if since is None or until is None:
            raise ValidationError({name: [_("Say from when until when.")] for name in ("from", "until")})
        if not since < until <= since + LONGEST_SPAN:
            raise ValidationError({"until": [_("Ask for at most 62 days, the end after the start.")]})
        return found.filter(during__overlap=DateTimeTZRange(since, until))

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One visit, with its version as ETag."""
        appointment = self.get_object()
        audit.read(self.caller, appointment, client=appointment.client)
        return self._answer(appointment)

    @once
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Book. Without `room`, the first that fits; without both, where the therapist works then."""
        return super().create(request, *args, **kwargs)

    def perform_create(self, serializer: BaseSerializer[Appointment]) -> None:
        wish = serializer.validated_data
        serializer.instance = services.book_appointment(**wish, by=self.caller, origin=Appointment.Origin.API)

    @extend_schema(responses=AppointmentSerializer)
    @action(detail=True, methods=["post"], serializer_class=MoveSerializer)
    @versioned
    def move(self, request: Request, pk: str | None = None) -> Response:
        """To another time, therapist or room; how long it takes stays."""
        return self._answer(services.move_appointment(**self._change()))

    @extend_schema(responses=AppointmentSerializer)
    @action(detail=True, methods=["post"], serializer_class=StretchSerializer)
    @versioned
    def stretch(self, request: Request, pk: str | None = None) -> Response:
        """To another end: 5 minutes to 8 hours; a 409 says until when it could last."""
        return self._answer(services.stretch_appointment(**self._change()))

    @extend_schema(responses=AppointmentSerializer)
    @action(detail=True, methods=["post"], serializer_class=CancelSerializer)
    @versioned
    def cancel(self, request: Request, pk: str | None = None) -> Response:
        """Cancel; late when the notice the practice asks for has passed."""
        return self._answer(services.cancel_appointment(**self._change()))

    @extend_schema(responses=AppointmentSerializer)
    @action(detail=True, methods=["post"], serializer_class=StatusSerializer)
    @versioned
    def status(self, request: Request, pk: str | None = None) -> Response:
        """Confirm, check in, start, finish, or say that nobody came."""
        return self._answer(services.set_status(**self._change()))

    @extend_schema(request=None, responses=AppointmentSerializer)
    @action(detail=True, methods=["post"], serializer_class=NothingSerializer)
    @versioned
    def undo(self, request: Request, pk: str | None = None) -> Response:
        """Take back the change that made this version."""
        return self._answer(services.undo(**self._change()))

    def _change(self) -> dict[str, Any]:
        """What a change is called with: the visit, what the body says, the version seen, and who."""
        appointment = self.get_object()
        said = self.get_serializer(data=self.request.data)
        said.is_valid(raise_exception=True)
        return {"appointment": appointment, "by": self.caller, "version": self.version, **said.validated_data}

    def _answer(self, appointment: Appointment) -> Response:
        return Response(AppointmentSerializer(appointment, context=self.get_serializer_context()).data)
