"""A time that is kept for somebody who has not confirmed it yet."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.core.models import TimestampedModel
from clinic.people.models import Client, Location, Room, User
from scheduling.models.appointment import Appointment
from scheduling.models.service import Service
from scheduling.querysets import SlotHoldQuerySet


class SlotHold(TimestampedModel):
    """Keeps a therapist and a room until `expires_at`, without a client's name.

    It is no appointment: whoever books takes the locks of the therapist and the room first and finds it here. Holds
    exclude each other while they are not released; a hold that ran out is released by the next one who wants its time.
    """

    class Cause(models.TextChoices):
        ONLINE = "online", _("Being booked online")
        WAITLIST = "waitlist", _("Offered to the waitlist")

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="holds")
    therapist = models.ForeignKey(User, on_delete=models.CASCADE, related_name="holds")
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="holds")
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="holds")
    client = models.ForeignKey(Client, null=True, blank=True, on_delete=models.CASCADE, related_name="holds")
    during = DateTimeRangeField(help_text=_("[start, end) in UTC"))
    occupies = DateTimeRangeField(help_text=_("`during` and the buffer after it"))
    cause = models.CharField(max_length=8, choices=Cause)
    expires_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True, blank=True)
    appointment = models.ForeignKey(
        Appointment,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="holds",
        help_text=_("What it became"),
    )
    token_digest = models.CharField(max_length=64, blank=True, help_text=_("Whose it is, while nobody is known"))
    address_digest = models.CharField(max_length=64, blank=True, help_text=_("The network address it came from, keyed"))

    objects = SlotHoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("hold")
        ordering = ["during"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(occupies__contains=models.F("during")), name="hold_occupies_its_time"
            ),
            *(
                ExclusionConstraint(
                    name=f"{who}_is_held_once",
                    expressions=[(who, RangeOperators.EQUAL), ("occupies", RangeOperators.OVERLAPS)],
                    condition=models.Q(released_at__isnull=True),
                )
                for who in ("therapist", "room")
            ),
        ]
        indexes = [
            models.Index(fields=["address_digest", "created_at"], name="hold_by_address"),
            models.Index(fields=["expires_at"], condition=models.Q(released_at=None), name="hold_to_expire"),
        ]

    def __str__(self) -> str:
        return f"{self.service} {self.during.lower:%Y-%m-%d %H:%M}"
