"""/api/v1/questionnaires/ and /api/v1/questionnaire-responses/: FHIR documents in and out, by the pages' services."""

import uuid
from typing import IO, Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, parsers, status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response as ApiResponse

from clinic.audit import services as audit
from clinic.core.errors import Refused
from clinic.people.api_access import GuardedViewSet, StrictCursor
from clinic.people.models import Client
from clinic.people.permissions import Permission
from intake.fhir.report import MOST_BYTES, Report
from intake.models import Questionnaire, Response
from intake.serializers import QuestionnaireSerializer, ResponseSerializer
from intake.services.answer_documents import export_response, import_response
from intake.services.documents import (
    bring_back,
    export_questionnaire,
    import_questionnaire,
    publish_form,
    retire_form,
)

FHIR = "application/fhir+json"
DOCUMENT = {FHIR: OpenApiTypes.OBJECT}


class DocumentParser(parsers.BaseParser):
    """The bytes as they came; one more than allowed is enough to see that there are too many."""

    media_type = FHIR

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        return stream.read(MOST_BYTES + 1)


class JsonDocumentParser(DocumentParser):
    media_type = "application/json"


class NewestFirst(StrictCursor):
    ordering = ("-created_at", "id")


class DocumentViewSet(mixins.ListModelMixin, GuardedViewSet):
    """What both have in common."""

    pagination_class = NewestFirst
    parser_classes = [DocumentParser, JsonDocumentParser]

    def text(self) -> bytes:
        """The body as it came. Raises ValidationError without one."""
        if not isinstance(self.request.data, bytes) or not self.request.data:
            raise ValidationError({"body": [_("Send the FHIR document as JSON.")]})
        return self.request.data


def document(text: bytes) -> HttpResponse:
    return HttpResponse(text, content_type=FHIR, headers={"X-Content-Type-Options": "nosniff"})


def refuse(report: Report) -> None:
    """Raises Refused with the report."""
    raise Refused(_("Nothing was imported."), code="not-imported", details={"report": report.as_json()})


class QuestionnaireViewSet(mixins.RetrieveModelMixin, DocumentViewSet):
    """Forms, every version. POST takes in a Questionnaire, or a Bundle of one with its ValueSets, as a draft.

    The same document twice answers 200 with the version that is there.
    """

    serializer_class = QuestionnaireSerializer
    permissions = {
        "list": Permission.MANAGE_SETTINGS,
        "retrieve": Permission.MANAGE_SETTINGS,
        "create": Permission.MANAGE_SETTINGS,
        "document": Permission.MANAGE_SETTINGS,
        "publish": Permission.MANAGE_SETTINGS,
        "retire": Permission.MANAGE_SETTINGS,
        "bring_back": Permission.MANAGE_SETTINGS,
        "metadata": Permission.MANAGE_SETTINGS,
    }

    def get_queryset(self) -> QuerySet[Questionnaire]:
        forms = Questionnaire.objects.visible_to(self.caller)
        return forms if self.action == "document" else forms.defer("definition", "source_text")

    @extend_schema(request=DOCUMENT, parameters=[OpenApiParameter("publish", OpenApiTypes.BOOL)])
    def create(self, request: Request) -> ApiResponse:
        """Take in a document whole, or not at all: 422 with the report."""
        wants_publishing = request.query_params.get("publish") == "true"
        imported = import_questionnaire(text=self.text(), by=self.caller, publish=wants_publishing)
        if imported.questionnaire is None:
            refuse(imported.report)
        code = status.HTTP_201_CREATED if imported.is_new else status.HTTP_200_OK
        return ApiResponse(self.get_serializer(imported.questionnaire).data, status=code)

    @extend_schema(responses={(200, FHIR): OpenApiTypes.OBJECT})
    @action(detail=True, url_path="document")
    def document(self, request: Request, pk: str | None = None) -> HttpResponse:
        """The document, byte for byte as it came in."""
        return document(export_questionnaire(self.get_object()))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, pk: str | None = None) -> ApiResponse:
        """Publish a draft; 422 with the report while something keeps it from being asked."""
        return ApiResponse(self.get_serializer(publish_form(form=self.get_object(), by=self.caller)).data)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def retire(self, request: Request, pk: str | None = None) -> ApiResponse:
        """Ask the form no more, in any version."""
        return ApiResponse(self.get_serializer(retire_form(form=self.get_object(), by=self.caller)).data)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"], url_path="bring-back")
    def bring_back(self, request: Request, pk: str | None = None) -> ApiResponse:
        """Ask a retired version again."""
        return ApiResponse(self.get_serializer(bring_back(form=self.get_object(), by=self.caller)).data)


CLIENT = OpenApiParameter("client", OpenApiTypes.UUID, required=True)


class ResponseViewSet(DocumentViewSet):
    """A client's answers, `?client=` required. POST takes in completed answers to a form that is published here."""

    serializer_class = ResponseSerializer
    permissions = {
        "list": Permission.VIEW_INTAKE,
        "retrieve": Permission.VIEW_INTAKE,
        "create": Permission.VIEW_INTAKE,
        "metadata": Permission.VIEW_INTAKE,
    }

    def get_queryset(self) -> QuerySet[Response]:
        responses = Response.objects.visible_to(self.caller).completed()
        return responses if self.action == "retrieve" else responses.defer("answers")

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(client=self.client()) if self.action == "list" else queryset

    @extend_schema(parameters=[CLIENT])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> ApiResponse:
        """Which forms a client has answered, without the answers."""
        return super().list(request, *args, **kwargs)

    @extend_schema(responses={(200, FHIR): OpenApiTypes.OBJECT})
    def retrieve(self, request: Request, pk: str | None = None) -> HttpResponse:
        """The answers as a QuestionnaireResponse. Reading them is in the audit."""
        response = self.get_object()
        audit.read(self.caller, response, client=response.client)
        return document(export_response(response))

    @extend_schema(request=DOCUMENT, parameters=[CLIENT])
    def create(self, request: Request) -> ApiResponse:
        """Take in answers whole, or not at all: 422 with the report. The same twice is taken in once."""
        response, report = import_response(text=self.text(), client=self.client(), by=self.caller)
        if response is None:
            refuse(report)
        return ApiResponse(self.get_serializer(response).data, status=status.HTTP_201_CREATED)

    def client(self) -> Client:
        try:
            wanted = uuid.UUID(self.request.query_params.get("client", ""))
        except ValueError as error:
            raise ValidationError({"client": [_("Say which client, by id.")]}) from error
        client: Client = get_object_or_404(Client.objects.visible_to(self.caller), pk=wanted)
        return client
