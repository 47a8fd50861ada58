import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.core.models import TimestampedModel, UUIDModel
from clinic.people.models import Client, User
from intake.models.form import Response
from intake.querysets import ConsentQuerySet, ConsentTextQuerySet


class ConsentText(UUIDModel):
    """The words of one kind of consent in one language. Published once, never changed: a new wording is a new row."""

    class Kind(models.TextChoices):
        TREATMENT = "treatment", _("Treatment")
        PRIVACY = "privacy", _("Privacy")
        REMINDERS = "reminders", _("Reminders")

    kind = models.CharField(_("kind"), max_length=40, choices=Kind)
    language = models.CharField(_("language"), max_length=10)
    version = models.PositiveIntegerField(_("version"))
    title = models.CharField(_("heading"), max_length=80)
    text = models.TextField(_("text"))
    needs_renewal = models.BooleanField(_("asked again of everybody"), default=True)
    renew_after_months = models.PositiveSmallIntegerField(
        _("holds for, months"),
        null=True,
        blank=True,
        help_text=_("Empty: until the wording changes or it is taken back"),
    )
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(User, null=True, on_delete=models.RESTRICT, related_name="+")

    objects = ConsentTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent wording")
        ordering = ["kind", "language", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "language", "version"], name="consent_text_version_is_unique"),
            models.CheckConstraint(
                condition=models.Q(renew_after_months__isnull=True)
                | models.Q(renew_after_months__gte=3, renew_after_months__lte=120),
                name="consent_holds_for_3_months_to_ten_years",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="published_is_frozen", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.language} v{self.version}"


class Consent(TimestampedModel):
    """What a client agreed to, in which words, and until when. The database lets nothing change but its end."""

    client = models.ForeignKey(Client, on_delete=models.RESTRICT, related_name="consents")
    response = models.ForeignKey(Response, null=True, blank=True, on_delete=models.RESTRICT, related_name="consents")
    consent_text = models.ForeignKey(
        ConsentText, null=True, blank=True, on_delete=models.RESTRICT, related_name="consents"
    )
    kind = models.CharField(_("kind"), max_length=40)
    language = models.CharField(_("language"), max_length=10, default="en")
    text_version = models.CharField(max_length=40)
    title = models.CharField(max_length=80, blank=True)
    text = models.TextField()
    signed_name = models.CharField(max_length=160, blank=True)
    signature = models.JSONField(
        null=True,
        blank=True,
        help_text=_("Strokes, each x, y, x, y, …, on a field of the width and height named with them"),
    )
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.RESTRICT, related_name="+", help_text=_("Empty: the client")
    )

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        ordering = ["-given_at"]
        indexes = [models.Index(fields=["client", "kind", "-given_at"])]
        triggers = [
            pgtrigger.ReadOnly(name="given_is_frozen", exclude=["withdrawn_at", "withdrawn_by", "updated_at"]),
            pgtrigger.Protect(
                name="withdrawn_is_frozen",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__withdrawn_at__isnull=False),
            ),
            pgtrigger.Protect(name="given_is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.text_version}"
