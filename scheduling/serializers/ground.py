"""What the practice sets up before anything is booked, as other programs read and write it."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from clinic.people.api_access import InstantField
from clinic.people.models import Location, Room, User
from scheduling.forms.fields import open_places, therapists_of
from scheduling.models import (
    DailyLimit,
    DateHours,
    Holiday,
    RoomClosure,
    Service,
    TimeOff,
    WeeklyBreak,
    WorkingHours,
)
from scheduling.serializers.scoped import Scoped, named

OF_WEEK = ("weekday", "starts_at", "ends_at", "valid_from", "valid_until", "every_n_weeks")


def open_rooms(user: User) -> Any:
    return Room.objects.visible_to(user).active().select_related("location")


def offered(user: User) -> Any:
    return Service.objects.visible_to(user).active()


# What may be named: people who treat, places and rooms that are open, services that are offered.
MAY_NAME = {"therapist": therapists_of, "location": open_places, "room": open_rooms, "service": offered}


class Ground(Scoped):
    """`fixed`: what a row is about. It is said once; a change that names something else is refused."""

    fixed: tuple[str, ...] = ()

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        request = self.context.get("request")
        for name, among in MAY_NAME.items():
            if request is not None and name in fields and not fields[name].read_only:
                fields[name].queryset = among(request.user)
        return fields

    def validate(self, attrs: Any) -> Any:
        if self.instance is None:
            return attrs
        wrong = [name for name in self.fixed if name in attrs and attrs[name] != getattr(self.instance, name)]
        if wrong:
            words = _("This cannot be changed. Remove the row and add another.")
            raise serializers.ValidationError({name: [words] for name in wrong})
        return {name: value for name, value in attrs.items() if name not in self.fixed}


class ServiceSerializer(Scoped, serializers.ModelSerializer[Service]):
    """A service. Appointments that are booked already keep their length."""

    therapists = serializers.PrimaryKeyRelatedField(many=True, queryset=User.objects.none(), required=False)
    room_equipment = serializers.ListField(child=serializers.CharField(max_length=60), max_length=20, required=False)
    forms = serializers.ListField(child=serializers.CharField(max_length=80), required=False)
    colour = serializers.RegexField(r"^#[0-9a-fA-F]{6}$", required=False)
    currency = serializers.RegexField(r"^[A-Z]{3}$", required=False)
    policy = serializers.CharField(max_length=2000, required=False, allow_blank=True)

    class Meta:
        model = Service
        fields = [
            *("id", "name", "duration_minutes", "buffer_minutes", "colour", "price_cents", "currency", "therapists"),
            *("room_equipment", "forms", "is_first_visit", "is_for_new_clients_only", "notice_hours"),
            *("cancellation_notice_hours", "policy", "is_bookable_online", "is_active"),
        ]
        read_only_fields = ["id"]

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        request = self.context.get("request")
        if request is not None:
            fields["therapists"].child_relation.queryset = therapists_of(request.user)
        return fields


class WorkingHoursSerializer(Ground, serializers.ModelSerializer[WorkingHours]):
    """A weekly span of wall time. A change holds from `valid_from` on, without it from today; the answer is the row
    that holds then, and what was before stays on record."""

    fixed = ("therapist",)

    therapist = named(User, required=True)
    location = named(Location, required=True)

    class Meta:
        model = WorkingHours
        fields = ["id", "therapist", "location", *OF_WEEK]
        read_only_fields = ["id"]


class BreakSerializer(Ground, serializers.ModelSerializer[WeeklyBreak]):
    """A weekly break within the working hours. Changes are as those of working hours."""

    fixed = ("therapist",)

    therapist = named(User, required=True)
    location = named(Location, required=True)

    class Meta:
        model = WeeklyBreak
        fields = ["id", "therapist", "location", *OF_WEEK, "label"]
        read_only_fields = ["id"]


class DateHoursSerializer(Ground, serializers.ModelSerializer[DateHours]):
    """Hours on one date instead of the weekly ones; without times, no work on that date."""

    fixed = ("therapist",)

    therapist = named(User, required=True)
    location = named(Location, required=True)

    class Meta:
        model = DateHours
        fields = ["id", "therapist", "location", "on", "starts_at", "ends_at", "reason"]
        read_only_fields = ["id"]


class _SpanSerializer(Ground):
    starts_at = InstantField(source="during.lower")
    ends_at = InstantField(source="during.upper")


class TimeOffSerializer(_SpanSerializer, serializers.ModelSerializer[TimeOff]):
    """When a therapist is away although the week says otherwise."""

    fixed = ("therapist",)

    therapist = named(User, required=True)

    class Meta:
        model = TimeOff
        fields = ["id", "therapist", "starts_at", "ends_at", "reason"]
        read_only_fields = ["id"]


class RoomClosureSerializer(_SpanSerializer, serializers.ModelSerializer[RoomClosure]):
    """A room that cannot be used for a while."""

    fixed = ("room",)

    room = named(Room, required=True)

    class Meta:
        model = RoomClosure
        fields = ["id", "room", "starts_at", "ends_at", "reason"]
        read_only_fields = ["id"]


class HolidaySerializer(Ground, serializers.ModelSerializer[Holiday]):
    """A date on which a location is closed, or with `is_closed: false` open nevertheless."""

    fixed = ("location", "on")

    location = named(Location, required=True)

    class Meta:
        model = Holiday
        fields = ["id", "location", "on", "name", "source", "is_closed"]
        read_only_fields = ["id", "source"]
        validators: list[Any] = []  # the service says more clearly what is on that date already


class DailyLimitSerializer(Ground, serializers.ModelSerializer[DailyLimit]):
    """At most so many visits a day with a therapist: of one service, or in all."""

    fixed = ("therapist", "service")

    therapist = named(User, required=True)
    service = named(Service, help_text=_("Left out: all of them together."))

    class Meta:
        model = DailyLimit
        fields = ["id", "therapist", "service", "visits"]
        read_only_fields = ["id"]
        validators: list[Any] = []  # the service says which one there is
