"""How a practice takes bookings."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.core.models import TimestampedModel
from clinic.people.models import User
from scheduling.models.service import Service
from scheduling.querysets import DailyLimitQuerySet


class BookingRules(TimestampedModel):
    """One row for the practice; without one, what stands here as default."""

    class WaitlistMode(models.TextChoices):
        ONE_BY_ONE = "one-by-one", _("One after another")
        ALL_AT_ONCE = "all-at-once", _("All at once, the first to confirm has it")

    only = models.BooleanField(default=True, editable=False, unique=True)
    slot_step_minutes = models.PositiveSmallIntegerField(_("times begin every, minutes"), default=15)
    is_online_open = models.BooleanField(_("online booking is open"), default=True)
    online_notice_hours = models.PositiveSmallIntegerField(_("booked online at least, hours before"), default=2)
    online_horizon_days = models.PositiveSmallIntegerField(_("booked online at most, days ahead"), default=60)
    hold_minutes = models.PositiveSmallIntegerField(_("a chosen time is held for, minutes"), default=10)
    open_bookings_per_client = models.PositiveSmallIntegerField(_("visits a client may have ahead"), default=3)
    bookings_per_address_per_day = models.PositiveSmallIntegerField(
        _("online bookings from one network address a day"), default=10
    )
    embedded_at = ArrayField(
        models.CharField(max_length=200),
        verbose_name=_("web sites that may show the booking page"),
        default=list,
        blank=True,
        help_text=_("Origins such as https://www.example.org"),
    )
    waitlist_mode = models.CharField(
        _("a slot that comes free is offered"), max_length=11, choices=WaitlistMode, default=WaitlistMode.ONE_BY_ONE
    )
    waitlist_hold_minutes = models.PositiveSmallIntegerField(_("an offer holds for, minutes"), default=60)
    is_waitlist_automatic = models.BooleanField(_("offered without being asked"), default=True)

    class Meta:
        verbose_name = _("booking rules")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(slot_step_minutes__in=[5, 10, 15, 20, 30, 60]), name="slot_step_divides_the_hour"
            ),
            models.CheckConstraint(
                condition=models.Q(hold_minutes__gte=1, waitlist_hold_minutes__gte=1), name="holds_last_a_while"
            ),
        ]

    def __str__(self) -> str:
        return str(_("booking rules"))

    @classmethod
    def current(cls) -> Self:
        """The practice's row, or the defaults, unsaved. 1 query."""
        found: Self | None = cls._default_manager.first()  # type: ignore[assignment]
        return found or cls()


class DailyLimit(TimestampedModel):
    """At most so many visits a day with a therapist: of one service, or in all."""

    therapist = models.ForeignKey(
        User, verbose_name=_("therapist"), on_delete=models.CASCADE, related_name="daily_limits"
    )
    service = models.ForeignKey(
        Service,
        verbose_name=_("service"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="daily_limits",
        help_text=_("Empty: all of them together."),
    )
    visits = models.PositiveSmallIntegerField(_("visits a day"))

    objects = DailyLimitQuerySet.as_manager()

    class Meta:
        verbose_name = _("daily limit")
        constraints = [
            models.UniqueConstraint(
                fields=["therapist", "service"], name="daily_limit_is_said_once", nulls_distinct=False
            ),
            models.CheckConstraint(condition=models.Q(visits__gte=1), name="daily_limit_leaves_one"),
        ]

    def __str__(self) -> str:
        return f"{self.visits}"
