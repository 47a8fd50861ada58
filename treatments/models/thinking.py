import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.core.models import TimestampedModel
from clinic.people.models import User
from intake.models import Condition
from treatments.models.episode import Episode
from treatments.models.note import SessionNote, never_emptied
from treatments.models.recorded import frozen_with_note
from treatments.querysets import OfEpisodeQuerySet, OfGoalQuerySet


def _rating(field: str, name: str) -> models.CheckConstraint:
    condition = models.Q(**{f"{field}__isnull": True}) | models.Q(**{f"{field}__lte": 10})
    return models.CheckConstraint(condition=condition, name=name)


class Hypothesis(TimestampedModel):
    """How sure the therapist was of a working hypothesis at one instant; it may take several tries to find it.

    Stated in a note it belongs to what is signed.
    """

    episode = models.ForeignKey(Episode, on_delete=models.RESTRICT, related_name="hypotheses")
    note = models.ForeignKey(SessionNote, null=True, blank=True, on_delete=models.RESTRICT, related_name="hypotheses")
    condition = models.ForeignKey(Condition, on_delete=models.RESTRICT, related_name="+")
    confidence_percent = models.PositiveSmallIntegerField(_("confidence, percent"))
    reason = models.CharField(_("because"), max_length=200, blank=True)
    stated_at = models.DateTimeField()
    stated_by = models.ForeignKey(User, on_delete=models.RESTRICT, related_name="+")

    objects = OfEpisodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("working hypothesis")
        ordering = ["-stated_at"]
        indexes = [models.Index(fields=["episode", "-stated_at"])]
        constraints = [
            models.CheckConstraint(condition=models.Q(confidence_percent__lte=100), name="confidence_is_0_to_100"),
        ]
        triggers = [
            frozen_with_note("signed_note_is_locked"),
            never_emptied(),
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return str(self.condition)


class Goal(TimestampedModel):
    """An activity of the client's own that the episode is to bring back (Patient-Specific Functional Scale)."""

    episode = models.ForeignKey(Episode, on_delete=models.RESTRICT, related_name="goal_rows")
    activity = models.CharField(_("activity"), max_length=120)
    target_rating = models.PositiveSmallIntegerField(_("goal, 0 to 10"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    dropped_at = models.DateTimeField(null=True, blank=True)

    objects = OfEpisodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("goal")
        ordering = ["position", "created_at"]
        constraints = [
            _rating("target_rating", "goal_is_rated_0_to_10"),
            models.UniqueConstraint(
                fields=["episode", "activity"],
                condition=models.Q(dropped_at=None),
                name="goal_is_named_once_in_an_episode",
            ),
        ]

    def __str__(self) -> str:
        return self.activity


class GoalRating(TimestampedModel):
    """How well the client could do an activity: 0 unable, 10 as before the injury (Stratford 1995)."""

    goal = models.ForeignKey(Goal, on_delete=models.RESTRICT, related_name="ratings")
    note = models.ForeignKey(SessionNote, null=True, blank=True, on_delete=models.RESTRICT, related_name="goal_ratings")
    rating = models.PositiveSmallIntegerField(_("0 to 10"))
    rated_at = models.DateTimeField()

    objects = OfGoalQuerySet.as_manager()

    class Meta:
        verbose_name = _("rating of a goal")
        ordering = ["rated_at"]
        constraints = [
            models.CheckConstraint(condition=models.Q(rating__lte=10), name="rating_is_0_to_10"),
            models.UniqueConstraint(fields=["goal", "note"], name="goal_is_rated_once_in_a_note"),
        ]
        triggers = [
            frozen_with_note("signed_note_is_locked"),
            never_emptied(),
            pgtrigger.Protect(
                name="rating_without_note_stays",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__note__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return str(self.rating)
