from rest_framework import serializers

from intake.models import Questionnaire, Response


class QuestionnaireSerializer(serializers.ModelSerializer[Questionnaire]):
    """One version of a form; the document itself is at `document/`. `report` says what was found when it came in."""

    class Meta:
        model = Questionnaire
        fields = [
            "id",
            "slug",
            "version",
            "title",
            "language",
            "status",
            "origin",
            "published_at",
            "retired_at",
            "report",
        ]
        read_only_fields = fields


class ResponseSerializer(serializers.ModelSerializer[Response]):
    """Which form was answered when; what was answered is at the response's own address."""

    class Meta:
        model = Response
        fields = ["id", "questionnaire", "client", "source", "status", "completed_at", "created_at"]
        read_only_fields = fields
