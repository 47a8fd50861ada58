from typing import Any

from rest_framework import serializers

from scheduling.availability import Slot


class FreeTimeSerializer(serializers.Serializer[Any]):
    """A time that can be booked, and what speaks for it, if anything does."""

    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    therapist = serializers.UUIDField()
    therapist_name = serializers.CharField()
    room = serializers.UUIDField()
    location = serializers.UUIDField()
    zone = serializers.CharField()
    reason = serializers.CharField(allow_blank=True)

    @staticmethod
    def of(slot: Slot) -> dict[str, Any]:
        return {
            "starts_at": slot.starts_at,
            "ends_at": slot.ends_at,
            "therapist": slot.therapist.pk,
            "therapist_name": slot.therapist.name,
            "room": slot.room.pk,
            "location": slot.location.pk,
            "zone": slot.location.timezone,
            "reason": slot.reason,
        }


class FreeTimesSerializer(serializers.Serializer[Any]):
    results = FreeTimeSerializer(many=True)


class MonthSerializer(serializers.Serializer[Any]):
    days = serializers.DictField(child=serializers.IntegerField())
