from typing import Any

from rest_framework import serializers


class SpanSerializer(serializers.Serializer[Any]):
    first_on = serializers.DateField()
    last_on = serializers.DateField()


class NumbersSerializer(serializers.Serializer[Any]):
    """What was counted in one period."""

    counts = serializers.DictField(child=serializers.IntegerField(), help_text="Visits by figure")
    seen = serializers.IntegerField(help_text="Clients with a visit that was held")
    returning = serializers.IntegerField(help_text="Of those, the ones for whom it was not the first")
    median_lead_days = serializers.FloatField(allow_null=True)
    median_first_lead_days = serializers.FloatField(allow_null=True)


class UseSerializer(serializers.Serializer[Any]):
    """Hours of a therapist or a room."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    open_hours = serializers.FloatField()
    booked_hours = serializers.FloatField()
    share = serializers.FloatField(allow_null=True)
    open_before = serializers.FloatField()
    booked_before = serializers.FloatField()
    share_before = serializers.FloatField(allow_null=True)


class PracticeReportSerializer(serializers.Serializer[Any]):
    period = SpanSerializer(source="filters.period")
    period_before = SpanSerializer(source="filters.period.before")
    now = NumbersSerializer()
    before = NumbersSerializer()
    therapists = UseSerializer(many=True)
    rooms = UseSerializer(many=True)
