"""When a room or a whole location is closed."""

from django.contrib.postgres.fields import DateTimeRangeField
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.core.models import TimestampedModel
from clinic.people.models import Location, Room
from scheduling.querysets import HolidayQuerySet, RoomClosureQuerySet


class RoomClosure(TimestampedModel):
    """A room that cannot be used for a while: repairs, a course."""

    room = models.ForeignKey(Room, verbose_name=_("room"), on_delete=models.CASCADE, related_name="closures")
    during = DateTimeRangeField(_("during"))
    reason = models.CharField(_("reason"), max_length=80, blank=True)

    objects = RoomClosureQuerySet.as_manager()

    class Meta:
        verbose_name = _("room closure")
        ordering = ["during"]
        indexes = [GistIndex(fields=["room", "during"], name="closure_of_room")]

    def __str__(self) -> str:
        return self.reason or str(self.during)


class HolidayCalendar(TimestampedModel):
    """Whose public holidays a location keeps."""

    location = models.OneToOneField(
        Location, verbose_name=_("location"), on_delete=models.CASCADE, related_name="holiday_calendar"
    )
    country = models.CharField(_("country"), max_length=2, help_text=_("ISO 3166-1 code"))
    subdivision = models.CharField(_("state or region"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("holiday calendar")

    def __str__(self) -> str:
        return "-".join(filter(None, [self.country, self.subdivision]))


class Holiday(TimestampedModel):
    """A date on which a location is closed, or, when somebody said so, open nevertheless."""

    class Source(models.TextChoices):
        PUBLIC = "public", _("Public holiday")
        OWN = "own", _("Of the practice")

    location = models.ForeignKey(
        Location, verbose_name=_("location"), on_delete=models.CASCADE, related_name="holidays"
    )
    on = models.DateField(_("on"))
    name = models.CharField(_("name"), max_length=120)
    source = models.CharField(max_length=6, choices=Source, default=Source.OWN)
    is_closed = models.BooleanField(_("closed"), default=True)
    is_edited = models.BooleanField(
        default=False, help_text=_("Somebody opened or renamed it; the public calendar leaves it as it is")
    )

    objects = HolidayQuerySet.as_manager()

    class Meta:
        verbose_name = _("holiday")
        ordering = ["on"]
        constraints = [models.UniqueConstraint(fields=["location", "on"], name="holiday_is_said_once")]

    def __str__(self) -> str:
        return f"{self.name} ({self.on:%Y-%m-%d})"

    @property
    def is_own(self) -> bool:
        return self.source == self.Source.OWN
