from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.core.models import TimestampedModel
from clinic.people.models import Client, Location, User
from intake.models import Condition, PainDrawing
from treatments.querysets import EpisodeQuerySet


class Episode(TimestampedModel):
    """Visits for one condition and side, from intake to discharge or a gap of 90 days."""

    class Side(models.TextChoices):
        LEFT = "left", _("left")
        RIGHT = "right", _("right")
        BOTH = "both", _("both sides")
        NONE = "none", _("no side")

    class CloseReason(models.TextChoices):
        DISCHARGED = "discharged", _("Goals reached")
        REFERRED = "referred", _("Referred on")
        STOPPED = "stopped", _("Stopped by the client")
        GAP = "gap", _("No visit for 90 days")

    client = models.ForeignKey(Client, on_delete=models.RESTRICT, related_name="episodes")
    location = models.ForeignKey(Location, on_delete=models.RESTRICT, related_name="episodes")
    therapist = models.ForeignKey(User, on_delete=models.RESTRICT, related_name="episodes")
    condition = models.ForeignKey(Condition, on_delete=models.RESTRICT, related_name="episodes")
    secondary_conditions = models.ManyToManyField(Condition, related_name="+", blank=True)
    side = models.CharField(_("side"), max_length=5, choices=Side, default=Side.NONE)
    onset_on = models.DateField(_("began on"), null=True, blank=True)
    mechanism = models.CharField(_("how it began"), max_length=200, blank=True)
    goals = models.TextField(_("goals"), blank=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    close_reason = models.CharField(max_length=10, choices=CloseReason, blank=True)
    first_drawing = models.ForeignKey(
        PainDrawing,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="+",
        help_text=_("Where it hurt when the episode began: what the map of many counts"),
    )
    planned_sessions = models.PositiveSmallIntegerField(_("sessions planned"), null=True, blank=True)
    reassess_at_session = models.PositiveSmallIntegerField(_("look again at session"), null=True, blank=True)
    icd10cm_code = models.CharField(_("ICD-10-CM"), max_length=8, blank=True)

    objects = EpisodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("episode of care")
        ordering = ["-opened_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True, close_reason="")
                | (models.Q(closed_at__isnull=False) & ~models.Q(close_reason="")),
                name="closed_episode_has_a_reason",
            ),
            models.UniqueConstraint(
                fields=["client", "condition", "side"],
                condition=models.Q(closed_at=None),
                name="one_open_episode_per_condition_and_side",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True) | models.Q(closed_at__gte=models.F("opened_at")),
                name="episode_closes_after_it_opened",
            ),
            models.CheckConstraint(
                condition=models.Q(reassess_at_session__isnull=True) | models.Q(reassess_at_session__range=(1, 99)),
                name="episode_is_reassessed_at_session_1_to_99",
            ),
        ]
        indexes = [models.Index(fields=["condition", "opened_at"]), models.Index(fields=["client", "-opened_at"])]

    def __str__(self) -> str:
        if self.side == self.Side.NONE:
            return str(self.condition)
        return f"{self.condition}, {self.get_side_display()}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None
