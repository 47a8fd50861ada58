"""/api/v1/notes/{id}/files/ and /api/v1/note-files/: photos and documents of a note."""

from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, parsers, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.audit import services as audit
from clinic.people import uploads
from clinic.people.api_parser import JSONParser
from clinic.people.models import Document
from clinic.people.permissions import Permission
from scheduling.api.queries import Query, read
from scheduling.serializers.scoped import named
from treatments.api.support import READ, TreatmentViewSet
from treatments.models import NoteFile, SessionNote
from treatments.serializers.files import AddFileSerializer, CaptionSerializer, NoteFileSerializer
from treatments.services.files import add_file, attach_document, caption_file, take_out
from treatments.services.notes import require_author


class FileQuery(Query):
    within = {"note": SessionNote}
    note = named(SessionNote, required=True)


class RemovalQuery(Query):
    """Without a cause the file stays among the client's documents."""

    cause = serializers.ChoiceField(choices=Document.Removal.choices, required=False)


class NewFileSerializer(AddFileSerializer):
    within = {**AddFileSerializer.within, "note": SessionNote}
    note = named(SessionNote, required=True)


class NoteFileViewSet(mixins.ListModelMixin, TreatmentViewSet):
    """Photos and documents of notes. Those of a signed note stay as they are."""

    serializer_class = NoteFileSerializer
    pagination_class = None
    query = FileQuery
    parser_classes = [JSONParser, parsers.MultiPartParser]
    permissions = {
        **READ,
        "create": Permission.WRITE_NOTE,
        "partial_update": Permission.WRITE_NOTE,
        "destroy": Permission.WRITE_NOTE,
        "content": Permission.VIEW_NOTES,
    }

    def get_queryset(self) -> QuerySet[NoteFile]:
        rows: QuerySet[NoteFile] = NoteFile.objects.visible_to(self.caller)
        return rows.select_related("document__client", "note__client").order_by("position", "pk")

    @extend_schema(parameters=[FileQuery])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Those of one note, in their order."""
        return super().list(request, *args, **kwargs)

    @extend_schema()
    def retrieve(self, request: Request, pk: str | None = None) -> Response:
        """One, without its content."""
        return self._answer(self.get_object())

    @extend_schema(
        request={"multipart/form-data": NewFileSerializer, "application/json": NewFileSerializer},
        responses={201: NoteFileSerializer},
    )
    def create(self, request: Request) -> Response:
        """Add to a draft. The same file sent twice is there once, so it needs no key."""
        said = self.said(NewFileSerializer)
        file, document = said.pop("file", None), said.pop("document", None)
        if document is not None:
            return self._answer(attach_document(document=document, by=self.caller, **said), status=201)
        return self._answer(add_file(upload=file, by=self.caller, **said), status=201)

    @extend_schema(request=CaptionSerializer)
    def partial_update(self, request: Request, pk: str | None = None) -> Response:
        """Say what it shows."""
        file = self._own()
        return self._answer(caption_file(file=file, by=self.caller, **self.said(CaptionSerializer)))

    @extend_schema(parameters=[RemovalQuery])
    def destroy(self, request: Request, pk: str | None = None) -> Response:
        """Take it out of a draft; with a `cause` it is removed from the client's documents too."""
        file = self._own()
        take_out(file=file, by=self.caller, **read(RemovalQuery, request))
        return Response(status=204)

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True)
    def content(self, request: Request, pk: str | None = None) -> FileResponse:
        """The bytes as they were kept, as an attachment."""
        document = self.get_object().document
        audit.read(self.caller, document, client=document.client)
        return uploads.to_be_saved(document.file, media_type=document.media_type, title=document.title)

    def _own(self) -> NoteFile:
        """Who may not write it learns nothing of the body. Raises NotAllowed."""
        file: NoteFile = self.get_object()
        require_author(file.note, self.caller)
        return file

    def _answer(self, file: NoteFile, status: int = 200) -> Response:
        return Response(NoteFileSerializer(file, context=self.get_serializer_context()).data, status=status)
