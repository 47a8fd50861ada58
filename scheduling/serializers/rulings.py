"""How bookings are taken, and whose public holidays are kept, as other programs read and write it."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from scheduling.models import BookingRules, HolidayCalendar
from scheduling.services.versions import version_of


class BookingRulesSerializer(serializers.ModelSerializer[BookingRules]):
    """The rules of the practice; what was never changed is as it is by default."""

    version = serializers.SerializerMethodField()

    class Meta:
        model = BookingRules
        fields = [
            *("slot_step_minutes", "is_online_open", "online_notice_hours", "online_horizon_days", "hold_minutes"),
            *("open_bookings_per_client", "bookings_per_address_per_day", "embedded_at"),
            *("waitlist_mode", "waitlist_hold_minutes", "is_waitlist_automatic", "version"),
        ]

    def get_version(self, rules: BookingRules) -> int:
        return version_of(rules)


class HolidayCalendarSerializer(serializers.Serializer[Any]):
    """Whose public holidays a location keeps; an empty country: none."""

    location = serializers.UUIDField(source="location_id", read_only=True)
    country = serializers.CharField(max_length=2, required=False, allow_blank=True, help_text=_("ISO 3166-1 code"))
    subdivision = serializers.CharField(
        max_length=20, required=False, allow_blank=True, help_text=_("State or region; empty: those of the country")
    )
    version = serializers.SerializerMethodField()

    def get_version(self, calendar: HolidayCalendar) -> int:
        return version_of(calendar)
