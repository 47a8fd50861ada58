import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.core.models import TimestampedModel
from clinic.people.models import User
from treatments.models.episode import Episode
from treatments.models.note import SessionNote, never_emptied
from treatments.querysets import OfEpisodeQuerySet


class LetterTemplate(TimestampedModel):
    """What a letter begins with. `{client}`, `{findings}` and the like are filled in; the practice edits it."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    body = models.TextField(_("text"))
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("template of a letter")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Referral(TimestampedModel):
    """A letter to a physician, as it was written: it never changes."""

    class Urgency(models.TextChoices):
        ROUTINE = "routine", _("Routine")
        SOON = "soon", _("Within days")
        SAME_DAY = "same_day", _("Same day")
        EMERGENCY = "emergency", _("Emergency")

    episode = models.ForeignKey(Episode, on_delete=models.RESTRICT, related_name="referrals")
    note = models.ForeignKey(SessionNote, null=True, blank=True, on_delete=models.RESTRICT, related_name="referrals")
    to_name = models.CharField(_("to"), max_length=120)
    to_address = models.TextField(_("address"), max_length=400, blank=True)
    urgency = models.CharField(_("how soon"), max_length=10, choices=Urgency, default=Urgency.ROUTINE)
    body = models.TextField(_("letter"))
    written_by = models.ForeignKey(User, on_delete=models.RESTRICT, related_name="+")
    written_at = models.DateTimeField()

    objects = OfEpisodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("referral letter")
        ordering = ["-written_at"]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            never_emptied(),
        ]

    def __str__(self) -> str:
        return self.to_name
