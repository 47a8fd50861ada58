"""/api/v1/snippets/ and note-templates/: what makes writing quick."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.people.permissions import Permission
from scheduling.api.support import once
from treatments.api.support import READ, TreatmentViewSet
from treatments.models import NoteTemplate, Snippet
from treatments.serializers.writing import (
    NoteTemplateSerializer,
    SaveSnippetSerializer,
    SnippetSerializer,
    present,
)
from treatments.services.snippets import remove, save_snippet


class SnippetViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, TreatmentViewSet):
    """One's own, and those that are everybody's."""

    serializer_class = SnippetSerializer
    permissions = {
        **READ,
        "create": Permission.VIEW_NOTES,
        "partial_update": Permission.VIEW_NOTES,
        "destroy": Permission.VIEW_NOTES,
    }

    def get_queryset(self) -> QuerySet[Snippet]:
        rows: QuerySet[Snippet] = Snippet.objects.visible_to(self.caller)
        return rows

    @extend_schema(request=SaveSnippetSerializer, responses={201: SnippetSerializer})
    @once
    def create(self, request: Request) -> Response:
        """A new one; 409 when the short word is taken."""
        return self._answer(save_snippet(by=self.caller, **self.said(SaveSnippetSerializer)), status=201)

    @extend_schema(request=SaveSnippetSerializer)
    def partial_update(self, request: Request, pk: str | None = None) -> Response:
        """Change what is named."""
        snippet = self.get_object()
        body = SaveSnippetSerializer(data=request.data, partial=True, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        wanted: Any = present(snippet) | body.validated_data
        return self._answer(save_snippet(by=self.caller, snippet=snippet, **wanted))

    def destroy(self, request: Request, pk: str | None = None) -> Response:
        """Take it away."""
        remove(by=self.caller, row=self.get_object())
        return Response(status=204)

    def _answer(self, snippet: Snippet, status: int = 200) -> Response:
        return Response(SnippetSerializer(snippet).data, status=status)


class NoteTemplateViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, TreatmentViewSet):
    """One's own, and those that are everybody's; kept from a note, `notes/{id}/keep-as-template/`."""

    serializer_class = NoteTemplateSerializer
    permissions = {**READ, "destroy": Permission.VIEW_NOTES}

    def get_queryset(self) -> QuerySet[NoteTemplate]:
        rows: QuerySet[NoteTemplate] = NoteTemplate.objects.visible_to(self.caller)
        return rows

    def destroy(self, request: Request, pk: str | None = None) -> Response:
        """Take it away. Notes that began with it stay."""
        remove(by=self.caller, row=self.get_object())
        return Response(status=204)
