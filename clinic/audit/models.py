import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _


class Event(models.Model):
    """One thing somebody did or read. Ids instead of foreign keys: an event outlives what it speaks of."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_index=True)
    actor_id = models.UUIDField(null=True)
    actor_display = models.CharField(max_length=200)
    action = models.CharField(max_length=60)
    object_type = models.CharField(max_length=60, blank=True)
    object_id = models.CharField(max_length=64, blank=True)
    client_id = models.UUIDField(null=True)
    request_id = models.CharField(max_length=36, blank=True)
    address = models.GenericIPAddressField(null=True)
    changes = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("audit event")
        indexes = [
            models.Index(fields=["client_id", "-at"]),
            models.Index(fields=["actor_id", "-at"]),
            models.Index(fields=["action", "-at"]),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.actor_display} {self.action}"


class Seal(models.Model):
    """A keyed hash over a batch of events and the seal before it."""

    number = models.BigIntegerField(primary_key=True, help_text=_("1, 2, 3, … without a gap"))
    sealed_at = models.DateTimeField()
    first_event_id = models.BigIntegerField()
    last_event_id = models.BigIntegerField(unique=True)
    event_macs = models.JSONField(
        help_text=_("[event id, keyed hash] of each event, so that the altered row can be named")
    )
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("audit seal")
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.first_event_id}–{self.last_event_id}"
