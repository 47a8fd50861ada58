from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from intake.models import Exercise
from scheduling.serializers.scoped import named
from treatments.models import Episode, Prescription, SessionNote
from treatments.serializers.strict import Strict, whole, words


class ExerciseSerializer(serializers.ModelSerializer[Exercise]):
    """An exercise of the library, with its dose, cues and cautions in `data`, and what stands behind it."""

    class Meta:
        model = Exercise
        fields = ["id", "code", "label", "data", "sources", "evidence", "is_built_in", "retired_at"]
        read_only_fields = fields


class PrescriptionSerializer(serializers.ModelSerializer[Prescription]):
    """An exercise for home with its dose. A dose never changes: prescribed anew, the former is stopped."""

    class Meta:
        model = Prescription
        fields = [
            *("id", "episode", "note", "exercise", "sets", "reps", "hold_seconds", "minutes", "side"),
            *("times_per_week", "instructions", "prescribed_by", "prescribed_at", "stopped_at"),
        ]
        read_only_fields = fields


class PrescribeSerializer(Strict):
    within = {"episode": Episode, "exercise": Exercise, "note": SessionNote}

    episode = named(Episode, required=True)
    exercise = named(Exercise, required=True)
    note = named(SessionNote)
    sets = whole(1, 20)
    reps = whole(1, 100)
    hold_seconds = whole(1, 600)
    minutes = whole(1, 240)
    side = serializers.ChoiceField(choices=Prescription.Side.choices, required=False)
    times_per_week = whole(1, 70)
    instructions = words(300)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        note = attrs.get("note")
        if note and note.client_id != attrs["episode"].client_id:
            raise serializers.ValidationError({"note": [_("That note belongs to somebody else.")]})
        if note and note.is_signed:
            raise serializers.ValidationError({"note": [_("That note is signed already.")]})
        return attrs

    def validate_exercise(self, exercise: Exercise) -> Exercise:
        if exercise.retired_at:
            raise serializers.ValidationError(_("This exercise is retired. Choose another."))
        return exercise


class DaySerializer(serializers.Serializer[Any]):
    on = serializers.DateField()
    state = serializers.ChoiceField(choices=["done", "missed", "before"])
    pain_after = serializers.IntegerField(allow_null=True)


class AdherenceSerializer(serializers.Serializer[Any]):
    """What became of it over the last four weeks: days, share of what was asked, pain after."""

    done = serializers.IntegerField()
    asked = serializers.IntegerField(allow_null=True)
    percent = serializers.IntegerField(allow_null=True)
    last_pain = serializers.IntegerField(allow_null=True)
    is_rising = serializers.BooleanField()
    is_too_much = serializers.BooleanField()
    days = DaySerializer(many=True)
