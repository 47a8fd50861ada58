"""Visits that come back."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.core.models import TimestampedModel
from clinic.people.models import Client, Location, Room, User
from scheduling.models.service import Service
from scheduling.querysets import SeriesQuerySet


class Series(TimestampedModel):
    """A rule by wall time and zone, so that ten o'clock stays ten o'clock when the clocks change."""

    client = models.ForeignKey(Client, on_delete=models.RESTRICT, related_name="series")
    service = models.ForeignKey(Service, on_delete=models.RESTRICT, related_name="series")
    therapist = models.ForeignKey(User, on_delete=models.RESTRICT, related_name="series")
    location = models.ForeignKey(Location, on_delete=models.RESTRICT, related_name="series")
    room = models.ForeignKey(
        Room, null=True, blank=True, on_delete=models.RESTRICT, related_name="series", help_text=_("Empty: any")
    )
    rule = models.CharField(max_length=300, help_text=_("RRULE of RFC 5545, always with an end"))
    first_on = models.DateField()
    begins_at = models.TimeField(help_text=_("Wall time at the location"))
    timezone = models.CharField(max_length=64)
    duration_minutes = models.PositiveSmallIntegerField()
    split_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.RESTRICT, related_name="continued_by",
        help_text=_("The series of which this one is “this and following”"),
    )  # fmt: skip
    booked_by = models.ForeignKey(User, null=True, on_delete=models.RESTRICT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = SeriesQuerySet.as_manager()

    class Meta:
        verbose_name = _("series")
        verbose_name_plural = _("series")
        ordering = ["first_on"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(duration_minutes__gte=5, duration_minutes__lte=480),
                name="series_visit_takes_5_minutes_to_8_hours",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service} {self.first_on:%Y-%m-%d}"
