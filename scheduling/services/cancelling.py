"""Cancels: from the desk, or by the client's own link."""

from django.utils.translation import gettext as _

from clinic.audit import services as audit
from clinic.audit.services import Actor
from clinic.core import clock
from clinic.core.errors import Refused
from clinic.messaging.models import ClientLink, Purpose
from clinic.people.models import Practice, User
from clinic.people.permissions import Permission, require
from scheduling.models import Appointment
from scheduling.rules.status import CANCELLABLE, cancelled_status
from scheduling.services import asking, mails
from scheduling.services.freed import Freed, slot_came_free
from scheduling.services.locks import lock, lock_appointment
from scheduling.services.moving import check_version
from scheduling.services.transactions import retried


@retried
def cancel_appointment(
    *, appointment: Appointment, by: User, reason: str = "", cancelled_by: str = "", version: int | None = None
) -> Appointment:
    """Cancel; late when the notice that the service or practice asks for has passed. Raises Refused, StaleVersion.

    cancelled_by: who cannot make it, the client or the clinic. What the clinic cancels is never late.
    """
    require(by, Permission.BOOK, appointment)
    return cancel(appointment, actor=by, reason=reason, cancelled_by=cancelled_by, version=version)


@retried
def cancel_by_link(*, link: ClientLink, appointment: Appointment) -> Appointment:
    """The client cancels. Raises Refused once the visit has begun; cancelling twice changes nothing."""
    if not appointment.is_active:
        return appointment
    if appointment.starts_at <= clock.now():
        raise Refused(_("It is too late to cancel here. Please call the clinic."), code="too-late")
    client = Appointment.CancelledBy.CLIENT
    return cancel(appointment, actor=link, reason=_("by the client"), cancelled_by=client)


def cancel(
    appointment: Appointment,
    *,
    actor: Actor,
    reason: str,
    cancelled_by: str = "",
    version: int | None = None,
    is_told: bool = True,
) -> Appointment:
    """Cancel for whoever was let in already. `is_told=False`: the caller writes the mail.

    What comes free is offered in the same breath, so therapist and room are locked first, as booking does.
    """
    lock(therapists=[appointment.therapist], rooms=[appointment.room], client=appointment.client)
    appointment = lock_appointment(appointment)
    check_version(appointment, version)
    _close(
        appointment,
        actor=actor,
        reason=reason,
        cancelled_by=cancelled_by,
        notice_hours=appointment.service.cancellation_notice(Practice.objects.first()),
        is_told=is_told,
    )
    slot_came_free(Freed.of(appointment))
    return appointment


def give_up(appointment: Appointment, *, actor: Actor) -> Appointment:
    """Let go of a visit for an earlier one from the waitlist, which is never late. Raises Refused.

    Its place is locked by the caller, who says what becomes of it.
    """
    appointment = lock_appointment(appointment)
    _close(
        appointment,
        actor=actor,
        reason=_("for an earlier time"),
        cancelled_by=Appointment.CancelledBy.CLIENT,
        notice_hours=0,
        is_told=True,
    )
    return appointment


def _close(
    appointment: Appointment, *, actor: Actor, reason: str, cancelled_by: str, notice_hours: int, is_told: bool
) -> None:
    if appointment.status not in CANCELLABLE:
        raise Refused(_("This appointment cannot be cancelled any more."), code="not-cancellable")
    now = clock.now()
    appointment.previous = {"status": appointment.status}
    appointment.status = cancelled_status(starts_at=appointment.starts_at, now=now, notice_hours=notice_hours)
    if cancelled_by == Appointment.CancelledBy.CLINIC:
        appointment.status = Appointment.Status.CANCELLED
    appointment.cancelled_at = now
    appointment.cancel_reason, appointment.cancelled_by = reason, cancelled_by
    appointment.version += 1
    appointment.save()
    if is_told:
        mails.tell(appointment, Purpose.CANCELLED)
    else:
        mails.hush(appointment)
    asking.hush(appointment)
    audit.record(
        actor, f"appointment.{appointment.status}", appointment, client=appointment.client, changes=appointment.previous
    )
