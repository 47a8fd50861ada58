import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.core.models import TimestampedModel
from clinic.people.models import Location, User
from intake.kiosk_querysets import KioskDeviceQuerySet
from intake.models.form import Invitation

UNOPENED_FOR = dt.timedelta(minutes=30)
IDLE_FOR = dt.timedelta(minutes=10)
DONE_FOR = dt.timedelta(minutes=2)


class KioskDevice(TimestampedModel):
    """A tablet at the desk that clients fill forms on. Only what its secret hashes to is stored."""

    location = models.ForeignKey(
        Location, verbose_name=_("location"), on_delete=models.RESTRICT, related_name="kiosk_devices"
    )
    name = models.CharField(_("name"), max_length=60)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    enrolled_by = models.ForeignKey(User, on_delete=models.RESTRICT, related_name="+", editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = KioskDeviceQuerySet.as_manager()

    class Meta:
        verbose_name = _("tablet")
        ordering = ["location__name", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["location", "name"], condition=models.Q(revoked_at=None), name="tablet_name_is_unique_in_use"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class KioskTurn(TimestampedModel):
    """One client's time with a tablet. A device has one at a time."""

    class End(models.TextChoices):
        HANDED_BACK = "handed-back", _("Handed back")
        IDLE = "idle", _("Left lying")
        REPLACED = "replaced", _("Another form was sent")
        REVOKED = "revoked", _("The tablet was taken out of use")

    device = models.ForeignKey(KioskDevice, on_delete=models.RESTRICT, related_name="turns")
    invitation = models.ForeignKey(Invitation, on_delete=models.RESTRICT, related_name="kiosk_turns")
    sent_by = models.ForeignKey(User, on_delete=models.RESTRICT, related_name="+")
    opened_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    how = models.CharField(max_length=12, choices=End, blank=True)

    class Meta:
        verbose_name = _("turn at a tablet")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["device"], condition=models.Q(ended_at=None), name="tablet_has_one_turn_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.device} {self.created_at:%Y-%m-%d %H:%M}"

    # How long the page waits before it asks, before it ends, and once the form was sent.
    idle_seconds, grace_seconds, return_seconds, advice_seconds = 120, 30, 10, 60

    def is_over(self, now: dt.datetime) -> bool:
        """Ended, never opened, left lying, or done a while ago: the page holds nobody's data any more."""
        if self.ended_at:
            return True
        if self.invitation.completed_at:
            return self.invitation.completed_at <= now - DONE_FOR
        last = self.seen_at or self.created_at
        return last <= now - (IDLE_FOR if self.opened_at else UNOPENED_FOR)
