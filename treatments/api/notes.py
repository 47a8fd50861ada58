"""/api/v1/notes/: opened, written, carried forward, signed, added to; the same services and querysets as the pages."""

from typing import Any

from django.db.models import F, QuerySet
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.audit import services as audit
from clinic.people.api_access import InstantField, StrictCursor
from clinic.people.models import Client, User
from clinic.people.permissions import Permission
from scheduling.api.queries import Query
from scheduling.api.support import once, versioned
from scheduling.serializers.scoped import named
from treatments import services
from treatments.api.note_steps import NoteSteps
from treatments.api.support import READ, TreatmentViewSet
from treatments.models import Episode, SessionNote
from treatments.paper import handed_out
from treatments.reads.files import files_of
from treatments.seal import is_intact
from treatments.serializers.notes import (
    AddendumSerializer,
    DraftSerializer,
    ListedNoteSerializer,
    NewAddendumSerializer,
    NoteSerializer,
    OpenNoteSerializer,
    SectionSerializer,
    VerificationSerializer,
)

NAMES = ("findings", "techniques", "files__document", "addenda", "goal_ratings")


class ByTime(StrictCursor):
    ordering = ("-held_at", "id")


class NoteQuery(Query):
    """`from` and `until` are those of the sessions; `status` is `draft` or `signed`."""

    within = {"client": Client, "episode": Episode, "therapist": User}

    client = named(Client)
    episode = named(Episode)
    therapist = named(User)
    status = serializers.ChoiceField(choices=SessionNote.Status.choices, required=False)

    def get_fields(self) -> dict[str, Any]:
        span = {"from": InstantField(required=False), "until": InstantField(required=False)}
        return span | super().get_fields()


class NoteViewSet(NoteSteps, mixins.ListModelMixin, TreatmentViewSet):
    """Session notes. A draft is its therapist's to write, with If-Match; a signed one is only added to."""

    serializer_class = NoteSerializer
    query = NoteQuery
    pagination_class = ByTime
    permissions = {
        **READ,
        **NoteSteps.permissions,
        "create": Permission.WRITE_NOTE,
        "partial_update": Permission.WRITE_NOTE,
        "copy_forward": Permission.WRITE_NOTE,
        "keep_copied": Permission.WRITE_NOTE,
        "addenda": Permission.VIEW_NOTES,
        "add_addendum": Permission.WRITE_NOTE,
        "verification": Permission.VIEW_NOTES,
        "pdf": Permission.VIEW_NOTES,
    }

    def get_queryset(self) -> QuerySet[SessionNote]:
        rows: QuerySet[SessionNote] = SessionNote.objects.visible_to(self.caller)
        if self.action == "pdf":
            return rows.for_page()  # type: ignore[attr-defined, no-any-return]
        rows = rows.select_related("client").annotate(held_at=F("appointment__during__startswith"))
        if self.action == "list":
            return rows.defer("subjective", "objective", "assessment", "plan", "client_answers")
        return rows.select_related("co_signature").prefetch_related(*NAMES)

    def get_serializer_class(self) -> Any:
        return ListedNoteSerializer if self.action == "list" else super().get_serializer_class()

    @extend_schema(parameters=[NoteQuery])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The newest session first, without what was written."""
        response = super().list(request, *args, **kwargs)
        audit.record(self.caller, "notes.listed", changes={"shown": len(response.data["results"])})
        return response

    def narrow(self, queryset: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
        since, until = asked.pop("from", None), asked.pop("until", None)
        found = queryset.filter(**asked)
        found = found.filter(held_at__gte=since) if since else found
        return found.filter(held_at__lt=until) if until else found

    def retrieve(self, request: Request, pk: str | None = None) -> Response:
        """One note with all its rows, its version as ETag."""
        note = self.get_object()
        audit.read(self.caller, note, client=note.client)
        return self.answer(note)

    @extend_schema(request=OpenNoteSerializer, responses={201: NoteSerializer})
    @once
    def create(self, request: Request) -> Response:
        """Begin the note of a session, or go on with it. Only the session's therapist may."""
        note = services.open_note(appointment=self.said(OpenNoteSerializer)["appointment"], by=self.caller)
        return self.answer(self.again(note), status=201)

    @extend_schema(request=DraftSerializer)
    @versioned
    def partial_update(self, request: Request, pk: str | None = None) -> Response:
        """Save a draft. A 412 holds both texts: `details.yours` and `details.theirs`."""
        note = self.own()
        changes: Any = self.said(
            DraftSerializer, note=note, findings=note.findings.all(), techniques=note.techniques.all()
        )
        saved = services.save_draft(note=note, by=self.caller, version=self.version, changes=changes)
        return self.answer(self.again(saved))

    @extend_schema(request=SectionSerializer, responses=NoteSerializer)
    @action(detail=True, methods=["post"], url_path="copy-forward")
    @versioned
    def copy_forward(self, request: Request, pk: str | None = None) -> Response:
        """Add a section of the note before, marked as copied until somebody touches it."""
        return self.change(services.copy_forward, SectionSerializer)

    @extend_schema(request=SectionSerializer, responses=NoteSerializer)
    @action(detail=True, methods=["post"], url_path="keep-copied")
    @versioned
    def keep_copied(self, request: Request, pk: str | None = None) -> Response:
        """Say that what was copied is still true: its mark goes."""
        return self.change(services.keep_copied, SectionSerializer)

    @extend_schema(responses=AddendumSerializer(many=True))
    @action(detail=True, pagination_class=None)
    def addenda(self, request: Request, pk: str | None = None) -> Response:
        """What was added after signing, in its order."""
        note = self.get_object()
        audit.read(self.caller, note, client=note.client)
        return Response(AddendumSerializer(note.addenda.all(), many=True).data)

    @extend_schema(request=NewAddendumSerializer, responses={201: AddendumSerializer})
    @addenda.mapping.post
    @once
    def add_addendum(self, request: Request, pk: str | None = None) -> Response:
        """Add to a signed note, for good."""
        note = self.get_object()
        addendum = services.add_addendum(note=note, by=self.caller, **self.said(NewAddendumSerializer))
        return Response(AddendumSerializer(addendum).data, status=201)

    @extend_schema(responses=VerificationSerializer)
    @action(detail=True, pagination_class=None)
    def verification(self, request: Request, pk: str | None = None) -> Response:
        """Whether the seal fits what is stored, files included. Reads each file."""
        note = self.get_object()
        audit.read(self.caller, note, client=note.client)
        found = {name: getattr(note, name) for name in ("is_signed", "seal", "previous_seal", "chain_number")}
        found["is_intact"] = is_intact(note)
        found["files_are_intact"] = all(file.is_intact for file in files_of(note))
        return Response(VerificationSerializer(found).data)

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    @action(detail=True, pagination_class=None)
    def pdf(self, request: Request, pk: str | None = None) -> HttpResponse:
        """The note on paper: what was signed, its addenda and its seal; the file of the page."""
        return handed_out(self.get_object(), self.caller)
