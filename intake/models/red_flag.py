from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.core.models import TimestampedModel
from clinic.people.models import Client, Location, User
from intake.models.form import Response
from intake.models.knowledge import RedFlagRule
from intake.querysets import RedFlagQuerySet


class RedFlag(TimestampedModel):
    """An answer that must be acted on before treatment. Acknowledged with what was done, never silently."""

    class Urgency(models.TextChoices):
        EMERGENCY = "emergency", _("Emergency")
        URGENT = "urgent", _("Urgent")
        CAUTION = "caution", _("Caution")

    client = models.ForeignKey(Client, on_delete=models.RESTRICT, related_name="red_flags")
    response = models.ForeignKey(Response, on_delete=models.RESTRICT, related_name="red_flags")
    rule = models.ForeignKey(RedFlagRule, on_delete=models.RESTRICT, related_name="+")
    answer = models.CharField(max_length=60)
    urgency = models.CharField(max_length=10, choices=Urgency)
    raised_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True, help_text=_("The client changed the answer"))
    seen_by_doctor_at = models.DateTimeField(null=True, blank=True, help_text=_("The client says a doctor has seen it"))
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.RESTRICT, related_name="+")
    action_taken = models.TextField(_("what was done"), blank=True)
    escalation_level = models.PositiveSmallIntegerField(
        default=0, help_text=_("How far others were told while nobody acknowledged: 1 therapists, 2 owners")
    )
    escalated_at = models.DateTimeField(null=True, blank=True)

    objects = RedFlagQuerySet.as_manager()

    class Meta:
        verbose_name = _("red flag")
        ordering = [models.F("acknowledged_at").desc(nulls_first=True), "-raised_at"]
        constraints = [
            models.UniqueConstraint(fields=["response", "rule"], name="flag_is_raised_once_per_response"),
            models.CheckConstraint(
                condition=models.Q(acknowledged_at__isnull=True)
                | (models.Q(acknowledged_by__isnull=False) & ~models.Q(action_taken="")),
                name="acknowledged_flag_says_who_and_what",
            ),
            models.CheckConstraint(
                condition=models.Q(escalation_level=0) | models.Q(escalated_at__isnull=False),
                name="escalated_flag_has_an_instant",
            ),
        ]
        indexes = [models.Index(fields=["client"], condition=models.Q(acknowledged_at=None), name="flag_open")]

    def __str__(self) -> str:
        return f"{self.get_urgency_display()} {self.raised_at:%Y-%m-%d %H:%M}"

    @property
    def is_open_emergency(self) -> bool:
        """Stands between a note and its signature."""
        return self.urgency == self.Urgency.EMERGENCY and self.acknowledged_at is None


class FlagWatch(TimestampedModel):
    """Who answers for red flags at a location, and how long an emergency may wait before others are told."""

    location = models.OneToOneField(Location, on_delete=models.RESTRICT, related_name="flag_watch")
    responsible = models.ForeignKey(
        User,
        verbose_name=_("responsible person"),
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="+",
    )
    escalate_after_minutes = models.PositiveSmallIntegerField(_("tell others after"), default=30)

    class Meta:
        verbose_name = _("red-flag watch")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(escalate_after_minutes__gte=5, escalate_after_minutes__lte=1440),
                name="escalation_is_between_5_minutes_and_a_day",
            ),
        ]

    def __str__(self) -> str:
        return str(self.location)
