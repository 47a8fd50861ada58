"""/api/v1/exercises/ and prescriptions/: the library, what was given for home, and what became of it."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.people.api_access import StrictCursor
from clinic.people.models import Client
from clinic.people.permissions import Permission
from intake.models import Exercise
from scheduling.api.queries import Query
from scheduling.api.support import once
from scheduling.serializers.scoped import named
from treatments import services
from treatments.api.support import READ, TreatmentViewSet
from treatments.models import Episode, Prescription
from treatments.reads.adherence import adherence_of
from treatments.serializers.episodes import EmptySerializer
from treatments.serializers.exercises import (
    AdherenceSerializer,
    ExerciseSerializer,
    PrescribeSerializer,
    PrescriptionSerializer,
)


class ByPlace(StrictCursor):
    ordering = ("position", "code")


class LastGiven(StrictCursor):
    ordering = ("-prescribed_at", "id")


class ExerciseViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, TreatmentViewSet):
    """The library of exercises, each with its source and level of evidence."""

    serializer_class = ExerciseSerializer
    pagination_class = ByPlace
    permissions = READ

    def get_queryset(self) -> QuerySet[Exercise]:
        rows: QuerySet[Exercise] = Exercise.objects.visible_to(self.caller)
        return rows.filter(retired_at=None) if self.action == "list" else rows


class PrescriptionQuery(Query):
    """`state` is `current` or `stopped`."""

    within = {"episode": Episode, "client": Client}

    episode = named(Episode)
    client = named(Client)
    state = serializers.ChoiceField(choices=["current", "stopped"], required=False)


class PrescriptionViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, TreatmentViewSet):
    """Exercises for home."""

    serializer_class = PrescriptionSerializer
    query = PrescriptionQuery
    pagination_class = LastGiven
    permissions = {
        **READ,
        "create": Permission.WRITE_NOTE,
        "stop": Permission.WRITE_NOTE,
        "resume": Permission.WRITE_NOTE,
        "adherence": Permission.VIEW_NOTES,
    }

    def get_queryset(self) -> QuerySet[Prescription]:
        rows: QuerySet[Prescription] = Prescription.objects.visible_to(self.caller)
        if self.action == "list":
            return rows
        return rows.select_related("episode__client", "episode__location", "exercise")

    @extend_schema(parameters=[PrescriptionQuery])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The last given first."""
        return super().list(request, *args, **kwargs)

    def narrow(self, queryset: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
        state, client = asked.pop("state", None), asked.pop("client", None)
        found = queryset.filter(**asked)
        found = found.filter(episode__client=client) if client else found
        return found.filter(stopped_at__isnull=state == "current") if state else found

    @extend_schema(request=PrescribeSerializer, responses={201: PrescriptionSerializer})
    @once
    def create(self, request: Request) -> Response:
        """Give an exercise; given before in this episode, its former dose is stopped."""
        given = services.prescribe(by=self.caller, **self.said(PrescribeSerializer))
        return Response(PrescriptionSerializer(given).data, status=201)

    @extend_schema(request=None, responses=PrescriptionSerializer)
    @action(detail=True, methods=["post"])
    def stop(self, request: Request, pk: str | None = None) -> Response:
        """The client need not do it any more; twice changes nothing."""
        return self._change(services.stop_prescription)

    @extend_schema(request=None, responses=PrescriptionSerializer)
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, pk: str | None = None) -> Response:
        """Undo of stopping."""
        return self._change(services.resume_prescription)

    @extend_schema(responses=AdherenceSerializer)
    @action(detail=True)
    def adherence(self, request: Request, pk: str | None = None) -> Response:
        """What the client ticked over the last four weeks, and the pain after."""
        row = self.get_object()
        return Response(AdherenceSerializer(adherence_of([row], row.episode.location.zone)[0]).data)

    def _change(self, service: Any) -> Response:
        row = self.get_object()
        self.said(EmptySerializer)
        return Response(PrescriptionSerializer(service(prescription=row, by=self.caller)).data)
