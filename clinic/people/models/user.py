import uuid
from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from clinic.core.models import UUIDModel
from clinic.people.models.practice import Location
from clinic.people.querysets import UserQuerySet


class Role(models.TextChoices):
    OWNER = "owner", _("Owner")
    THERAPIST = "therapist", _("Therapist")
    FRONT_DESK = "front_desk", _("Front desk")


class UserManager(BaseUserManager["User"].from_queryset(UserQuerySet)):  # type: ignore[misc]
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user: User = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save()
        return user


class User(AbstractBaseUser, UUIDModel):
    """Someone who works here. Signs in by e-mail."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    is_active = models.BooleanField(_("active"), default=True)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)
    sessions_version = models.PositiveIntegerField(default=0, editable=False)
    deactivated_at = models.DateTimeField(null=True, blank=True, editable=False)
    locations = models.ManyToManyField(Location, verbose_name=_("locations"), related_name="staff", blank=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = _("staff member")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Sessions hold this hash: a new password or a raised `sessions_version` ends all of them, for good."""
        value = f"{self.password}:{self.sessions_version}"
        return salted_hmac("clinic.people.User.session", value, secret=secret, algorithm="sha256").hexdigest()

    @cached_property
    def roles(self) -> frozenset[str]:
        return frozenset(row.role for row in self.role_rows.all())

    @cached_property
    def location_ids(self) -> list[uuid.UUID]:
        return [location.pk for location in self.locations.all()]

    @property
    def is_owner(self) -> bool:
        return Role.OWNER in self.roles

    @property
    def is_therapist(self) -> bool:
        return Role.THERAPIST in self.roles

    @property
    def initials(self) -> str:
        parts = self.name.split()
        return "".join(part[0] for part in (parts[:1] + parts[1:][-1:])).upper()

    @property
    def audit_id(self) -> uuid.UUID:
        return self.pk

    @property
    def audit_display(self) -> str:
        return f"{self.name} <{self.email}>"


class StaffRole(models.Model):
    """One role of one person; a person may hold several."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="role_rows")
    role = models.CharField(_("role"), max_length=12, choices=Role)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "role"], name="role_is_held_once"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="role_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"


class TherapistProfile(UUIDModel):
    """What only a therapist has: credentials, a column's colour."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="therapist_profile")
    credentials = models.CharField(_("credentials"), max_length=120, blank=True)
    colour = models.CharField(_("colour"), max_length=7, default="#0f5c50")
    is_bookable_online = models.BooleanField(_("bookable online"), default=True)
    supervisor = models.ForeignKey(
        User,
        verbose_name=_("co-signs the notes"),
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="supervised_profiles",
    )

    class Meta:
        verbose_name = _("therapist")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(supervisor__isnull=True) | ~models.Q(supervisor=models.F("user")),
                name="nobody_supervises_themselves",
            ),
        ]

    def __str__(self) -> str:
        return str(self.user)


class SigningPin(UUIDModel):
    """The short number a therapist signs with, on a device that is signed in already. Only its hash is kept."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="signing_pin")
    digest = models.CharField(max_length=128, editable=False)
    failures = models.PositiveSmallIntegerField(default=0, editable=False)
    locked_until = models.DateTimeField(null=True, blank=True, editable=False)
    set_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("signing PIN")

    def __str__(self) -> str:
        return str(self.user)
