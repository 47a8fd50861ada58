"""Who hears of an emergency answer: the responsible person at once, more people while nobody acknowledges it.

Mails carry clinic, time and link, never a name or a health fact.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from clinic.audit import services as audit
from clinic.core.errors import Refused
from clinic.messaging.models import Purpose
from clinic.messaging.services import enqueue, void
from clinic.people.models import Location, Role, User
from clinic.people.permissions import Permission, require
from intake.models import FlagWatch, RedFlag, Response
from intake.rules import Urgency

LONGEST_MINUTES, SHORTEST_MINUTES = 1440, 5
THERAPISTS, OWNERS = 1, 2  # levels of escalation
PURPOSES: list[str] = [Purpose.STAFF_FLAG, Purpose.FLAG_ESCALATED]


def tell_staff(response: Response, raised: Iterable[RedFlag]) -> None:
    """A mail to each responsible person for each emergency; the same answer saved again writes none."""
    emergencies = [flag for flag in raised if flag.urgency == Urgency.EMERGENCY]
    people = responsible_for(response) if emergencies else []
    for flag in emergencies:
        _write(flag, people, Purpose.STAFF_FLAG, flag.raised_at, location_of(response))


def responsible_for(response: Response) -> list[User]:
    """The location's responsible person and whoever treats the client; without either, the owners and who asked."""
    invitation = response.invitation
    watch = FlagWatch.objects.filter(location=location_of(response)).first()
    named = {watch.responsible_id if watch else None, invitation.responsible_id if invitation else None}
    people = list(User.objects.active().filter(pk__in=named))
    if people:
        return people
    asked = invitation.created_by_id if invitation else None
    return list((_owners() | User.objects.active().filter(pk=asked)).distinct())


def location_of(response: Response) -> Location:
    """Where the form was asked for; otherwise where the client comes to."""
    if response.invitation:
        return response.invitation.location
    return response.client.locations.order_by("created_at").first() or Location.objects.earliest("created_at")


@transaction.atomic
def escalate_flags(*, now: dt.datetime) -> int:
    """Tell more people of each emergency that waits too long: therapists first, then owners. Returns how many flags.

    Idempotent: a flag whose time has not come is left alone, one that another worker holds is left to it.
    """
    flags = (
        RedFlag.objects.unacknowledged()
        .filter(urgency=Urgency.EMERGENCY, escalation_level__lt=OWNERS)
        .select_for_update(of=("self",), skip_locked=True)
        .select_related("client", "response__client", "response__invitation__location")
        .order_by("raised_at")
    )
    waits = dict(FlagWatch.objects.values_list("location", "escalate_after_minutes"))
    due = [flag for flag in flags if now >= _due_at(flag, waits)]
    for flag in due:
        _escalate(flag, now)
    return len(due)


@transaction.atomic
def set_flag_watch(*, location: Location, responsible: User | None, escalate_after_minutes: int, by: User) -> FlagWatch:
    """Who answers for red flags at a location, and when others are told. Raises NotAllowed, Missing, Refused."""
    require(by, Permission.MANAGE_SETTINGS, location)
    if not SHORTEST_MINUTES <= escalate_after_minutes <= LONGEST_MINUTES:
        raise Refused(_("Choose between 5 minutes and a day."), code="bad-minutes")
    if responsible and not (
        responsible.is_active and (responsible.is_owner or location.pk in responsible.location_ids)
    ):
        raise Refused(_("%(name)s does not work there.") % {"name": responsible.name}, code="not-at-location")
    watch, _is_new = FlagWatch.objects.update_or_create(
        location=location,
        defaults={"responsible": responsible, "escalate_after_minutes": escalate_after_minutes},
    )
    audit.record(by, "flag-watch.changed", location, changes={"minutes": escalate_after_minutes})
    return watch


def watchers(location: Location) -> QuerySet[User]:
    """Who can answer for a location: whoever works there, and the owners."""
    people: QuerySet[User] = User.objects.active()
    return people.filter(Q(locations=location) | Q(role_rows__role=Role.OWNER)).distinct()


def take_back_mails(flag: RedFlag) -> None:
    """Somebody acted: what still waits to be sent about this flag is not sent."""
    void(about_id=flag.pk, purposes=PURPOSES, reason=_("acknowledged"))


def _due_at(flag: RedFlag, waits: Mapping[UUID, int]) -> dt.datetime:
    standard = FlagWatch._meta.get_field("escalate_after_minutes").default
    minutes = waits.get(location_of(flag.response).pk, standard)
    return (flag.escalated_at or flag.raised_at) + dt.timedelta(minutes=minutes)


def _escalate(flag: RedFlag, now: dt.datetime) -> None:
    flag.escalation_level, flag.escalated_at = flag.escalation_level + 1, now
    flag.save(update_fields=["escalation_level", "escalated_at", "updated_at"])
    location = location_of(flag.response)
    if flag.escalation_level == THERAPISTS:
        there = User.objects.therapists().filter(locations=location)
        people = {user.pk: user for user in [*responsible_for(flag.response), *there]}
    else:
        people = {user.pk: user for user in _owners()}
    _write(flag, people.values(), Purpose.FLAG_ESCALATED, now, location)
    changes = {"level": flag.escalation_level, "told": len(people)}
    audit.record(None, "flag.escalated", flag, client=flag.client, changes=changes)


def _write(flag: RedFlag, people: Iterable[User], purpose: Purpose, at: dt.datetime, location: Location) -> None:
    for user in people:
        enqueue(
            purpose=purpose,
            dedupe_key=f"{purpose}:{flag.pk}:{user.pk}:{int(at.timestamp())}",
            location=location,
            recipient=user,
            about_id=flag.pk,
        )


def _owners() -> QuerySet[User]:
    people: QuerySet[User] = User.objects.active()
    return people.filter(role_rows__role=Role.OWNER)
