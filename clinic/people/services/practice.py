"""Changing the practice itself, and opening it on the first day."""

from collections.abc import Mapping
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from clinic.audit import services as audit
from clinic.core.errors import Missing
from clinic.people import logos
from clinic.people.models import Location, Practice, Role, StaffRole, User
from clinic.people.permissions import Permission, require
from clinic.people.services.changes import apply


@transaction.atomic
def update_practice(*, values: Mapping[str, Any], by: User) -> Practice:
    """Change name, contact, policies and plans. Raises NotAllowed, Refused."""
    require(by, Permission.MANAGE_SETTINGS)
    practice = Practice.objects.select_for_update().get()
    changed = apply(practice, values)
    if changed:
        audit.record(by, "practice.updated", practice, changes=changed)
    return practice


@transaction.atomic
def set_logo(*, upload: bytes, by: User) -> Practice:
    """Keep the picture as a PNG drawn anew, so that nothing but pixels survives. Raises Refused for anything else."""
    require(by, Permission.MANAGE_SETTINGS)
    practice = Practice.objects.select_for_update().get()
    practice.logo.save("logo.png", ContentFile(logos.logo_from(upload)), save=False)
    practice.save(update_fields=["logo", "updated_at"])
    audit.record(by, "practice.updated", practice, changes=["logo"])
    return practice


@transaction.atomic
def remove_logo(*, by: User) -> Practice:
    require(by, Permission.MANAGE_SETTINGS)
    practice = Practice.objects.select_for_update().get()
    if practice.logo:
        practice.logo.delete(save=False)
        practice.save(update_fields=["logo", "updated_at"])
        audit.record(by, "practice.updated", practice, changes=["logo"])
    return practice


@transaction.atomic
def open_practice(
    *, practice: Mapping[str, Any], location: Mapping[str, Any], owner: Mapping[str, Any], password: str
) -> User:
    """The first run: practice, first location and owner at once. Raises Missing when there is a practice already."""
    opened, is_new = Practice.objects.get_or_create(only=True, defaults=dict(practice))
    if not is_new:
        raise Missing(_("This practice is set up already."))
    place = Location()
    apply(place, location)
    user = User.objects.create_user(owner["email"], password, name=owner["name"])
    StaffRole.objects.create(user=user, role=Role.OWNER)
    user.locations.add(place)
    audit.record(user, "practice.opened", opened)
    return user
