from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.core.models import TimestampedModel
from clinic.people.models import Practice, User
from scheduling.querysets import ServiceQuerySet


class Service(TimestampedModel):
    """What can be booked."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    duration_minutes = models.PositiveSmallIntegerField(_("minutes"))
    buffer_minutes = models.PositiveSmallIntegerField(_("minutes kept free after"), default=0)
    colour = models.CharField(_("colour"), max_length=7, default="#0f5c50")
    price_cents = models.PositiveIntegerField(_("price, cents"), default=0)
    currency = models.CharField(_("currency"), max_length=3, default="USD")
    therapists = models.ManyToManyField(User, verbose_name=_("offered by"), related_name="services", blank=True)
    room_equipment = models.JSONField(_("equipment the room needs"), default=list, blank=True)
    forms = models.JSONField(_("forms asked before the visit"), default=list, blank=True)
    is_first_visit = models.BooleanField(_("for new clients"), default=False)
    is_for_new_clients_only = models.BooleanField(_("for new clients only"), default=False)
    notice_hours = models.PositiveSmallIntegerField(
        _("booked online at least, hours before"), null=True, blank=True, help_text=_("Empty: as the practice.")
    )
    cancellation_notice_hours = models.PositiveSmallIntegerField(
        _("free cancellation until, hours before"), null=True, blank=True, help_text=_("Empty: as the practice.")
    )
    policy = models.TextField(_("policy, shown before it is booked online"), blank=True)
    is_bookable_online = models.BooleanField(_("bookable online"), default=True)
    is_active = models.BooleanField(_("active"), default=True)

    objects = ServiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("service")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(duration_minutes__gte=5, duration_minutes__lte=480),
                name="service_takes_5_minutes_to_8_hours",
            ),
            models.CheckConstraint(
                condition=models.Q(is_for_new_clients_only=False) | models.Q(is_first_visit=True),
                name="service_only_for_new_clients_is_for_new_clients",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def cancellation_notice(self, practice: Practice | None) -> int:
        """Until how many hours before cancelling costs nothing: the service's own word, or the practice's."""
        if self.cancellation_notice_hours is not None:
            return self.cancellation_notice_hours
        return practice.cancellation_notice_hours if practice else 0
