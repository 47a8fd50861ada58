"""What is done with a note beside writing it: signed, co-signed, filled from answers or a template."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.people import signer
from clinic.people.permissions import Permission
from scheduling.api.support import once, versioned
from treatments import services
from treatments.api.support import TreatmentViewSet
from treatments.models import SessionNote
from treatments.serializers.episodes import EmptySerializer
from treatments.serializers.notes import (
    CoSignatureSerializer,
    CoSignSerializer,
    NoteSerializer,
    SignSerializer,
    UseTemplateSerializer,
)
from treatments.serializers.writing import KeepTemplateSerializer, NoteTemplateSerializer
from treatments.services.answers import import_answers, remove_answers
from treatments.services.notes import require_author
from treatments.services.templates import keep_as_template, use_template


class NoteSteps(TreatmentViewSet):
    """Each over the version that was seen."""

    permissions = {
        "sign": Permission.SIGN_NOTE,
        "co_sign": Permission.SIGN_NOTE,
        "import_answers": Permission.WRITE_NOTE,
        "remove_answers": Permission.WRITE_NOTE,
        "use_template": Permission.WRITE_NOTE,
        "keep_as_template": Permission.WRITE_NOTE,
    }

    @extend_schema(request=SignSerializer, responses=NoteSerializer)
    @action(detail=True, methods=["post"])
    @versioned
    def sign(self, request: Request, pk: str | None = None) -> Response:
        """Sign and lock. Without a PIN, or a PIN or passkey just before, a 422 `reauthenticate`."""
        note = self.own()
        signer.confirm(request._request, self.said(SignSerializer))
        return self.answer(self.again(services.sign_note(note=note, by=self.caller, version=self.version)))

    @extend_schema(request=CoSignSerializer, responses={201: CoSignatureSerializer})
    @action(detail=True, methods=["post"], url_path="co-sign")
    def co_sign(self, request: Request, pk: str | None = None) -> Response:
        """Stand by the signed note of a therapist one supervises, with a PIN or passkey as in signing."""
        note = self.get_object()
        said = self.said(CoSignSerializer)
        signer.confirm(request._request, {"pin": said.pop("pin", "")})
        signature = services.co_sign_note(note=note, by=self.caller, **said)
        return Response(CoSignatureSerializer(signature).data, status=201)

    @extend_schema(request=None, responses=NoteSerializer)
    @action(detail=True, methods=["post"], url_path="import-answers")
    @versioned
    def import_answers(self, request: Request, pk: str | None = None) -> Response:
        """Take over the client's own answers to the form before this session, marked as theirs."""
        return self.change(import_answers, EmptySerializer)

    @extend_schema(request=None, responses=NoteSerializer)
    @action(detail=True, methods=["post"], url_path="remove-answers")
    @versioned
    def remove_answers(self, request: Request, pk: str | None = None) -> Response:
        """Take the client's answers out again; the pain that came with them stays."""
        return self.change(remove_answers, EmptySerializer)

    @extend_schema(request=UseTemplateSerializer, responses=NoteSerializer)
    @action(detail=True, methods=["post"], url_path="use-template")
    @versioned
    def use_template(self, request: Request, pk: str | None = None) -> Response:
        """Fill what is empty, marked until somebody touches it."""
        return self.change(use_template, UseTemplateSerializer)

    @extend_schema(request=KeepTemplateSerializer, responses={201: NoteTemplateSerializer})
    @action(detail=True, methods=["post"], url_path="keep-as-template")
    @once
    def keep_as_template(self, request: Request, pk: str | None = None) -> Response:
        """Keep its texts and techniques for notes of the same condition; nothing measured, nothing of the client's."""
        note = self.get_object()
        kept = keep_as_template(note=note, by=self.caller, **self.said(KeepTemplateSerializer))
        return Response(NoteTemplateSerializer(kept).data, status=201)

    def change(self, service: Any, serializer: Any) -> Response:
        note = self.own()
        saved = service(note=note, by=self.caller, version=self.version, **self.said(serializer))
        return self.answer(self.again(saved))

    def own(self) -> SessionNote:
        """Who may not write it learns nothing of the body. Raises NotAllowed."""
        note: SessionNote = self.get_object()
        require_author(note, self.caller)
        return note

    def again(self, note: SessionNote) -> SessionNote:
        """As it is now, with its rows."""
        found: SessionNote = self.get_queryset().get(pk=note.pk)
        return found

    def answer(self, note: SessionNote, status: int = 200) -> Response:
        return Response(NoteSerializer(note, context=self.get_serializer_context()).data, status=status)
