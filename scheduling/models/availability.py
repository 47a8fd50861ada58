from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import DateTimeRangeField
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.core.models import TimestampedModel
from clinic.people.models import Location, User
from scheduling.querysets import TimeOffQuerySet, WorkingHoursQuerySet


class WorkingHours(TimestampedModel):
    """A weekly span of local wall time in which a therapist works at a location."""

    class Weekday(models.IntegerChoices):
        MONDAY = 0, _("Monday")
        TUESDAY = 1, _("Tuesday")
        WEDNESDAY = 2, _("Wednesday")
        THURSDAY = 3, _("Thursday")
        FRIDAY = 4, _("Friday")
        SATURDAY = 5, _("Saturday")
        SUNDAY = 6, _("Sunday")

    therapist = models.ForeignKey(
        User, verbose_name=_("therapist"), on_delete=models.CASCADE, related_name="working_hours"
    )
    location = models.ForeignKey(
        Location, verbose_name=_("location"), on_delete=models.RESTRICT, related_name="working_hours"
    )
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday)
    starts_at = models.TimeField(_("from"))
    ends_at = models.TimeField(_("until"))
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    every_n_weeks = models.PositiveSmallIntegerField(_("every n weeks"), default=1)

    objects = WorkingHoursQuerySet.as_manager()

    class Meta:
        verbose_name = _("working hours")
        ordering = ["weekday", "starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(starts_at__lt=models.F("ends_at")), name="working_hours_start_before_end"
            ),
            models.CheckConstraint(condition=models.Q(every_n_weeks__gte=1), name="working_hours_recur"),
            models.CheckConstraint(condition=models.Q(weekday__lte=6), name="working_hours_weekday_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.starts_at:%H:%M}–{self.ends_at:%H:%M}"


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
