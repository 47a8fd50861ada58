"""Check-in, start, finish, no-show, confirmation: one tap each."""

from django.utils.translation import gettext as _

from clinic.audit import services as audit
from clinic.audit.services import Actor
from clinic.core import clock
from clinic.core.errors import Refused
from clinic.messaging.models import ClientLink
from clinic.people.models import User
from clinic.people.permissions import Permission, require
from scheduling.models import Appointment
from scheduling.rules.status import INACTIVE, check_transition
from scheduling.services import clashes, mails
from scheduling.services.booking import place
from scheduling.services.locks import lock_appointment
from scheduling.services.moving import check_version
from scheduling.services.transactions import retried

_BY_TAP = frozenset({"confirmed", "arrived", "in-session", "completed", "no-show"})
# Which instant a status records; a later one fills in what was skipped.
_STAMPS = {"arrived": ["arrived_at"], "in-session": ["arrived_at", "started_at"], "completed": ["ended_at"]}


@retried
def set_status(*, appointment: Appointment, status: str, by: User, version: int | None = None) -> Appointment:
    """Say where the visit stands. Raises Refused for a step that cannot be, StaleVersion when somebody was first."""
    require(by, Permission.BOOK, appointment)
    return _set(appointment, status=status, actor=by, version=version)


@retried
def confirm_by_link(*, link: ClientLink, appointment: Appointment) -> Appointment:
    """The client says they will come. Confirming twice changes nothing."""
    if appointment.status == Appointment.Status.CONFIRMED:
        return appointment
    if appointment.starts_at <= clock.now():
        raise Refused(_("This appointment has begun already."), code="too-late")
    return _set(appointment, status="confirmed", actor=link, version=None)


def _set(appointment: Appointment, *, status: str, actor: Actor, version: int | None) -> Appointment:
    if status not in _BY_TAP:
        raise Refused(_("That is not a step of a visit."), code="transition-refused")
    appointment = lock_appointment(appointment)
    check_version(appointment, version)
    now = clock.now()
    check_transition(appointment.status, status, starts_at=appointment.starts_at, now=now, zone=appointment.zone)
    before = appointment.status
    appointment.previous = {"status": before}
    appointment.status = status
    for stamp in _STAMPS.get(status, []):
        if getattr(appointment, stamp) is None:
            setattr(appointment, stamp, now)
    appointment.version += 1
    _save(appointment, before, actor)
    if status != "confirmed":
        mails.hush(appointment)
    audit.record(actor, f"appointment.{status}", appointment, client=appointment.client, changes=appointment.previous)
    return appointment


def _save(appointment: Appointment, before: str, actor: Actor) -> None:
    """Coming back from an inactive state takes the slot again; somebody else may have it. Raises Conflict."""
    if before in INACTIVE and appointment.status not in INACTIVE:
        place(appointment, clashes.wish_of(appointment, by=actor if isinstance(actor, User) else None))
    else:
        appointment.save()
