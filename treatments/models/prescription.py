import uuid

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.core.models import TimestampedModel
from clinic.people.models import User
from intake.models import Exercise
from treatments.models.episode import Episode
from treatments.models.note import SessionNote, never_emptied
from treatments.models.recorded import frozen_with_note
from treatments.querysets import PrescriptionQuerySet


class Prescription(TimestampedModel):
    """An exercise for home with its dose. A dose never changes: it is stopped and prescribed anew."""

    class Side(models.TextChoices):
        EACH = "each", _("each side")
        LEFT = "left", _("left")
        RIGHT = "right", _("right")
        NONE = "none", _("no side")

    episode = models.ForeignKey(Episode, on_delete=models.RESTRICT, related_name="prescriptions")
    note = models.ForeignKey(
        SessionNote, null=True, blank=True, on_delete=models.RESTRICT, related_name="prescriptions"
    )
    exercise = models.ForeignKey(Exercise, verbose_name=_("exercise"), on_delete=models.RESTRICT, related_name="+")
    sets = models.PositiveSmallIntegerField(_("sets"), null=True, blank=True)
    reps = models.PositiveSmallIntegerField(_("repetitions"), null=True, blank=True)
    hold_seconds = models.PositiveSmallIntegerField(_("hold, seconds"), null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)
    side = models.CharField(_("side"), max_length=5, choices=Side, default=Side.NONE)
    times_per_week = models.PositiveSmallIntegerField(_("times a week"), null=True, blank=True)
    instructions = models.CharField(_("in your words"), max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(default=0, editable=False)
    prescribed_by = models.ForeignKey(User, on_delete=models.RESTRICT, related_name="+")
    prescribed_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True, blank=True)

    objects = PrescriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("home exercise")
        ordering = ["position", "prescribed_at"]
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
            models.CheckConstraint(
                condition=models.Q(minutes__isnull=True) | models.Q(minutes__range=(1, 240)),
                name="exercise_takes_1_to_240_minutes",
            ),
        ]
        triggers = [
            # What a signed note says was prescribed; that it is stopped later changes nothing of that.
            frozen_with_note("signed_note_is_locked", pgtrigger.Insert | pgtrigger.Delete),
            never_emptied(),
            pgtrigger.Protect(
                name="dose_is_frozen",
                operation=pgtrigger.UpdateOf(  # type: ignore[no-untyped-call]
                    "id",
                    "created_at",
                    "episode_id",
                    "note_id",
                    "exercise_id",
                    "sets",
                    "reps",
                    "hold_seconds",
                    "minutes",
                    "side",
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
    """The client did it that day, and how much it hurt after."""

    prescription = models.ForeignKey(Prescription, on_delete=models.RESTRICT, related_name="adherence")
    done_on = models.DateField()
    pain_after = models.PositiveSmallIntegerField(_("pain after, 0 to 10"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["prescription", "done_on"], name="exercise_is_ticked_once_a_day"),
            models.CheckConstraint(
                condition=models.Q(pain_after__isnull=True) | models.Q(pain_after__lte=10),
                name="pain_after_is_0_to_10",
            ),
        ]

    def __str__(self) -> str:
        return str(self.done_on)


def picture_path(picture: "ExercisePicture", filename: str) -> str:
    """A path that tells nothing of the exercise or the file."""
    return f"exercises/{uuid.uuid4().hex}"


class ExercisePicture(TimestampedModel):
    """The picture of an exercise that the practice added itself; what ships is drawn."""

    exercise = models.OneToOneField(Exercise, on_delete=models.RESTRICT, related_name="picture")
    file = models.FileField(_("picture"), upload_to=picture_path)
    description = models.CharField(_("what it shows"), max_length=200)
    media_type = models.CharField(max_length=60, editable=False)
    size_bytes = models.PositiveIntegerField(editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    added_by = models.ForeignKey(User, on_delete=models.RESTRICT, related_name="+", editable=False)

    class Meta:
        verbose_name = _("picture of an exercise")

    def __str__(self) -> str:
        return self.description
