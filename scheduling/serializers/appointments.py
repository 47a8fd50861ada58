from typing import Any

from rest_framework import serializers

from clinic.people.api_access import InstantField
from clinic.people.models import Client, Room, User
from scheduling.models import Appointment, Service


class AppointmentSerializer(serializers.ModelSerializer[Appointment]):
    """A visit. How long it takes is the service's to say; an end that is sent along is not read."""

    starts_at = InstantField()
    ends_at = InstantField(read_only=True)
    room = serializers.PrimaryKeyRelatedField(queryset=Room.objects.none(), required=False)
    timezone = serializers.CharField(source="location.timezone", read_only=True)

    class Meta:
        model = Appointment
        fields = [
            "id",
            "client",
            "service",
            "therapist",
            "room",
            "location",
            "timezone",
            "starts_at",
            "ends_at",
            "status",
            "note",
            "version",
        ]
        read_only_fields = ["id", "location", "status", "version"]

    def get_fields(self) -> dict[str, Any]:
        """Only what the caller may see can be named; a foreign id is refused like one that does not exist."""
        fields = super().get_fields()
        request = self.context.get("request")
        if request is not None:
            for name, model in (("client", Client), ("service", Service), ("therapist", User), ("room", Room)):
                fields[name].queryset = model.objects.visible_to(request.user)  # type: ignore[attr-defined]
        return fields


class CancelSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
