"""/api/v1/waitlist-entries/ and /api/v1/waitlist-offers/: the same services and querysets as the pages."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, pagination, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from clinic.audit import services as audit
from clinic.people.models import Client
from clinic.people.permissions import Permission
from scheduling import waiting
from scheduling.api.queries import Query, read
from scheduling.api.support import ScheduleViewSet, once
from scheduling.models import Service, WaitlistEntry, WaitlistOffer
from scheduling.serializers.appointments import NothingSerializer
from scheduling.serializers.scoped import named
from scheduling.serializers.waitlist import EntryChangeSerializer, EntrySerializer, OfferSerializer
from scheduling.services import offers
from scheduling.services import waitlist as services
from scheduling.services.offer_rows import with_all


class InTurn(pagination.CursorPagination):
    ordering = ("-priority", "created_at", "id")


class LastFirst(pagination.CursorPagination):
    ordering = ("-offered_at", "id")


class EntryQuery(Query):
    """`state` may come several times."""

    within = {"client": Client, "service": Service}

    client = named(Client)
    service = named(Service)
    state = serializers.MultipleChoiceField(choices=WaitlistEntry.State.choices, required=False)


class OfferQuery(Query):
    within = {"entry": WaitlistEntry}

    entry = named(WaitlistEntry)
    state = serializers.MultipleChoiceField(choices=WaitlistOffer.State.choices, required=False)


class WaitlistEntryViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, mixins.CreateModelMixin, mixins.DestroyModelMixin, ScheduleViewSet
):
    """Who waits for what, in turn: the more urgent first, then whoever has waited longest."""

    serializer_class = EntrySerializer
    pagination_class = InTurn
    permissions = {
        "list": Permission.VIEW_CALENDAR,
        "retrieve": Permission.VIEW_CALENDAR,
        "create": Permission.BOOK,
        "partial_update": Permission.BOOK,
        "destroy": Permission.BOOK,
        "metadata": Permission.VIEW_CALENDAR,
    }

    def get_queryset(self) -> QuerySet[WaitlistEntry]:
        return waiting.with_wishes(WaitlistEntry.objects.visible_to(self.caller))

    @extend_schema(parameters=[EntryQuery])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Entries of every state, or of those that are named."""
        response = super().list(request, *args, **kwargs)
        audit.record(self.caller, "waitlist.listed", changes={"shown": len(response.data["results"])})
        return response

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return _narrowed(queryset, read(EntryQuery, self.request)) if self.action == "list" else queryset

    @once
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Put a client on the waitlist; once for each service."""
        return super().create(request, *args, **kwargs)

    def perform_create(self, serializer: BaseSerializer[WaitlistEntry]) -> None:
        serializer.instance = services.add_to_waitlist(**serializer.validated_data, by=self.caller)

    @extend_schema(request=EntryChangeSerializer, responses=EntrySerializer)
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change what is named; the rest stays. What is offered already stays offered."""
        entry = self.get_object()
        said = EntryChangeSerializer(entry, data=request.data, partial=True, context=self.get_serializer_context())
        said.is_valid(raise_exception=True)
        wish = dict(said.validated_data)
        if wish.pop("replaces_nothing", False):
            wish["replaces"] = None
        services.change_entry(entry=entry, by=self.caller, **wish)
        return Response(self.get_serializer(self.get_object()).data)

    def perform_destroy(self, instance: WaitlistEntry) -> None:
        """Taken off the list: the row stays, as `withdrawn`."""
        services.take_off(entry=instance, by=self.caller)


class WaitlistOfferViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, mixins.CreateModelMixin, ScheduleViewSet):
    """Times that are kept for somebody on the waitlist, and what became of them."""

    serializer_class = OfferSerializer
    pagination_class = LastFirst
    permissions = {
        "list": Permission.VIEW_CALENDAR,
        "retrieve": Permission.VIEW_CALENDAR,
        "create": Permission.BOOK,
        "withdraw": Permission.BOOK,
        "metadata": Permission.VIEW_CALENDAR,
    }

    def get_queryset(self) -> QuerySet[WaitlistOffer]:
        return with_all(WaitlistOffer.objects.visible_to(self.caller))

    @extend_schema(parameters=[OfferQuery])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The last one first."""
        return super().list(request, *args, **kwargs)

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return _narrowed(queryset, read(OfferQuery, self.request)) if self.action == "list" else queryset

    @once
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Keep a free time for somebody, and write to them."""
        return super().create(request, *args, **kwargs)

    def perform_create(self, serializer: BaseSerializer[WaitlistOffer]) -> None:
        said = serializer.validated_data
        place = said["hold"]
        wish = {
            "entry": said["entry"],
            "therapist": place["therapist"],
            "starts_at": place["during"]["lower"],
            "by": self.caller,
        }
        wish["room"] = offers.room_for(room=place.get("room"), **wish)
        serializer.instance = offers.offer_slot(**wish)

    @extend_schema(request=None, responses=OfferSerializer)
    @action(detail=True, methods=["post"], serializer_class=NothingSerializer)
    def withdraw(self, request: Request, pk: str | None = None) -> Response:
        """Take it back; the time is free again. Doing so twice changes nothing."""
        offer = offers.withdraw_offer(offer=self.get_object(), by=self.caller)
        return Response(OfferSerializer(offer, context=self.get_serializer_context()).data)


def _narrowed(queryset: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
    states = asked.pop("state", None)
    found = queryset.filter(**asked)
    return found.filter(state__in=states) if states else found
