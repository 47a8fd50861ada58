from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from scheduling.models import Appointment
from scheduling.serializers.scoped import named
from treatments.models import Addendum, CoSignature, Episode, SessionNote
from treatments.serializers.files import NoteFileSerializer
from treatments.serializers.rows import FindingSerializer, TechniqueSerializer
from treatments.serializers.strict import Strict, whole, words
from treatments.services.notes import SECTIONS

LONGEST_TEXT = 20_000
LISTED = [
    *("id", "appointment", "client", "episode", "other_episode", "therapist", "status", "version", "held_at"),
    *("pain_now", "pain_worst", "pain_average", "signed_at", "signed_by", "supervisor", "created_at", "updated_at"),
]
TEXTS = ["subjective", "objective", "assessment", "plan"]


class ListedNoteSerializer(serializers.ModelSerializer[SessionNote]):
    """A note without what was written in it."""

    held_at = serializers.DateTimeField(read_only=True, help_text=gettext_lazy("When the session began"))

    class Meta:
        model = SessionNote
        fields = LISTED
        read_only_fields = LISTED


class AddendumSerializer(serializers.ModelSerializer[Addendum]):
    """What was added to a signed note."""

    class Meta:
        model = Addendum
        fields = ["id", "note", "text", "author", "number", "created_at", "seal"]
        read_only_fields = fields


class CoSignatureSerializer(serializers.ModelSerializer[CoSignature]):
    """A supervisor stands by a supervised therapist's note."""

    class Meta:
        model = CoSignature
        fields = ["id", "note", "signed_by", "signed_at", "remark", "seal"]
        read_only_fields = fields


class NoteSerializer(ListedNoteSerializer):
    """A note with all its rows; `version` is its ETag. `copied_sections`: what was carried forward and not touched."""

    findings = FindingSerializer(many=True, read_only=True)
    techniques = TechniqueSerializer(many=True, read_only=True)
    files = NoteFileSerializer(many=True, read_only=True)
    addenda = AddendumSerializer(many=True, read_only=True)
    co_signature = serializers.SerializerMethodField()
    copied_sections = serializers.DictField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = SessionNote
        fields = [
            *LISTED,
            *TEXTS,
            "client_answers",
            "copied_sections",
            "findings",
            "techniques",
            "files",
            "addenda",
            "co_signature",
            "seal",
            "chain_number",
        ]
        read_only_fields = fields

    @extend_schema_field(CoSignatureSerializer(allow_null=True))
    def get_co_signature(self, note: SessionNote) -> Any:
        found = getattr(note, "co_signature", None)
        return CoSignatureSerializer(found).data if found else None


class OpenNoteSerializer(Strict):
    """The session whose note is begun, or gone on with."""

    within = {"appointment": Appointment}

    appointment = named(Appointment, required=True)


class DraftSerializer(Strict):
    """What a save changes; what is left out stays. `findings` and `techniques` are given whole, in their order."""

    within = {"episode": Episode}

    subjective = words(LONGEST_TEXT)
    objective = words(LONGEST_TEXT)
    assessment = words(LONGEST_TEXT)
    plan = words(LONGEST_TEXT)
    pain_now = whole(0, 10)
    pain_worst = whole(0, 10)
    pain_average = whole(0, 10)
    episode = named(Episode, allow_null=True)
    findings = FindingSerializer(many=True, required=False)
    techniques = TechniqueSerializer(many=True, required=False)

    def validate_episode(self, episode: Episode | None) -> Episode | None:
        note = self.context.get("note")
        if episode and note is not None and episode.client_id != note.client_id:
            raise serializers.ValidationError(_("That episode belongs to somebody else."))
        if episode and not episode.is_open and note is not None and note.episode_id != episode.pk:
            raise serializers.ValidationError(_("That episode is closed."))
        return episode

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return {name: _lines(value) if name in TEXTS else value for name, value in attrs.items()}


class SectionSerializer(Strict):
    section = serializers.ChoiceField(choices=SECTIONS)


class NewAddendumSerializer(Strict):
    text = words(LONGEST_TEXT, required=True, allow_blank=False)


class VerificationSerializer(serializers.Serializer[Any]):
    """Whether what was signed still is what was signed."""

    is_signed = serializers.BooleanField()
    is_intact = serializers.BooleanField(help_text=gettext_lazy("The seal fits what is stored."))
    files_are_intact = serializers.BooleanField(help_text=gettext_lazy("The bytes of its files are those kept."))
    seal = serializers.CharField()
    previous_seal = serializers.CharField(help_text=gettext_lazy("The client's seal before this one"))
    chain_number = serializers.IntegerField(allow_null=True)


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n")
