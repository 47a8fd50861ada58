"""/api/v1/clients/: the same services and querysets as the pages."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework import mixins
from rest_framework.exceptions import ValidationError
from rest_framework.serializers import BaseSerializer

from clinic.audit import services as audit
from clinic.people.api_access import GuardedViewSet, StrictCursor, check_parameters
from clinic.people.models import Client
from clinic.people.permissions import Permission
from clinic.people.serializers import ClientSerializer
from clinic.people.services.clients import add_client, change_client


class ByName(StrictCursor):
    ordering = ("sort_key", "id")


class ClientViewSet(
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    mixins.CreateModelMixin,
    mixins.UpdateModelMixin,
    GuardedViewSet,
):
    """Clients in scope; `?search=` finds by any part of name, phone, mail, birth date or number."""

    serializer_class = ClientSerializer
    pagination_class = ByName
    http_method_names = ["get", "post", "patch", "head", "options"]
    permissions = {
        "list": Permission.VIEW_CLIENTS,
        "retrieve": Permission.VIEW_CLIENTS,
        "create": Permission.EDIT_CLIENTS,
        "partial_update": Permission.EDIT_CLIENTS,
        "metadata": Permission.VIEW_CLIENTS,
    }

    def get_queryset(self) -> QuerySet[Client]:
        return Client.objects.visible_to(self.caller)

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.action == "list":
            check_parameters(self.request, ["search"])
        text = self.request.query_params.get("search", "").strip()
        if self.action != "list" or not text:
            return queryset
        found = Client.objects.visible_to(self.caller).search(text)
        return queryset.filter(pk__in=[row.pk for row in found[:50]])

    def retrieve(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        client = self.get_object()
        audit.read(self.caller, client, client=client)
        return super().retrieve(request, *args, **kwargs)

    def perform_create(self, serializer: BaseSerializer[Client]) -> None:
        details = dict(serializer.validated_data)
        location = details.pop("location", None)
        if location is None:
            raise ValidationError({"location": [_("Say at which location.")]})
        serializer.instance = add_client(location=location, by=self.caller, **details)

    def perform_update(self, serializer: BaseSerializer[Client]) -> None:
        details = {name: value for name, value in serializer.validated_data.items() if name != "location"}
        serializer.instance = change_client(client=self.get_object(), by=self.caller, **details)
