import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.core.models import TimestampedModel
from clinic.people.models import User
from intake.models import Exercise
from treatments.models.episode import Episode
from treatments.models.note import SessionNote
from treatments.querysets import PrescriptionQuerySet


class Prescription(TimestampedModel):
    """An exercise for home with its dose. A dose never changes: it is stopped and prescribed anew."""

    episode = models.ForeignKey(Episode, on_delete=models.RESTRICT, related_name="prescriptions")
    note = models.ForeignKey(
        SessionNote, null=True, blank=True, on_delete=models.RESTRICT, related_name="prescriptions"
    )
    exercise = models.ForeignKey(Exercise, verbose_name=_("exercise"), on_delete=models.RESTRICT, related_name="+")
    sets = models.PositiveSmallIntegerField(_("sets"), null=True, blank=True)
    reps = models.PositiveSmallIntegerField(_("repetitions"), null=True, blank=True)
    hold_seconds = models.PositiveSmallIntegerField(_("hold, seconds"), null=True, blank=True)
    times_per_week = models.PositiveSmallIntegerField(_("times a week"), null=True, blank=True)
    instructions = models.CharField(_("in your words"), max_length=300, blank=True)
    prescribed_by = models.ForeignKey(User, on_delete=models.RESTRICT, related_name="+")
    prescribed_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True, blank=True)

    objects = PrescriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("home exercise")
        ordering = ["prescribed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["episode", "exercise"],
                condition=models.Q(stopped_at=None),
                name="exercise_is_prescribed_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(times_per_week__isnull=True) | models.Q(times_per_week__range=(1, 70)),
                name="exercise_is_done_at_most_ten_times_a_day",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="dose_is_frozen",
                operation=pgtrigger.UpdateOf(  # type: ignore[no-untyped-call]
                    "episode_id",
                    "note_id",
                    "exercise_id",
                    "sets",
                    "reps",
                    "hold_seconds",
                    "times_per_week",
                    "instructions",
                    "prescribed_by_id",
                    "prescribed_at",
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(self.exercise)


class Adherence(TimestampedModel):
    """The client did it that day."""

    prescription = models.ForeignKey(Prescription, on_delete=models.RESTRICT, related_name="adherence")
    done_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["prescription", "done_on"], name="exercise_is_ticked_once_a_day")
        ]

    def __str__(self) -> str:
        return str(self.done_on)
