from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.core.models import TimestampedModel
from intake.models import Invitation, Response
from treatments.models.note import SessionNote
from treatments.querysets import FollowUpQuerySet


class FollowUp(TimestampedModel):
    """The one question asked some days after a session, and what became of it. One per session, ever."""

    note = models.OneToOneField(SessionNote, on_delete=models.RESTRICT, related_name="follow_up")
    invitation = models.OneToOneField(Invitation, on_delete=models.RESTRICT, related_name="follow_up")
    asked_at = models.DateTimeField()
    response = models.OneToOneField(
        Response, null=True, blank=True, on_delete=models.RESTRICT, related_name="follow_up"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    comment = models.TextField(_("to the therapist"), blank=True)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up question")
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(response__isnull=True, answered_at__isnull=True)
                | models.Q(response__isnull=False, answered_at__isnull=False),
                name="answered_follow_up_has_an_answer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d}"
