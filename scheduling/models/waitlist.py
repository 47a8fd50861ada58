"""Who would come if something came free, and what they were offered."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from clinic.core.models import TimestampedModel, UUIDModel
from clinic.messaging.models import ClientLink
from clinic.people.models import Client, Location, User
from scheduling.models.appointment import Appointment
from scheduling.models.availability import Weekly
from scheduling.models.holds import SlotHold
from scheduling.models.service import Service
from scheduling.querysets import WaitlistEntryQuerySet, WaitlistOfferQuerySet


class WaitlistEntry(TimestampedModel):
    """What a client would come for, and when."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        OFFERED = "offered", _("Offered a time")
        BOOKED = "booked", _("Booked")
        WITHDRAWN = "withdrawn", _("Taken off")

    class Priority(models.IntegerChoices):
        NORMAL = 0, _("Normal")
        SOON = 1, _("Soon")
        URGENT = 2, _("Urgent")

    client = models.ForeignKey(Client, on_delete=models.RESTRICT, related_name="waitlist_entries")
    service = models.ForeignKey(Service, on_delete=models.RESTRICT, related_name="waitlist_entries")
    therapists = models.ManyToManyField(User, blank=True, related_name="+", help_text=_("None: anyone"))
    locations = models.ManyToManyField(Location, blank=True, related_name="+", help_text=_("None: anywhere"))
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority, default=Priority.NORMAL)
    earliest_on = models.DateField(_("from"))
    latest_on = models.DateField(_("until"), null=True, blank=True)
    notice_minutes = models.PositiveSmallIntegerField(_("can be here within, minutes"), default=60)
    note = models.CharField(_("note for the desk"), max_length=200, blank=True)
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    replaces = models.ForeignKey(
        Appointment, null=True, blank=True, on_delete=models.SET_NULL, related_name="+",
        help_text=_("A later visit that is given up when an earlier time is taken"),
    )  # fmt: skip
    appointment = models.ForeignKey(
        Appointment, null=True, blank=True, on_delete=models.SET_NULL, related_name="waited_for"
    )
    added_by = models.ForeignKey(User, null=True, on_delete=models.RESTRICT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = WaitlistEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("waitlist entry")
        verbose_name_plural = _("waitlist entries")
        ordering = ["-priority", "created_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(latest_on=None) | models.Q(latest_on__gte=models.F("earliest_on")),
                name="waitlist_entry_starts_before_it_ends",
            ),
        ]
        indexes = [
            models.Index(
                fields=["service", "earliest_on"], condition=models.Q(state="waiting"), name="waitlist_still_waiting"
            )
        ]

    def __str__(self) -> str:
        return f"{self.service} {self.earliest_on:%Y-%m-%d}"


class WaitlistWindow(UUIDModel):
    """A part of the week that suits; an entry without any is free all week."""

    entry = models.ForeignKey(WaitlistEntry, on_delete=models.CASCADE, related_name="windows")
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekly.Weekday)
    starts_at = models.TimeField(_("from"))
    ends_at = models.TimeField(_("until"))

    class Meta:
        verbose_name = _("window")
        ordering = ["weekday", "starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(starts_at__lt=models.F("ends_at")), name="waitlist_window_starts_before_it_ends"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.starts_at:%H:%M}–{self.ends_at:%H:%M}"


class WaitlistOffer(TimestampedModel):
    """A held slot as it was offered to one client. Of those who share a hold, the first to confirm has it."""

    class State(models.TextChoices):
        OPEN = "open", _("Offered")
        ACCEPTED = "accepted", _("Taken")
        DECLINED = "declined", _("Declined")
        EXPIRED = "expired", _("Not answered")
        GONE = "gone", _("Taken by somebody else")
        WITHDRAWN = "withdrawn", _("Taken back")

    entry = models.ForeignKey(WaitlistEntry, on_delete=models.RESTRICT, related_name="offers")
    hold = models.ForeignKey(SlotHold, on_delete=models.RESTRICT, related_name="offers")
    link = models.ForeignKey(ClientLink, null=True, blank=True, on_delete=models.RESTRICT, related_name="+")
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    offered_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    offered_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.RESTRICT, related_name="+", help_text=_("Empty: by itself")
    )

    objects = WaitlistOfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("waitlist offer")
        ordering = ["offered_at"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "hold"], name="slot_is_offered_to_an_entry_once"),
            models.UniqueConstraint(
                fields=["hold"], condition=models.Q(state="accepted"), name="offered_slot_is_taken_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.expires_at:%Y-%m-%d %H:%M}"
