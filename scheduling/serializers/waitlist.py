from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from clinic.people.api_access import InstantField
from clinic.people.models import Client, Location, Room, User
from scheduling.models import Appointment, Service, WaitlistEntry, WaitlistOffer
from scheduling.models.availability import Weekly
from scheduling.rules.waitlist import Window
from scheduling.serializers.scoped import Scoped, named


class WindowSerializer(serializers.Serializer[Any]):
    """A part of the week by the wall clock of the place; 0 is Monday."""

    weekday = serializers.ChoiceField(choices=Weekly.Weekday.choices)
    starts_at = serializers.TimeField()
    ends_at = serializers.TimeField()


class EntrySerializer(Scoped, serializers.ModelSerializer[WaitlistEntry]):
    """What a client would come for, and when. No therapists: anyone; no locations: anywhere; no windows: all week."""

    within = {"client": Client, "service": Service, "replaces": Appointment}

    therapists = serializers.PrimaryKeyRelatedField(many=True, required=False, queryset=User.objects.none())
    locations = serializers.PrimaryKeyRelatedField(many=True, required=False, queryset=Location.objects.none())
    windows = WindowSerializer(many=True, required=False)
    replaces = named(Appointment, help_text=_("A later visit that is given up for an earlier time."))
    earliest_on = serializers.DateField(required=False, help_text=_("Without one, from today on."))

    class Meta:
        model = WaitlistEntry
        fields = [
            "id",
            "client",
            "service",
            "therapists",
            "locations",
            "priority",
            "earliest_on",
            "latest_on",
            "notice_minutes",
            "windows",
            "replaces",
            "note",
            "state",
            "appointment",
            "created_at",
            "ended_at",
        ]
        read_only_fields = ["id", "state", "appointment", "created_at", "ended_at"]
        extra_kwargs = {"notice_minutes": {"required": False}, "priority": {"required": False}}

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        request = self.context.get("request")
        if request is not None:
            fields["therapists"].child_relation.queryset = User.objects.therapists().visible_to(request.user)
            fields["locations"].child_relation.queryset = Location.objects.visible_to(request.user).active()
        return fields

    def validate_windows(self, value: list[dict[str, Any]]) -> list[Window]:
        return [Window(int(each["weekday"]), each["starts_at"], each["ends_at"]) for each in value]


class EntryChangeSerializer(EntrySerializer):
    """Whose entry it is stays."""

    replaces_nothing = serializers.BooleanField(
        write_only=True, required=False, help_text=_("True: no visit is given up any more.")
    )

    class Meta(EntrySerializer.Meta):
        fields = [*EntrySerializer.Meta.fields, "replaces_nothing"]
        read_only_fields = [*EntrySerializer.Meta.read_only_fields, "client"]

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        fields["client"].read_only = True
        return fields


class OfferSerializer(Scoped):
    """A time that is kept for somebody on the waitlist until `expires_at`."""

    within = {"entry": WaitlistEntry, "therapist": User, "room": Room}

    id = serializers.UUIDField(read_only=True)
    entry = named(WaitlistEntry, required=True)
    therapist = named(User, required=True, source="hold.therapist")
    room = named(Room, source="hold.room", help_text=_("Without one, the first that fits."))
    location = serializers.UUIDField(source="hold.location_id", read_only=True)
    timezone = serializers.CharField(source="hold.location.timezone", read_only=True)
    starts_at = InstantField(source="hold.during.lower")
    state = serializers.ChoiceField(choices=WaitlistOffer.State.choices, read_only=True)
    offered_at = InstantField(read_only=True)
    expires_at = InstantField(read_only=True)
    answered_at = InstantField(read_only=True)
    offered_by = serializers.UUIDField(source="offered_by_id", read_only=True, allow_null=True)
