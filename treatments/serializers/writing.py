from typing import Any

from rest_framework import serializers

from treatments.models import NoteTemplate, Snippet
from treatments.serializers.strict import Strict, Text, words

LONGEST_SNIPPET = 4000


class SnippetSerializer(serializers.ModelSerializer[Snippet]):
    """Text behind a short word. Without an `owner` it is everybody's."""

    class Meta:
        model = Snippet
        fields = ["id", "owner", "shortcut", "title", "text"]
        read_only_fields = fields


class SaveSnippetSerializer(Strict):
    shortcut = serializers.SlugField(max_length=30, allow_unicode=True)
    title = Text(max_length=80)
    text = words(LONGEST_SNIPPET, required=True, allow_blank=False)
    shared = serializers.BooleanField(required=False, default=False)


class NoteTemplateSerializer(serializers.ModelSerializer[NoteTemplate]):
    """What a note of a condition begins with. Without an `owner` it is everybody's."""

    class Meta:
        model = NoteTemplate
        fields = ["id", "owner", "condition", "name", "content"]
        read_only_fields = fields


class KeepTemplateSerializer(Strict):
    """From a note of one's own."""

    name = Text(max_length=80)
    shared = serializers.BooleanField(required=False, default=False)


def present(snippet: Snippet) -> dict[str, Any]:
    """What a change that names less leaves as it is."""
    names = ("shortcut", "title", "text")
    return {**{name: getattr(snippet, name) for name in names}, "shared": snippet.owner_id is None}
