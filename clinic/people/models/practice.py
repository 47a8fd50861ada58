from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.core.models import TimestampedModel
from clinic.people.models.phone import PhoneNumberField
from clinic.people.querysets import LocationQuerySet, RoomQuerySet


def validate_zone(name: str) -> None:
    """Raises ValidationError unless `name` is a zone of the IANA database."""
    if name not in available_timezones():
        raise ValidationError(
            _("“%(name)s” is not a time zone. Use a name such as Europe/Berlin."), params={"name": name}
        )


class Practice(TimestampedModel):
    """The clinic as a business: exactly one row."""

    class Weekday(models.IntegerChoices):
        MONDAY = 0, _("Monday")
        SATURDAY = 5, _("Saturday")
        SUNDAY = 6, _("Sunday")

    only = models.BooleanField(default=True, editable=False, unique=True)
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail for replies"), blank=True)
    phone = PhoneNumberField(_("phone"), blank=True)
    colour = models.CharField(_("colour"), max_length=7, default="#0f5c50")
    logo = models.ImageField(_("logo"), upload_to="practice/", blank=True)
    locale = models.CharField(_("language and formats"), max_length=10, default="en")
    week_starts_on = models.PositiveSmallIntegerField(_("week starts on"), choices=Weekday, default=Weekday.MONDAY)
    booking_policy = models.TextField(_("booking policy"), blank=True)
    cancellation_policy = models.TextField(_("cancellation policy"), blank=True)
    cancellation_notice_hours = models.PositiveSmallIntegerField(_("free cancellation until, hours before"), default=24)
    reminder_hours = models.JSONField(_("reminders, hours before"), default=list, blank=True)
    follow_up_days = models.PositiveSmallIntegerField(_("follow-up question, days after"), default=1)
    retention_years = models.PositiveSmallIntegerField(_("records kept, years"), default=10)
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("practice")
        constraints = [models.CheckConstraint(condition=models.Q(only=True), name="practice_is_one_row")]

    def __str__(self) -> str:
        return self.name


class Location(TimestampedModel):
    name = models.CharField(_("name"), max_length=80, unique=True)
    address = models.TextField(_("address"), blank=True)
    phone = PhoneNumberField(_("phone"), blank=True)
    timezone = models.CharField(_("time zone"), max_length=64, validators=[validate_zone])
    emergency_number = models.CharField(_("emergency number"), max_length=20, default="112")
    opens_at = models.TimeField(_("opens at"))
    closes_at = models.TimeField(_("closes at"))
    is_active = models.BooleanField(_("active"), default=True)

    objects = LocationQuerySet.as_manager()

    class Meta:
        verbose_name = _("location")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(opens_at__lt=models.F("closes_at")), name="location_opens_before_closing"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


class Room(TimestampedModel):
    location = models.ForeignKey(Location, verbose_name=_("location"), on_delete=models.RESTRICT, related_name="rooms")
    name = models.CharField(_("name"), max_length=60)
    equipment = models.JSONField(_("equipment"), default=list, blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    objects = RoomQuerySet.as_manager()

    class Meta:
        verbose_name = _("room")
        ordering = ["location__name", "name"]
        constraints = [models.UniqueConstraint(fields=["location", "name"], name="room_name_is_unique_in_its_location")]

    def __str__(self) -> str:
        return self.name
