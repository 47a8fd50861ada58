import datetime as dt
from zoneinfo import ZoneInfo

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.core.models import TimestampedModel
from clinic.people.models import Client, Location, Room, User
from intake.models import Invitation
from scheduling.models.series import Series
from scheduling.models.service import Service
from scheduling.querysets import AppointmentQuerySet
from scheduling.rules.status import INACTIVE, STATUSES


class Appointment(TimestampedModel):
    """A client with a therapist in a room for a while. The database itself refuses a second one there and then."""

    class Status(models.TextChoices):
        HELD = "held", _("Held")
        BOOKED = "booked", _("Booked")
        CONFIRMED = "confirmed", _("Confirmed")
        ARRIVED = "arrived", _("Arrived")
        IN_SESSION = "in-session", _("In session")
        COMPLETED = "completed", _("Completed")
        NO_SHOW = "no-show", _("No-show")
        CANCELLED = "cancelled", _("Cancelled")
        LATE_CANCELLED = "late-cancelled", _("Cancelled late")

    class Origin(models.TextChoices):
        DESK = "desk", _("Front desk")
        ONLINE = "online", _("Online")
        SERIES = "series", _("Series")
        WAITLIST = "waitlist", _("Waitlist")
        API = "api", _("Another program")

    class CancelledBy(models.TextChoices):
        CLIENT = "client", _("The client")
        CLINIC = "clinic", _("The clinic")

    client = models.ForeignKey(Client, on_delete=models.RESTRICT, related_name="appointments")
    service = models.ForeignKey(Service, on_delete=models.RESTRICT, related_name="appointments")
    therapist = models.ForeignKey(User, on_delete=models.RESTRICT, related_name="appointments")
    room = models.ForeignKey(Room, on_delete=models.RESTRICT, related_name="appointments")
    location = models.ForeignKey(Location, on_delete=models.RESTRICT, related_name="appointments")
    during = DateTimeRangeField(help_text=_("[start, end) in UTC"))
    occupies = DateTimeRangeField(help_text=_("`during` and the buffer after it"))
    status = models.CharField(max_length=14, choices=Status, default=Status.BOOKED)
    origin = models.CharField(max_length=8, choices=Origin, default=Origin.DESK)
    note = models.CharField(_("note for the desk"), max_length=200, blank=True)
    cancel_reason = models.CharField(_("reason"), max_length=200, blank=True)
    cancelled_by = models.CharField(
        _("who cannot make it"), max_length=6, choices=CancelledBy, blank=True, help_text=_("Empty: nobody said")
    )
    is_overlap_allowed = models.BooleanField(default=False)
    overlap_reason = models.CharField(max_length=200, blank=True)
    is_first_visit = models.BooleanField(default=False)
    invitation = models.ForeignKey(
        Invitation, null=True, blank=True, on_delete=models.RESTRICT, related_name="appointments"
    )
    series = models.ForeignKey(Series, null=True, blank=True, on_delete=models.RESTRICT, related_name="appointments")
    series_on = models.DateField(
        null=True, blank=True, help_text=_("The date its rule gave it; it keeps it when it is moved")
    )
    booked_by = models.ForeignKey(User, null=True, on_delete=models.RESTRICT, related_name="+")
    arrived_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    previous = models.JSONField(default=dict, blank=True, help_text=_("What the last change replaced, to take it back"))

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("appointment")
        ordering = ["during"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    during__isempty=False, during__startswith__isnull=False, during__endswith__isnull=False
                ),
                name="appointment_has_a_start_and_an_end",
            ),
            models.CheckConstraint(condition=models.Q(status__in=STATUSES), name="appointment_status_is_known"),
            models.CheckConstraint(
                condition=models.Q(occupies__contains=models.F("during")), name="appointment_occupies_its_time"
            ),
            models.CheckConstraint(
                condition=models.Q(is_overlap_allowed=False) | ~models.Q(overlap_reason=""), name="overlap_has_a_reason"
            ),
            *(
                ExclusionConstraint(
                    name=f"{who}_is_in_one_place_at_a_time",
                    expressions=[(who, RangeOperators.EQUAL), (period, RangeOperators.OVERLAPS)],
                    condition=~models.Q(status__in=["no-show", "cancelled", "late-cancelled"])
                    & models.Q(is_overlap_allowed=False),
                )
                for who, period in (("therapist", "occupies"), ("room", "occupies"), ("client", "during"))
            ),
        ]
        indexes = [
            GistIndex(fields=["location", "during"], name="appointment_at_location"),
            GistIndex(fields=["therapist", "during"], name="appointment_of_therapist"),
            GistIndex(fields=["room", "during"], name="appointment_in_room"),
            GistIndex(fields=["occupies"], condition=models.Q(is_overlap_allowed=True), name="appointment_let_overlap"),
            models.Index(fields=["client", "during"], name="appointment_of_client"),
            models.Index(fields=["location", "updated_at"], name="appointment_last_changed"),
        ]

    def __str__(self) -> str:
        return f"{self.service} {self.during.lower:%Y-%m-%d %H:%M}"

    @property
    def starts_at(self) -> dt.datetime:
        start: dt.datetime = self.during.lower
        return start

    @property
    def ends_at(self) -> dt.datetime:
        end: dt.datetime = self.during.upper
        return end

    @property
    def zone(self) -> ZoneInfo:
        return self.location.zone

    @property
    def is_active(self) -> bool:
        return self.status not in INACTIVE

    @property
    def buffer(self) -> dt.timedelta:
        """How long therapist and room stay taken after it."""
        buffer: dt.timedelta = self.occupies.upper - self.during.upper
        return buffer

    @property
    def duration_minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds() // 60)


class BookingRequest(models.Model):
    """One press of the Book button, so that pressing it twice books once."""

    key = models.UUIDField(primary_key=True)
    fingerprint = models.CharField(max_length=64)
    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="requests")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("booking request")

    def __str__(self) -> str:
        return str(self.key)
