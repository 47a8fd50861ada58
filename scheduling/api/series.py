"""/api/v1/series/: visits that come back, by the services of the pages."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.audit import services as audit
from clinic.people.api_access import StrictCursor
from clinic.people.models import Client, Location, User
from clinic.people.permissions import Permission
from scheduling import services
from scheduling.api.queries import Query, read
from scheduling.api.support import ScheduleViewSet, once, versioned
from scheduling.models import Appointment, Series
from scheduling.serializers.scoped import named
from scheduling.serializers.series import (
    ChangeSerializer,
    EndSerializer,
    PlanSerializer,
    PreviewSerializer,
    SeriesSerializer,
)
from scheduling.services.series import described


class SeriesQuery(Query):
    within = {"client": Client, "therapist": User, "location": Location}

    client = named(Client)
    therapist = named(User)
    location = named(Location)


class ByStart(StrictCursor):
    ordering = ("first_on", "id")


class SeriesViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ScheduleViewSet):
    """Series at the caller's locations."""

    serializer_class = SeriesSerializer
    pagination_class = ByStart
    permissions = {
        "list": Permission.VIEW_CALENDAR,
        "retrieve": Permission.VIEW_CALENDAR,
        "create": Permission.BOOK,
        "preview": Permission.BOOK,
        "change": Permission.BOOK,
        "preview_change": Permission.BOOK,
        "cancel": Permission.BOOK,
        "metadata": Permission.VIEW_CALENDAR,
    }

    def get_queryset(self) -> QuerySet[Series]:
        return Series.objects.visible_to(self.caller).select_related("location").prefetch_related("appointments")

    @extend_schema(parameters=[SeriesQuery])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Series by the day they begin."""
        return super().list(request, *args, **kwargs)

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(**read(SeriesQuery, self.request)) if self.action == "list" else queryset

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One series with all its visits, and its version as ETag."""
        series = self.get_object()
        audit.read(self.caller, series, client=series.client)
        return self._answer(series)

    @extend_schema(request=PlanSerializer, responses={201: SeriesSerializer})
    @once
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Book every date of the rule, all or none; a 409 names the dates that need a choice."""
        said = self._read(PlanSerializer)
        series = services.book_series(plan=said.plan(), by=self.caller, choices=said.chosen())
        return Response(self._answer(series).data, status=201)

    @extend_schema(request=PlanSerializer, responses=PreviewSerializer)
    @action(detail=False, methods=["post"], serializer_class=PlanSerializer)
    def preview(self, request: Request) -> Response:
        """Every date of the rule: free, or what is in the way. Writes nothing."""
        said = self._read(PlanSerializer)
        found = services.preview_series(plan=said.plan(), by=self.caller, choices=said.chosen())
        visits = [described(each) for each in found.visits]
        return Response(PreviewSerializer({"rule": found.recurrence.text, "visits": visits}).data)

    @extend_schema(request=ChangeSerializer, responses=SeriesSerializer)
    @action(detail=True, methods=["post"], serializer_class=ChangeSerializer)
    @versioned
    def change(self, request: Request, pk: str | None = None) -> Response:
        """Move one visit, this and following, or all to come; answers with the series they are of from now on."""
        said = self._read(ChangeSerializer)
        visit = self._visit(said)
        series = services.change_series(
            appointment=visit,
            scope=said.validated_data["scope"],
            change=said.change(),
            by=self.caller,
            choices=said.chosen(),
            version=self.version,
        )
        return self._answer(series)

    @extend_schema(request=ChangeSerializer, responses=PreviewSerializer)
    @action(detail=True, methods=["post"], url_path="change/preview", serializer_class=ChangeSerializer)
    def preview_change(self, request: Request, pk: str | None = None) -> Response:
        """Where the visits would be, and what is in the way there. Writes nothing."""
        said = self._read(ChangeSerializer)
        scope, visit = said.validated_data["scope"], self._visit(said)
        found = services.preview_change(
            appointment=visit, scope=scope, change=said.change(), by=self.caller, choices=said.chosen()
        )
        visits = [described(each) for each in found.visits]
        return Response(PreviewSerializer({"rule": found.recurrence.text, "visits": visits}).data)

    @extend_schema(request=EndSerializer, responses=SeriesSerializer)
    @action(detail=True, methods=["post"], serializer_class=EndSerializer)
    @versioned
    def cancel(self, request: Request, pk: str | None = None) -> Response:
        """Cancel one visit, this and following, or all to come; each is late or not by its own notice."""
        said = self._read(EndSerializer)
        visit = self._visit(said)
        services.cancel_series(
            appointment=visit,
            scope=said.validated_data["scope"],
            by=self.caller,
            reason=said.validated_data["reason"],
            cancelled_by=said.validated_data["cancelled_by"],
            series_version=self.version,
        )
        return self._answer(self.get_object())

    def _read(self, serializer: Any) -> Any:
        """What the body says. Raises Http404 for a series out of sight before a word about the body."""
        if self.detail:
            self.get_object()
        said = serializer(data=self.request.data, context=self.get_serializer_context())
        said.is_valid(raise_exception=True)
        return said

    def _visit(self, said: Any) -> Appointment:
        """The visit a change begins with. Raises ValidationError for one of another series."""
        visit: Appointment = said.validated_data["visit"]
        if visit.series_id != self.get_object().pk:
            raise ValidationError({"visit": [_("This visit is not of this series.")]})
        full: Appointment = Appointment.objects.with_people().select_related("series__location").get(pk=visit.pk)
        return full

    def _answer(self, series: Series) -> Response:
        return Response(SeriesSerializer(series, context=self.get_serializer_context()).data)
