"""/api/v1/episodes/, hypotheses/ and scores/: what is treated, what is thought of it, and how it goes."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.audit import services as audit
from clinic.people.api_access import StrictCursor
from clinic.people.models import Client
from clinic.people.permissions import Permission
from intake.models import Condition
from scheduling.api.queries import Query
from scheduling.api.support import once
from scheduling.serializers.scoped import named
from treatments import services
from treatments.api.support import READ, TreatmentViewSet
from treatments.models import Episode, Hypothesis
from treatments.outcomes.models import Score
from treatments.serializers.episodes import (
    ChangeEpisodeSerializer,
    CloseSerializer,
    EmptySerializer,
    EpisodeSerializer,
    HypothesisSerializer,
    OpenEpisodeSerializer,
    ScoreSerializer,
    StateHypothesisSerializer,
)
from treatments.serializers.thinking import GoalSerializer


class LastOpened(StrictCursor):
    ordering = ("-opened_at", "id")


class LastStated(StrictCursor):
    ordering = ("-stated_at", "id")


class InOrder(StrictCursor):
    ordering = ("recorded_at", "id")


class EpisodeQuery(Query):
    """`state` is `open` or `closed`."""

    within = {"client": Client, "condition": Condition}

    client = named(Client)
    condition = named(Condition)
    state = serializers.ChoiceField(choices=["open", "closed"], required=False)


class OfEpisode(Query):
    within = {"episode": Episode}
    episode = named(Episode, required=True)


class EpisodeViewSet(mixins.ListModelMixin, TreatmentViewSet):
    """Episodes of care."""

    serializer_class = EpisodeSerializer
    query = EpisodeQuery
    pagination_class = LastOpened
    permissions = {
        **READ,
        "create": Permission.WRITE_NOTE,
        "partial_update": Permission.WRITE_NOTE,
        "adopt_goals": Permission.WRITE_NOTE,
        "close": Permission.WRITE_NOTE,
        "reopen": Permission.WRITE_NOTE,
    }

    def get_queryset(self) -> QuerySet[Episode]:
        rows: QuerySet[Episode] = Episode.objects.visible_to(self.caller)
        return rows if self.action == "list" else rows.select_related("client", "condition")

    @extend_schema(parameters=[EpisodeQuery])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The last opened first."""
        response = super().list(request, *args, **kwargs)
        audit.record(self.caller, "episodes.listed", changes={"shown": len(response.data["results"])})
        return response

    def narrow(self, queryset: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
        state = asked.pop("state", None)
        found = queryset.filter(**asked)
        return found.filter(closed_at__isnull=state == "open") if state else found

    @extend_schema()
    def retrieve(self, request: Request, pk: str | None = None) -> Response:
        """One episode."""
        episode = self.get_object()
        audit.read(self.caller, episode, client=episode.client)
        return self._answer(episode)

    @extend_schema(request=OpenEpisodeSerializer, responses={201: EpisodeSerializer})
    @once
    def create(self, request: Request) -> Response:
        """Open an episode; what the client was asked before becomes its baseline. One for each condition and side."""
        return self._answer(services.open_episode(by=self.caller, **self._opening()), status=201)

    @extend_schema(request=ChangeEpisodeSerializer)
    def partial_update(self, request: Request, pk: str | None = None) -> Response:
        """Change what is named of an open episode; another side turns its code as well."""
        episode = self.get_object()
        said: Any = {"condition": episode.condition, "side": episode.side} | self.said(ChangeEpisodeSerializer)
        return self._answer(services.change_episode(episode=episode, by=self.caller, **said))

    @extend_schema(request=None, responses=GoalSerializer(many=True))
    @action(detail=True, methods=["post"], url_path="adopt-goals", pagination_class=None)
    def adopt_goals(self, request: Request, pk: str | None = None) -> Response:
        """The activities of the client's newest answers become goals, rated as there."""
        episode = self.get_object()
        self.said(EmptySerializer)
        return Response(GoalSerializer(services.adopt_goals(episode=episode, by=self.caller), many=True).data)

    @extend_schema(request=CloseSerializer, responses=EpisodeSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str | None = None) -> Response:
        """Close it, with the reason. Its exercises end."""
        episode = self.get_object()
        return self._answer(services.close_episode(episode=episode, by=self.caller, **self.said(CloseSerializer)))

    @extend_schema(request=None, responses=EpisodeSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: str | None = None) -> Response:
        """Undo of closing; exercises that ended with it stay ended."""
        episode = self.get_object()
        self.said(EmptySerializer)
        return self._answer(services.reopen_episode(episode=episode, by=self.caller))

    def _opening(self) -> Any:
        return self.said(OpenEpisodeSerializer)

    def _answer(self, episode: Episode, status: int = 200) -> Response:
        return Response(EpisodeSerializer(episode).data, status=status)


class HypothesisViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, TreatmentViewSet):
    """Working hypotheses of an episode, as they were stated. What was stated stays; a new statement follows it."""

    serializer_class = HypothesisSerializer
    query = OfEpisode
    pagination_class = LastStated
    permissions = {**READ, "create": Permission.WRITE_NOTE}

    def get_queryset(self) -> QuerySet[Hypothesis]:
        rows: QuerySet[Hypothesis] = Hypothesis.objects.visible_to(self.caller)
        return rows

    @extend_schema(parameters=[OfEpisode])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Those of an episode, the last stated first."""
        return super().list(request, *args, **kwargs)

    @extend_schema(request=StateHypothesisSerializer, responses={201: HypothesisSerializer})
    @once
    def create(self, request: Request) -> Response:
        """Say how sure one is now, and why."""
        stated = services.state_hypothesis(by=self.caller, **self.said(StateHypothesisSerializer))
        return Response(HypothesisSerializer(stated).data, status=201)


class ScoreViewSet(mixins.ListModelMixin, TreatmentViewSet):
    """What was measured in an episode."""

    serializer_class = ScoreSerializer
    query = OfEpisode
    pagination_class = InOrder
    permissions = {name: READ[name] for name in ("list", "metadata")}

    def get_queryset(self) -> QuerySet[Score]:
        return Score.objects.filter(episode__in=Episode.objects.visible_to(self.caller)).select_related("measure")

    @extend_schema(parameters=[OfEpisode])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Those of an episode, oldest first."""
        return super().list(request, *args, **kwargs)
