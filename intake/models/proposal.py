from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.core.models import TimestampedModel
from clinic.people.models import Client, User
from intake.models.form import Invitation
from intake.querysets import ProposalQuerySet


class Proposal(TimestampedModel):
    """A detail of the record that a client gave otherwise in a form. Staff take it over or keep what is there."""

    class State(models.TextChoices):
        OPEN = "open", _("To be decided")
        ACCEPTED = "accepted", _("Taken over")
        KEPT = "kept", _("Kept as it was")
        REPLACED = "replaced", _("The client said otherwise later")

    client = models.ForeignKey(Client, on_delete=models.RESTRICT, related_name="proposals")
    invitation = models.ForeignKey(Invitation, on_delete=models.RESTRICT, related_name="proposals")
    field = models.CharField(_("detail"), max_length=30)
    old = models.TextField(_("in the record"), blank=True)
    new = models.TextField(_("in the form"), blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    decided_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.RESTRICT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("change proposed by the client")
        ordering = ["created_at", "field"]
        constraints = [
            models.UniqueConstraint(fields=["invitation", "field"], name="detail_is_proposed_once_per_request"),
            models.CheckConstraint(
                condition=~models.Q(state__in=["accepted", "kept"])
                | models.Q(decided_by__isnull=False, decided_at__isnull=False),
                name="decided_proposal_says_who_and_when",
            ),
        ]
        indexes = [models.Index(fields=["client"], condition=models.Q(state="open"), name="proposal_open")]

    def __str__(self) -> str:
        return self.field
