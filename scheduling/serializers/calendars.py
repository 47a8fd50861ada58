from rest_framework import serializers

from clinic.core.fetching import LONGEST_ADDRESS
from clinic.people.models import Room
from scheduling.models import CalendarFeed, OutsideCalendar
from scheduling.serializers.scoped import Scoped, named


class FeedSerializer(serializers.ModelSerializer[CalendarFeed]):
    """An address at which a calendar program reads visits. Its secret is told when it is made, and never again."""

    class Meta:
        model = CalendarFeed
        fields = ["id", "therapist", "room", "label", "created_at", "read_at", "revoked_at"]
        read_only_fields = fields


class NewFeedSerializer(Scoped):
    """Of a room, or without one of the caller's own visits."""

    within = {"room": Room}

    room = named(Room, allow_null=True)
    label = serializers.CharField(max_length=80)  # type: ignore[assignment]  # a field may be called so


class OpenedFeedSerializer(FeedSerializer):
    """With its address, this once."""

    address = serializers.CharField(read_only=True)

    class Meta(FeedSerializer.Meta):
        fields = [*FeedSerializer.Meta.fields, "address"]


class OutsideCalendarSerializer(serializers.ModelSerializer[OutsideCalendar]):
    """A calendar kept elsewhere. Its address is a secret: it goes in, and does not come out again."""

    address = serializers.CharField(max_length=LONGEST_ADDRESS, write_only=True)
    trouble_text = serializers.CharField(read_only=True)

    class Meta:
        model = OutsideCalendar
        fields = ["id", "therapist", "label", "address", "fetched_at", "tried_at", "trouble", "trouble_text"]
        read_only_fields = ["id", "therapist", "fetched_at", "tried_at", "trouble"]
        extra_kwargs = {"label": {"required": False, "allow_blank": True, "default": ""}}
