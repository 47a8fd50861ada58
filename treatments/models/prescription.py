from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.core.models import TimestampedModel
from clinic.people.models import User
from intake.models import Exercise
from treatments.models.episode import Episode


class Prescription(TimestampedModel):
    """An exercise for home with its dose."""

    episode = models.ForeignKey(Episode, on_delete=models.RESTRICT, related_name="prescriptions")
    exercise = models.ForeignKey(Exercise, on_delete=models.RESTRICT, related_name="+")
    sets = models.PositiveSmallIntegerField(null=True, blank=True)
    reps = models.PositiveSmallIntegerField(null=True, blank=True)
    hold_seconds = models.PositiveSmallIntegerField(null=True, blank=True)
    times_per_week = models.PositiveSmallIntegerField(null=True, blank=True)
    instructions = models.CharField(max_length=300, blank=True)
    prescribed_by = models.ForeignKey(User, on_delete=models.RESTRICT, related_name="+")
    prescribed_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("home exercise")
        ordering = ["prescribed_at"]

    def __str__(self) -> str:
        return str(self.exercise)


class Adherence(TimestampedModel):
    """The client did it that day."""

    prescription = models.ForeignKey(Prescription, on_delete=models.CASCADE, related_name="adherence")
    done_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["prescription", "done_on"], name="exercise_is_ticked_once_a_day")
        ]

    def __str__(self) -> str:
        return str(self.done_on)
