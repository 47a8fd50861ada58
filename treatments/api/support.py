"""What the view sets of treatment share."""

from typing import Any

from django.db.models import QuerySet
from rest_framework.request import Request

from clinic.people.api_access import StrictCursor
from clinic.people.permissions import Permission
from scheduling.api.queries import Query, read
from scheduling.api.support import ScheduleViewSet

READ = {
    "list": Permission.VIEW_NOTES,
    "retrieve": Permission.VIEW_NOTES,
    "metadata": Permission.VIEW_NOTES,
}


class NewestFirst(StrictCursor):
    ordering = ("-created_at", "id")


class TreatmentViewSet(ScheduleViewSet):
    """Notes and all that belongs to them: read by who may read notes, written through the services of the pages."""

    query: type[Query] = Query
    pagination_class: Any = NewestFirst

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """What is out of sight is a 404 before a word about a missing key."""
        super().initial(request, *args, **kwargs)
        if self.detail and getattr(getattr(self, self.action or "", None), "needs_key", False):
            self.get_object()

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return self.narrow(queryset, read(self.query, self.request)) if self.action == "list" else queryset

    def narrow(self, queryset: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
        return queryset.filter(**asked)

    def said(self, serializer: Any, **context: Any) -> dict[str, Any]:
        body = serializer(data=self.request.data, context={**self.get_serializer_context(), **context})
        body.is_valid(raise_exception=True)
        return dict(body.validated_data)
