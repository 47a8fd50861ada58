"""When therapists work: weekly wall time, dates that differ, and time off."""

from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import DateTimeRangeField
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.core.models import TimestampedModel
from clinic.people.models import Location, User
from scheduling.querysets import DateHoursQuerySet, TimeOffQuerySet, WeeklyQuerySet


class Weekly(TimestampedModel):
    """A span of local wall time that comes back on a weekday, for as long as it is valid."""

    class Weekday(models.IntegerChoices):
        MONDAY = 0, _("Monday")
        TUESDAY = 1, _("Tuesday")
        WEDNESDAY = 2, _("Wednesday")
        THURSDAY = 3, _("Thursday")
        FRIDAY = 4, _("Friday")
        SATURDAY = 5, _("Saturday")
        SUNDAY = 6, _("Sunday")

    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday)
    starts_at = models.TimeField(_("from"))
    ends_at = models.TimeField(_("until"))
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    every_n_weeks = models.PositiveSmallIntegerField(_("every n weeks"), default=1)

    objects = WeeklyQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["weekday", "starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(starts_at__lt=models.F("ends_at")), name="%(class)s_starts_before_it_ends"
            ),
            models.CheckConstraint(condition=models.Q(every_n_weeks__gte=1), name="%(class)s_recurs"),
            models.CheckConstraint(condition=models.Q(weekday__lte=6), name="%(class)s_weekday_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.starts_at:%H:%M}–{self.ends_at:%H:%M}"


class WorkingHours(Weekly):
    """A weekly span in which a therapist works at a location."""

    therapist = models.ForeignKey(
        User, verbose_name=_("therapist"), on_delete=models.CASCADE, related_name="working_hours"
    )
    location = models.ForeignKey(
        Location, verbose_name=_("location"), on_delete=models.RESTRICT, related_name="working_hours"
    )

    class Meta(Weekly.Meta):
        verbose_name = _("working hours")


class WeeklyBreak(Weekly):
    """A weekly span within the working hours in which nobody is booked: lunch, a team meeting."""

    therapist = models.ForeignKey(User, verbose_name=_("therapist"), on_delete=models.CASCADE, related_name="breaks")
    location = models.ForeignKey(Location, verbose_name=_("location"), on_delete=models.RESTRICT, related_name="breaks")
    label = models.CharField(_("what it is"), max_length=80, blank=True)

    class Meta(Weekly.Meta):
        verbose_name = _("break")


class DateHours(TimestampedModel):
    """Hours that hold on one date instead of the weekly ones and their breaks, wherever those would be.

    Several rows of a therapist's date add up. A row without times: no work on that date.
    """

    therapist = models.ForeignKey(
        User, verbose_name=_("therapist"), on_delete=models.CASCADE, related_name="date_hours"
    )
    location = models.ForeignKey(
        Location, verbose_name=_("location"), on_delete=models.RESTRICT, related_name="date_hours"
    )
    on = models.DateField(_("on"))
    starts_at = models.TimeField(_("from"), null=True, blank=True)
    ends_at = models.TimeField(_("until"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=80, blank=True)

    objects = DateHoursQuerySet.as_manager()

    class Meta:
        verbose_name = _("hours on a date")
        ordering = ["on", "starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(starts_at__isnull=True, ends_at__isnull=True)
                | models.Q(starts_at__lt=models.F("ends_at")),
                name="date_hours_have_both_ends_or_none",
            ),
        ]
        indexes = [models.Index(fields=["therapist", "on"], name="date_hours_of_therapist")]

    def __str__(self) -> str:
        if self.starts_at is None or self.ends_at is None:
            return f"{self.on:%Y-%m-%d}"
        return f"{self.on:%Y-%m-%d} {self.starts_at:%H:%M}–{self.ends_at:%H:%M}"


class TimeOff(TimestampedModel):
    """When a therapist is not there although the week says so."""

    therapist = models.ForeignKey(User, verbose_name=_("therapist"), on_delete=models.CASCADE, related_name="time_off")
    during = DateTimeRangeField(_("during"))
    reason = models.CharField(_("reason"), max_length=80, blank=True)

    objects = TimeOffQuerySet.as_manager()

    class Meta:
        verbose_name = _("time off")
        indexes = [GistIndex(fields=["therapist", "during"], name="time_off_of_therapist")]

    def __str__(self) -> str:
        return self.reason or str(self.during)

    @property
    def zone(self) -> ZoneInfo:
        """The clock of the therapist's first location; prefetch `therapist__locations`."""
        places = list(self.therapist.locations.all())
        return places[0].zone if places else ZoneInfo("UTC")
