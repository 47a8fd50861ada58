from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from scheduling.models import Appointment
from scheduling.serializers.scoped import named
from treatments.models import Addendum, CoSignature, Episode, Goal, NoteTemplate, SessionNote
from treatments.rules.subjective import LISTS, LONGEST_WORD, MOST_WORDS, STATES, merged
from treatments.serializers.files import NoteFileSerializer
from treatments.serializers.rows import FindingSerializer, TechniqueSerializer
from treatments.serializers.strict import Strict, Text, whole, words
from treatments.services.notes import SECTIONS
from treatments.services.thinking import ratings_in
from treatments.vocabulary import vocabulary

LONGEST_TEXT = 20_000
LISTED = [
    *("id", "appointment", "client", "episode", "other_episode", "therapist", "status", "version", "held_at"),
    *("pain_now", "pain_worst", "pain_average", "other_pain_average"),
    *("signed_at", "signed_by", "supervisor", "created_at", "updated_at"),
]
TEXTS = ["subjective", "objective", "assessment", "plan"]
TOLD = ["changes", "aggravators", "easers", "next_techniques", "advice", "visit_every_days"]


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
    changes = serializers.DictField(child=serializers.CharField(), read_only=True)
    goal_ratings = serializers.SerializerMethodField(help_text=gettext_lazy("0 to 10, by the id of the goal"))

    class Meta:
        model = SessionNote
        fields = [
            *LISTED,
            *TEXTS,
            *TOLD,
            "goal_ratings",
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

    @extend_schema_field(serializers.DictField(child=serializers.IntegerField()))
    def get_goal_ratings(self, note: SessionNote) -> Any:
        return ratings_in(note)

    @extend_schema_field(CoSignatureSerializer(allow_null=True))
    def get_co_signature(self, note: SessionNote) -> Any:
        found = getattr(note, "co_signature", None)
        return CoSignatureSerializer(found).data if found else None


class OpenNoteSerializer(Strict):
    """The session whose note is begun, or gone on with."""

    within = {"appointment": Appointment}

    appointment = named(Appointment, required=True)


def told(what: Any) -> serializers.ListField:
    """A few words of the client's, each once."""
    word = Text(max_length=LONGEST_WORD)
    return serializers.ListField(child=word, max_length=MOST_WORDS, required=False, help_text=what)


def codes(what: Any) -> serializers.ListField:
    return serializers.ListField(child=Text(max_length=80), max_length=60, required=False, help_text=what)


class DraftSerializer(Strict):
    """What a save changes; what is left out stays. `findings` and `techniques` are given whole, in their order."""

    within = {"episode": Episode, "other_episode": Episode}

    subjective = words(LONGEST_TEXT)
    objective = words(LONGEST_TEXT)
    assessment = words(LONGEST_TEXT)
    plan = words(LONGEST_TEXT)
    pain_now = whole(0, 10)
    pain_worst = whole(0, 10)
    pain_average = whole(0, 10)
    other_pain_average = whole(0, 10)
    episode = named(Episode, allow_null=True)
    other_episode = named(Episode, allow_null=True, help_text=gettext_lazy("The second, of a visit that served two"))
    changes = serializers.DictField(
        child=serializers.ChoiceField(choices=STATES),
        required=False,
        help_text=gettext_lazy("By activity: better, same or worse since the last visit"),
    )
    aggravators = told(gettext_lazy("What makes it worse"))
    easers = told(gettext_lazy("What eases it"))
    next_techniques = codes(gettext_lazy("Codes of techniques for the next visit"))
    advice = codes(gettext_lazy("Codes of contributors that were talked about"))
    visit_every_days = whole(1, 365)
    goal_ratings = serializers.DictField(
        child=whole(0, 10), required=False, help_text=gettext_lazy("0 to 10, by the id of the goal; null takes it back")
    )
    findings = FindingSerializer(many=True, required=False)
    techniques = TechniqueSerializer(many=True, required=False)

    def validate_episode(self, episode: Episode | None) -> Episode | None:
        note = self.context.get("note")
        if episode and note is not None and episode.client_id != note.client_id:
            raise serializers.ValidationError(_("That episode belongs to somebody else."))
        if episode and not episode.is_open and note is not None and note.episode_id != episode.pk:
            raise serializers.ValidationError(_("That episode is closed."))
        return episode

    validate_other_episode = validate_episode

    def validate_changes(self, changes: dict[str, str]) -> dict[str, str]:
        if len(changes) > MOST_WORDS or any(not key.strip() or len(key) > LONGEST_WORD for key in changes):
            raise serializers.ValidationError(_("At most 40 activities, each of at most 120 characters."))
        if any("\x00" in key for key in changes):
            raise serializers.ValidationError(_("Null characters are not allowed."))
        return changes

    def validate_next_techniques(self, given: list[str]) -> list[str]:
        return self._known(given, vocabulary().technique_codes, "next_techniques")

    def validate_advice(self, given: list[str]) -> list[str]:
        return self._known(given, vocabulary().contributors.keys(), "advice")

    def validate_goal_ratings(self, ratings: dict[str, int | None]) -> dict[str, int | None]:
        note = self.context.get("note")
        episodes = [note.episode_id, note.other_episode_id] if note else []
        known = {str(pk) for pk in Goal.objects.filter(episode__in=episodes).values_list("pk", flat=True)}
        if not known.issuperset(ratings):
            raise serializers.ValidationError(_("That goal belongs to another episode."))
        return ratings

    def _known(self, given: list[str], known: Collection[str], name: str) -> list[str]:
        kept = getattr(self.context.get("note"), name, [])
        if not {*known, *kept}.issuperset(given):
            raise serializers.ValidationError(_("The knowledge has no such entry."))
        return list(dict.fromkeys(given))

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        told = {name: merged(attrs[name]) for name in LISTS if name in attrs}
        return {name: _lines(value) if name in TEXTS else value for name, value in attrs.items()} | told


class SignSerializer(Strict):
    """The PIN of whoever signs; it may be left out for five minutes after a PIN or passkey in the same session."""

    pin = Text(max_length=8, required=False)


class CoSignSerializer(SignSerializer):
    remark = words(300)


class UseTemplateSerializer(Strict):
    within = {"template": NoteTemplate}
    template = named(NoteTemplate, required=True)


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
