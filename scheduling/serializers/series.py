from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from clinic.people.api_access import InstantField
from clinic.people.models import Client, Location, Room, User
from scheduling.models import Appointment, Series, Service
from scheduling.serializers.scoped import Scoped, named
from scheduling.services.series import Choice, Plan
from scheduling.services.series_changes import LONGEST, SHORTEST, Change
from scheduling.services.series_scope import SCOPES


class ChoiceSerializer(serializers.Serializer[Any]):
    """What becomes of one date: left out, or at another time."""

    on = serializers.DateField(help_text=_("A date of the rule"))
    skip = serializers.BooleanField(default=False)
    starts_at = InstantField(required=False)


class ChosenMixin(serializers.Serializer[Any]):
    choices = ChoiceSerializer(many=True, required=False, default=list)

    def chosen(self) -> dict[Any, Choice]:
        """Each date with what was chosen for it; the others are as the rule says."""
        return {
            each["on"]: Choice(is_skipped=each["skip"], starts_at=None if each["skip"] else each.get("starts_at"))
            for each in self.validated_data["choices"]
        }


class PlanSerializer(Scoped, ChosenMixin):
    """A series as it is asked for, by wall time at its location."""

    within = {"client": Client, "service": Service, "therapist": User, "room": Room, "location": Location}

    client = named(Client, required=True)
    service = named(Service, required=True)
    therapist = named(User, required=True)
    location = named(Location, required=True)
    room = named(Room, help_text=_("Without one, any that fits."))
    rule = serializers.CharField(max_length=300, help_text=_("RRULE of RFC 5545, with COUNT or UNTIL"))
    first_on = serializers.DateField()
    begins_at = serializers.TimeField(help_text=_("Wall time at the location"))
    timezone = serializers.CharField(
        max_length=64, required=False, default="", help_text=_("Refused when it is not the location's")
    )
    note = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")

    def plan(self) -> Plan:
        return Plan(**{name: each for name, each in self.validated_data.items() if name != "choices"})


class DateSerializer(serializers.Serializer[Any]):
    """A date of a series: free, or what is in the way and what is free near it."""

    on = serializers.DateField()
    starts_at = serializers.DateTimeField(allow_null=True)
    state = serializers.CharField()
    message = serializers.CharField()
    room = serializers.UUIDField(allow_null=True)
    alternatives = serializers.ListField(child=serializers.DateTimeField())


class PreviewSerializer(serializers.Serializer[Any]):
    rule = serializers.CharField()
    visits = DateSerializer(many=True)


class SeriesVisitSerializer(serializers.ModelSerializer[Appointment]):
    starts_at = InstantField()
    ends_at = InstantField()

    class Meta:
        model = Appointment
        fields = ["id", "series_on", "starts_at", "ends_at", "therapist", "room", "status", "version"]


class SeriesSerializer(serializers.ModelSerializer[Series]):
    visits = serializers.SerializerMethodField()

    class Meta:
        model = Series
        fields = [
            *("id", "client", "service", "therapist", "location", "room", "rule", "first_on", "begins_at", "timezone"),
            *("duration_minutes", "split_from", "ended_at", "version", "visits"),
        ]
        read_only_fields = fields

    def get_visits(self, series: Series) -> list[dict[str, Any]]:
        rows = series.appointments.order_by("series_on", "during")
        return list(SeriesVisitSerializer(rows, many=True).data)


class ScopeSerializer(Scoped):
    """From which visit on, and how many."""

    within = {"visit": Appointment}

    visit = named(Appointment, required=True)
    scope = serializers.ChoiceField(choices=SCOPES)


class ChangeSerializer(ScopeSerializer, ChosenMixin):
    within = {"visit": Appointment, "therapist": User, "room": Room}

    begins_at = serializers.TimeField(required=False)
    weekday = serializers.IntegerField(min_value=0, max_value=6, required=False, help_text=_("0 is Monday"))
    therapist = named(User)
    room = named(Room, allow_null=True, help_text=_("null: no fixed room any more, any that fits; left out: as it is"))
    duration_minutes = serializers.IntegerField(min_value=SHORTEST, max_value=LONGEST, required=False)
    moves_moved = serializers.BooleanField(default=False, help_text=_("Also visits that were moved by themselves"))

    def change(self) -> Change:
        outside = ("visit", "scope", "choices")
        said = {name: each for name, each in self.validated_data.items() if name not in outside}
        return Change(any_room="room" in said and said["room"] is None, **said)


class EndSerializer(ScopeSerializer):
    reason = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    cancelled_by = serializers.ChoiceField(choices=Appointment.CancelledBy.choices, required=False, default="")
