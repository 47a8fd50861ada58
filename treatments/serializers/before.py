"""The page before a session, as data."""

from typing import Any

from rest_framework import serializers

from clinic.people.models import Alert
from treatments.models import SessionNote
from treatments.serializers.episodes import EpisodeSerializer
from treatments.serializers.exercises import AdherenceSerializer


class AlertLineSerializer(serializers.ModelSerializer[Alert]):
    class Meta:
        model = Alert
        fields = ["id", "kind", "label", "effect", "advice"]
        read_only_fields = fields


class FlagSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    rule = serializers.CharField(source="rule.code")
    urgency = serializers.CharField()
    raised_at = serializers.DateTimeField()
    acknowledged_at = serializers.DateTimeField(allow_null=True)
    action_taken = serializers.CharField()


class AnswerSerializer(serializers.Serializer[Any]):
    """`was`: what the same question was answered the time before, if it was something else."""

    question = serializers.CharField(source="label")
    value = serializers.CharField()
    was = serializers.CharField()


class MarkSerializer(serializers.Serializer[Any]):
    region = serializers.CharField()
    side = serializers.CharField()
    intensity = serializers.IntegerField(allow_null=True)
    qualities = serializers.ListField(child=serializers.CharField())


class CourseSerializer(serializers.Serializer[Any]):
    """One measure over the episode, oldest first."""

    measure = serializers.CharField(source="measure.code")
    values = serializers.ListField(child=serializers.DecimalField(max_digits=7, decimal_places=3))
    instants = serializers.ListField(child=serializers.DateTimeField())


class LastTimeSerializer(serializers.ModelSerializer[SessionNote]):
    class Meta:
        model = SessionNote
        fields = ["id", "status", "assessment", "plan", "pain_average"]
        read_only_fields = fields


class KeptSerializer(AdherenceSerializer):
    prescription = serializers.UUIDField(source="prescription.pk")


class BeforeSerializer(serializers.Serializer[Any]):
    """May I treat, where does it hurt now, what changed, what did we try, did it help."""

    appointment = serializers.UUIDField(source="appointment.pk")
    client = serializers.UUIDField(source="client.pk")
    age = serializers.IntegerField(allow_null=True)
    session_number = serializers.IntegerField()
    episode = EpisodeSerializer(allow_null=True)
    alerts = AlertLineSerializer(many=True)
    flags = FlagSerializer(many=True)
    answers = AnswerSerializer(many=True)
    marks = MarkSerializer(many=True)
    courses = CourseSerializer(many=True)
    previous = LastTimeSerializer(allow_null=True)
    adherence = KeptSerializer(many=True)
    note = serializers.UUIDField(source="note.pk", allow_null=True, default=None)
