from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from clinic.people.models import Document
from scheduling.serializers.scoped import named
from treatments.models import NoteFile
from treatments.serializers.strict import Strict
from treatments.services.files import LONGEST_CAPTION


class NoteFileSerializer(serializers.ModelSerializer[NoteFile]):
    """A photo or document of a note. `sha256` is that of its bytes; the note's seal covers it."""

    title = serializers.CharField(source="document.title", read_only=True)
    media_type = serializers.CharField(source="document.media_type", read_only=True)
    size_bytes = serializers.IntegerField(source="document.size_bytes", read_only=True)
    sha256 = serializers.CharField(source="document.sha256", read_only=True)

    class Meta:
        model = NoteFile
        fields = ["id", "note", "document", "caption", "position", "title", "media_type", "size_bytes", "sha256"]
        read_only_fields = fields


class CaptionSerializer(Strict):
    caption = serializers.CharField(max_length=LONGEST_CAPTION, allow_blank=True)


class AddFileSerializer(Strict):
    """A new file as multipart/form-data, or a document that the client has already, by its id."""

    within = {"document": Document}

    file = serializers.FileField(
        required=False, max_length=200, help_text=_("JPEG, PNG, WebP or PDF, up to 10 MB; as multipart/form-data.")
    )
    document = named(Document)
    caption = serializers.CharField(max_length=LONGEST_CAPTION, required=False, allow_blank=True, default="")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("file" in attrs) is ("document" in attrs):
            raise serializers.ValidationError({"file": [_("Send a file, or name a document.")]})
        return attrs
