from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.core.models import TimestampedModel
from clinic.people.models import Location
from intake.models import Condition, Measure, Response
from treatments.models import Episode, SessionNote


class Score(TimestampedModel):
    """One value of one measure at one instant: the facts that every report reads."""

    episode = models.ForeignKey(Episode, on_delete=models.RESTRICT, related_name="scores")
    measure = models.ForeignKey(Measure, on_delete=models.RESTRICT, related_name="+")
    value = models.DecimalField(max_digits=7, decimal_places=3)
    recorded_at = models.DateTimeField()
    response = models.ForeignKey(Response, null=True, blank=True, on_delete=models.RESTRICT, related_name="+")
    note = models.ForeignKey(SessionNote, null=True, blank=True, on_delete=models.RESTRICT, related_name="+")

    class Meta:
        verbose_name = _("score")
        ordering = ["recorded_at"]
        constraints = [
            models.UniqueConstraint(fields=["episode", "measure", "response"], name="response_scores_once"),
            models.UniqueConstraint(fields=["episode", "measure", "note"], name="note_scores_once"),
            models.CheckConstraint(
                condition=models.Q(response__isnull=False, note__isnull=True)
                | models.Q(response__isnull=True, note__isnull=False),
                name="score_has_one_source",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure}: {self.value}"


class EpisodeSummary(TimestampedModel):
    """An episode's course on one measure, kept in the transaction of each score. Reports read this, never the notes.

    `at_…` are the scores nearest 2, 4 and 6 weeks, 3, 6 and 12 months, inside the windows of `rules.windows`.
    """

    episode = models.ForeignKey(Episode, on_delete=models.CASCADE, related_name="summaries")
    measure = models.ForeignKey(Measure, on_delete=models.RESTRICT, related_name="+")
    baseline = models.DecimalField(max_digits=7, decimal_places=3, null=True)
    baseline_at = models.DateTimeField(null=True)
    at_w2 = models.DecimalField(max_digits=7, decimal_places=3, null=True)
    at_w4 = models.DecimalField(max_digits=7, decimal_places=3, null=True)
    at_w6 = models.DecimalField(max_digits=7, decimal_places=3, null=True)
    at_m3 = models.DecimalField(max_digits=7, decimal_places=3, null=True)
    at_m6 = models.DecimalField(max_digits=7, decimal_places=3, null=True)
    at_m12 = models.DecimalField(max_digits=7, decimal_places=3, null=True)
    latest = models.DecimalField(max_digits=7, decimal_places=3, null=True)
    latest_at = models.DateTimeField(null=True)
    best = models.DecimalField(max_digits=7, decimal_places=3, null=True)
    change = models.DecimalField(max_digits=7, decimal_places=3, null=True, help_text=_("latest minus baseline"))
    has_reached_mcid = models.BooleanField(null=True, help_text=_("Empty when the baseline could not reach it"))
    mcid_reached_at = models.DateTimeField(null=True)
    score_count = models.PositiveSmallIntegerField(default=0)
    session_count = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("episode summary")
        constraints = [models.UniqueConstraint(fields=["episode", "measure"], name="summary_is_one_per_measure")]

    def __str__(self) -> str:
        return f"{self.episode}: {self.change}"


class MarkTally(models.Model):
    """How many episodes that began in a month had a place marked on their first drawing: what the map of many adds up.

    The row without a region counts the drawings themselves. Written by `tallies`, never shown as it is.
    """

    condition = models.ForeignKey(Condition, on_delete=models.CASCADE, related_name="+")
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="+")
    month = models.DateField(help_text=_("Its first day"))
    region = models.CharField(max_length=80, blank=True)
    side = models.CharField(max_length=7, blank=True)
    episodes = models.PositiveIntegerField()
    rated = models.PositiveIntegerField(help_text=_("Of these, how many said how strong"))
    intensity_sum = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("count of marks")
        constraints = [
            models.UniqueConstraint(
                fields=["condition", "location", "month", "region", "side"],
                name="mark_tally_is_one_per_place_and_month",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}: {self.episodes}"
