"""Calendars that leave the house, and those that come in."""

from django.contrib.postgres.fields import DateTimeRangeField
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.core.models import TimestampedModel, UUIDModel
from clinic.people.models import Room, User
from scheduling.querysets import CalendarFeedQuerySet, OutsideBusyQuerySet, OutsideCalendarQuerySet
from scheduling.rules import troubles


class CalendarFeed(TimestampedModel):
    """A secret address at which a calendar app reads the visits of one therapist or one room."""

    therapist = models.ForeignKey(User, null=True, blank=True, on_delete=models.CASCADE, related_name="calendar_feeds")
    room = models.ForeignKey(Room, null=True, blank=True, on_delete=models.CASCADE, related_name="calendar_feeds")
    label = models.CharField(_("where it is used"), max_length=80, blank=True)
    token_digest = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(User, on_delete=models.RESTRICT, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar feed")
        ordering = ["created_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(therapist__isnull=True, room__isnull=False)
                | models.Q(therapist__isnull=False, room__isnull=True),
                name="feed_is_of_a_therapist_or_a_room",
            ),
        ]

    def __str__(self) -> str:
        return self.label or str(self.pk)


class OutsideCalendar(TimestampedModel):
    """A therapist's calendar kept elsewhere, of which only the busy times are read."""

    therapist = models.ForeignKey(
        User, verbose_name=_("therapist"), on_delete=models.CASCADE, related_name="outside_calendars"
    )
    label = models.CharField(_("name"), max_length=80)
    address = models.TextField(_("address"), help_text=_("Encrypted: whoever knows it reads the calendar"))
    etag = models.CharField(max_length=200, blank=True)
    last_modified = models.CharField(max_length=80, blank=True)
    fetched_at = models.DateTimeField(null=True, blank=True)
    tried_at = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=200, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(_("read"), default=True)

    objects = OutsideCalendarQuerySet.as_manager()

    class Meta:
        verbose_name = _("outside calendar")
        ordering = ["label"]

    def __str__(self) -> str:
        return self.label

    @property
    def trouble_text(self) -> str:
        """What is wrong and what to do; empty when all is well."""
        return troubles.text_of(self.trouble)


class OutsideBusy(UUIDModel):
    """A busy time of an outside calendar; what it is about is not kept."""

    calendar = models.ForeignKey(OutsideCalendar, on_delete=models.CASCADE, related_name="busy")
    therapist = models.ForeignKey(User, on_delete=models.CASCADE, related_name="outside_busy")
    during = DateTimeRangeField()

    objects = OutsideBusyQuerySet.as_manager()

    class Meta:
        verbose_name = _("busy elsewhere")
        indexes = [GistIndex(fields=["therapist", "during"], name="outside_busy_of_therapist")]

    def __str__(self) -> str:
        return str(self.during)
