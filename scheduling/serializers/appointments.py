from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from clinic.people.api_access import InstantField
from clinic.people.models import Client, Location, Room, User
from scheduling.models import Appointment, Service
from scheduling.serializers.scoped import Scoped, named

STEPS = ("confirmed", "arrived", "in-session", "completed", "no-show")


def overlap() -> serializers.CharField:
    return serializers.CharField(
        max_length=200,
        required=False,
        allow_blank=True,
        help_text=_("Why this may stand beside what is there already; needs the permission for it."),
    )


class AppointmentSerializer(Scoped, serializers.ModelSerializer[Appointment]):
    """A visit. How long it takes is the service's to say; an end that is sent along is not read."""

    within = {"client": Client, "service": Service, "therapist": User, "room": Room, "location": Location}

    starts_at = InstantField()
    ends_at = InstantField(read_only=True)
    room = named(Room, help_text=_("Without one, the first that fits."))
    location = named(Location, help_text=_("Of use where no room is named."))
    timezone = serializers.CharField(source="location.timezone", read_only=True)
    overlap_reason = overlap()

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
            "origin",
            "is_first_visit",
            "is_overlap_allowed",
            "overlap_reason",
            "series",
            "note",
            "cancel_reason",
            "cancelled_by",
            "arrived_at",
            "started_at",
            "ended_at",
            "cancelled_at",
            "version",
        ]
        read_only_fields = [
            "id",
            "status",
            "origin",
            "is_first_visit",
            "is_overlap_allowed",
            "series",
            "cancel_reason",
            "cancelled_by",
            "arrived_at",
            "started_at",
            "ended_at",
            "cancelled_at",
            "version",
        ]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return check_room(attrs)


class MoveSerializer(Scoped):
    within = {"therapist": User, "room": Room, "location": Location}

    starts_at = InstantField()
    therapist = named(User, help_text=_("Without one, as before."))
    room = named(Room, help_text=_("Without one, as before or the first that fits."))
    location = named(Location)
    overlap_reason = overlap()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return check_room(attrs)


class StretchSerializer(serializers.Serializer[Any]):
    ends_at = InstantField()
    overlap_reason = overlap()


class CancelSerializer(serializers.Serializer[Any]):
    cancelled_by = serializers.ChoiceField(
        choices=Appointment.CancelledBy.choices,
        required=False,
        default="",
        help_text=_("Who cannot make it. What the clinic cancels is never late."),
    )
    reason = serializers.CharField(
        max_length=200, required=False, allow_blank=True, default="", help_text=_("The client does not see it.")
    )


class StatusSerializer(serializers.Serializer[Any]):
    status = serializers.ChoiceField(choices=STEPS)


class NothingSerializer(serializers.Serializer[Any]):
    """A call that says all it has to say by its address."""


def check_room(attrs: dict[str, Any]) -> dict[str, Any]:
    """Raises ValidationError for a room at another location than the one named beside it."""
    room, location = attrs.get("room"), attrs.get("location")
    if room and location and room.location_id != location.pk:
        raise serializers.ValidationError({"room": [_("This room is at another location.")]})
    return attrs
