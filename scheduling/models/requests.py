"""What other programs asked for once and may ask for again."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.core.models import UUIDModel
from clinic.people.models import User


class AnsweredRequest(UUIDModel):
    """A POST to the API and its answer, written with what it wrote: for two days, the same key brings it again."""

    key = models.UUIDField(help_text=_("The caller's Idempotency-Key"))
    by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    fingerprint = models.CharField(max_length=64, help_text=_("SHA-256 of method, path and body"))
    status = models.PositiveSmallIntegerField(default=0)
    answer = models.JSONField(null=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("answered request")
        constraints = [models.UniqueConstraint(fields=["by", "key"], name="request_is_answered_once")]
        indexes = [models.Index(fields=["created_at"], name="answered_request_to_forget")]

    def __str__(self) -> str:
        return str(self.key)
