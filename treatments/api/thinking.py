"""/api/v1/goals/ and referrals/: what the client wants back, and letters to physicians."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.audit import services as audit
from clinic.people.api_access import StrictCursor
from clinic.people.permissions import Permission
from scheduling.api.support import once
from treatments.api.episodes import OfEpisode
from treatments.api.support import READ, TreatmentViewSet
from treatments.models import Goal, Referral
from treatments.reads.letter import FILE_NAME, letter_pdf
from treatments.serializers.thinking import (
    AimSerializer,
    GoalSerializer,
    NewGoalSerializer,
    ReferralSerializer,
    WriteReferralSerializer,
)
from treatments.services.referrals import write_referral
from treatments.services.thinking import add_goal, aim_goal, drop_goal


class LastWritten(StrictCursor):
    ordering = ("-written_at", "id")


class GoalViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, TreatmentViewSet):
    """Activities that an episode is to bring back (Patient-Specific Functional Scale)."""

    serializer_class = GoalSerializer
    pagination_class = None
    query = OfEpisode
    permissions = {
        **READ,
        "create": Permission.WRITE_NOTE,
        "partial_update": Permission.WRITE_NOTE,
        "destroy": Permission.WRITE_NOTE,
    }

    def get_queryset(self) -> QuerySet[Goal]:
        rows: QuerySet[Goal] = Goal.objects.visible_to(self.caller)
        return rows.select_related("episode__client").prefetch_related("ratings")

    @extend_schema(parameters=[OfEpisode])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Those of an episode in their order, dropped ones too."""
        return super().list(request, *args, **kwargs)

    @extend_schema(request=NewGoalSerializer, responses={201: GoalSerializer})
    @once
    def create(self, request: Request) -> Response:
        """Name an activity; at most five."""
        return self._answer(add_goal(by=self.caller, **self.said(NewGoalSerializer)), status=201)

    @extend_schema(request=AimSerializer)
    def partial_update(self, request: Request, pk: str | None = None) -> Response:
        """How well it is to be possible at the end."""
        goal = self.get_object()
        return self._answer(aim_goal(goal=goal, by=self.caller, **self.said(AimSerializer)))

    def destroy(self, request: Request, pk: str | None = None) -> Response:
        """It is no goal any more. What was rated stays."""
        drop_goal(goal=self.get_object(), by=self.caller)
        return Response(status=204)

    def _answer(self, goal: Goal, status: int = 200) -> Response:
        return Response(GoalSerializer(goal).data, status=status)


class ReferralViewSet(mixins.ListModelMixin, TreatmentViewSet):
    """Letters of referral. A letter never changes."""

    serializer_class = ReferralSerializer
    pagination_class = LastWritten
    query = OfEpisode
    permissions = {**READ, "create": Permission.WRITE_NOTE, "pdf": Permission.VIEW_NOTES}

    def get_queryset(self) -> QuerySet[Referral]:
        rows: QuerySet[Referral] = Referral.objects.visible_to(self.caller)
        if self.action == "list":
            return rows
        return rows.select_related("episode__client", "episode__condition", "episode__location", "written_by")

    @extend_schema(parameters=[OfEpisode])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Those of an episode, the last written first."""
        return super().list(request, *args, **kwargs)

    @extend_schema()
    def retrieve(self, request: Request, pk: str | None = None) -> Response:
        """One letter."""
        referral = self.get_object()
        audit.read(self.caller, referral, client=referral.episode.client)
        return Response(ReferralSerializer(referral).data)

    @extend_schema(request=WriteReferralSerializer, responses={201: ReferralSerializer})
    @once
    def create(self, request: Request) -> Response:
        """Write one, for good."""
        referral = write_referral(by=self.caller, **self.said(WriteReferralSerializer))
        return Response(ReferralSerializer(referral).data, status=201)

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    @action(detail=True)
    def pdf(self, request: Request, pk: str | None = None) -> HttpResponse:
        """The letter to print or send."""
        referral = self.get_object()
        audit.record(self.caller, "referral.printed", referral, client=referral.episode.client)
        headers = {"X-Content-Type-Options": "nosniff", "Content-Disposition": f'attachment; filename="{FILE_NAME}"'}
        return HttpResponse(letter_pdf(referral), content_type="application/pdf", headers=headers)
