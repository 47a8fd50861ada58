"""Who works here: inviting, changing, letting go. A member is never deleted: what they did stays theirs."""

from collections.abc import Collection, Mapping
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext as _

from clinic.audit import services as audit
from clinic.core import clock
from clinic.core.errors import Refused
from clinic.people.models import Practice, Role, StaffRole, TherapistProfile, User
from clinic.people.permissions import Permission, require
from clinic.people.services.changes import apply

OWN_FIELDS = ("name", "email")
PROFILE_FIELDS = ("credentials", "colour", "supervisor", "is_bookable_online")


@transaction.atomic
def invite(*, values: Mapping[str, Any], by: User) -> User:
    """A new member without a password; the mailed link sets it. Raises NotAllowed, Refused."""
    require(by, Permission.MANAGE_STAFF)
    _refuse_taken(values["email"])
    member = User.objects.create_user(values["email"], None, name=values["name"])
    _set_roles(member, values["roles"])
    _set_profile(member, values)
    member.locations.set(values["locations"])
    audit.record(by, "staff.invited", member, changes={"roles": sorted(values["roles"])})
    return member


@transaction.atomic
def update_member(*, member: User, values: Mapping[str, Any], by: User) -> User:
    """Change name, e-mail, roles, locations and profile. Raises NotAllowed, Missing, Refused."""
    require(by, Permission.MANAGE_STAFF, member)
    member = _locked(member)
    roles = set(values["roles"])
    if roles != member.roles:
        _check_roles(member, roles, by=by)
    changed = _set_person(member, values)
    if roles != member.roles:
        audit.record(by, "staff.roles-changed", member, changes={"from": sorted(member.roles), "to": sorted(roles)})
        _set_roles(member, roles)
    changed += _set_profile(member, values)
    if {place.pk for place in values["locations"]} != set(member.location_ids):
        member.locations.set(values["locations"])
        changed.append("locations")
    if changed:
        audit.record(by, "staff.updated", member, changes=changed)
    fresh: User = User.objects.get(pk=member.pk)
    return fresh


@transaction.atomic
def deactivate(*, member: User, by: User) -> User:
    """Close the account: every session and calendar feed ends at once and for good. Raises NotAllowed, Refused."""
    require(by, Permission.MANAGE_STAFF, member)
    member = _locked(member)
    if member.pk == by.pk:
        raise Refused(_("You cannot close your own account. Ask another owner."), code="own-account")
    _keep_an_owner(without=member)
    member.is_active = False
    member.sessions_version += 1
    member.deactivated_at = clock.now()  # secrets from before stay dead when the account is opened again
    member.save(update_fields=["is_active", "sessions_version", "deactivated_at"])
    audit.record(by, "staff.deactivated", member)
    return member


@transaction.atomic
def reactivate(*, member: User, by: User) -> User:
    """Open the account again; sessions from before stay ended."""
    require(by, Permission.MANAGE_STAFF, member)
    member = _locked(member)
    if not member.is_active:
        member.is_active = True
        member.save(update_fields=["is_active"])
        audit.record(by, "staff.reactivated", member)
    return member


@transaction.atomic
def remove_second_factor(*, member: User, by: User) -> User:
    """For a member who lost phone and codes: they enrol anew at the next sign-in."""
    require(by, Permission.MANAGE_STAFF, member)
    member = _locked(member)
    if member.pk == by.pk:
        raise Refused(_("Change your own second factor on your account's page."), code="own-account")
    Authenticator.objects.filter(user_id=member.pk).delete()
    member.sessions_version += 1
    member.save(update_fields=["sessions_version"])
    audit.record(by, "staff.second-factor-removed", member)
    return member


@transaction.atomic
def rename(*, name: str, by: User) -> User:
    """A member's own name. Raises NotAllowed, Refused."""
    require(by, Permission.OWN_ACCOUNT)
    member = _locked(by)
    if apply(member, {"name": name}):
        audit.record(by, "account.renamed", member)
    return member


def _locked(member: User) -> User:
    """The row, and first the practice's, as the one lock of all changes to staff: two owners cannot drop each other."""
    list(Practice.objects.select_for_update())
    locked: User = User.objects.select_for_update().get(pk=member.pk)
    return locked


def _check_roles(member: User, roles: Collection[str], *, by: User) -> None:
    if Role.OWNER in roles or not member.is_owner:
        return
    if member.pk == by.pk:
        raise Refused(_("You cannot give up your own owner role. Ask another owner."), code="own-role")
    _keep_an_owner(without=member)


def _keep_an_owner(*, without: User) -> None:
    others = User.objects.active().filter(role_rows__role=Role.OWNER).exclude(pk=without.pk)
    if without.is_owner and not others.exists():
        raise Refused(_("The practice needs an owner. Make somebody else one first."), code="last-owner")


def _set_person(member: User, values: Mapping[str, Any]) -> list[str]:
    """Name and e-mail. With a new address the old one must not open the account any more."""
    email = values["email"].strip().lower()
    if email != member.email:
        _refuse_taken(email)
        EmailAddress.objects.filter(user_id=member.pk).delete()
    return apply(member, {"name": values["name"], "email": email})


def _refuse_taken(email: str) -> None:
    if User.objects.filter(email=email.strip().lower()).exists():
        raise Refused(_("Somebody here already signs in with this e-mail."), code="email-taken")


def _set_roles(member: User, roles: Collection[str]) -> None:
    if not roles:
        raise Refused(_("Choose at least one role."), code="no-role")
    member.role_rows.exclude(role__in=roles).delete()
    for role in sorted(set(roles) - {row.role for row in member.role_rows.all()}):
        StaffRole.objects.create(user=member, role=role)


def _set_profile(member: User, values: Mapping[str, Any]) -> list[str]:
    """A therapist's column; kept when the role goes, for the history."""
    if Role.THERAPIST not in values["roles"]:
        return []
    profile, _is_new = TherapistProfile.objects.get_or_create(user=member)
    return apply(profile, {name: values[name] for name in PROFILE_FIELDS if name in values})
