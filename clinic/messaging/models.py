import datetime as dt

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clinic.core.models import TimestampedModel
from clinic.messaging.querysets import MessageQuerySet
from clinic.people.models import Client, Location, User


class Purpose(models.TextChoices):
    BOOKING = "booking", _("Booked")
    MOVED = "moved", _("Moved")
    CANCELLED = "cancelled", _("Cancelled")
    SERIES = "series", _("Series booked")
    SERIES_MOVED = "series_moved", _("Series moved")
    SERIES_CANCELLED = "series_cancelled", _("Series cancelled")
    REMINDER = "reminder", _("Reminder")
    WAITLIST_OFFER = "waitlist_offer", _("A time that came free")
    INTAKE = "intake", _("Intake form")
    BEFORE_VISIT = "before_visit", _("Before-visit questions")
    FORM_REMINDER = "form_reminder", _("Reminder of a form")
    FOLLOW_UP = "follow_up", _("How it went")
    EXERCISES = "exercises", _("Home exercises")
    STAFF_FLAG = "staff_flag", _("Red flag, to staff")
    FLAG_ESCALATED = "flag_escalated", _("Red flag nobody has acknowledged, to staff")
    UNSIGNED_NOTES = "unsigned_notes", _("Notes not signed, to staff")
    CONSENT_COPY = "consent_copy", _("Copy of what was agreed")


class Channel(models.TextChoices):
    EMAIL = "email", _("E-mail")


class ClientLink(TimestampedModel):
    """A secret address for one client, one purpose and one object. Only what the secret hashes to is stored."""

    client = models.ForeignKey(Client, on_delete=models.RESTRICT, related_name="links")
    purpose = models.CharField(max_length=20)
    object_id = models.UUIDField()
    token_digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    failed_checks = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("client link")
        indexes = [models.Index(fields=["purpose", "object_id"])]

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"

    @property
    def audit_id(self) -> None:
        return None

    @property
    def audit_display(self) -> str:
        return f"client {self.client.number} by link"


class MessageTemplate(TimestampedModel):
    """The practice's wording for one purpose, channel and language."""

    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel, default=Channel.EMAIL)
    language = models.CharField(_("language"), max_length=10, default="en")
    subject = models.CharField(_("subject"), max_length=120)
    body = models.TextField(_("text"))
    is_active = models.BooleanField(_("sent"), default=True)

    class Meta:
        verbose_name = _("wording")
        ordering = ["purpose", "language"]
        constraints = [
            models.UniqueConstraint(fields=["purpose", "channel", "language"], name="wording_is_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} ({self.language})"


class OutboundMessage(TimestampedModel):
    """A row of the outbox: written with its cause, drained by the worker, kept with its fate."""

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        BOUNCED = "bounced", _("Bounced")
        FAILED = "failed", _("Failed")
        VOID = "void", _("Void")

    client = models.ForeignKey(Client, null=True, blank=True, on_delete=models.RESTRICT, related_name="messages")
    recipient = models.ForeignKey(User, null=True, blank=True, on_delete=models.RESTRICT, related_name="messages")
    location = models.ForeignKey(Location, null=True, blank=True, on_delete=models.RESTRICT, related_name="+")
    purpose = models.CharField(max_length=20, choices=Purpose)
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.EMAIL)
    address = models.CharField(max_length=254)
    subject = models.CharField(max_length=200)
    body = models.TextField(
        help_text=_("Rendered text; {link} is filled in when it is sent, so that no secret rests here.")
    )
    link = models.ForeignKey(ClientLink, null=True, blank=True, on_delete=models.RESTRICT, related_name="messages")
    calendar_file = models.TextField(blank=True)
    about_id = models.UUIDField(null=True, blank=True, help_text=_("The appointment or other thing this speaks of"))
    about_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.PENDING)
    dedupe_key = models.CharField(max_length=120, unique=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(
        null=True, blank=True, help_text=_("While being sent: a worker has it until then. While waiting: not before.")
    )
    last_error = models.CharField(max_length=200, blank=True)
    message_id = models.CharField(max_length=200, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        ordering = ["-due_at"]
        indexes = [
            models.Index(
                fields=["due_at"], condition=models.Q(state__in=["pending", "sending"]), name="message_waiting"
            ),
            models.Index(fields=["-due_at"], name="message_by_due"),
            models.Index(fields=["client", "-due_at"]),
            models.Index(fields=["about_id"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(client__isnull=False) | models.Q(recipient__isnull=False),
                name="message_is_for_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} {self.due_at:%Y-%m-%d %H:%M}"

    @property
    def is_waiting(self) -> bool:
        return self.state in (self.State.PENDING, self.State.SENDING)

    @property
    def opened_at(self) -> dt.datetime | None:
        """When the client first used the link of this mail, as far as it was sent by then."""
        opened = self.link.opened_at if self.link else None
        return opened if opened and self.sent_at and opened >= self.sent_at else None

    @property
    def masked_body(self) -> str:
        """The text as staff may read it: the client's secret link is named, not shown."""
        return self.body.replace("{link}", gettext("[the person's own link]"))
