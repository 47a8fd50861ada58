"""Moves a visit for the client who holds its link."""

import datetime as dt

from django.utils.translation import gettext as _

from clinic.core import clock
from clinic.core.errors import Conflict, DomainError, Refused
from clinic.messaging.models import ClientLink
from clinic.people.models import Practice
from scheduling import online
from scheduling.models import Appointment, BookingRules
from scheduling.online import Wanted
from scheduling.rules.status import is_free_to_cancel
from scheduling.services.moving import move
from scheduling.services.transactions import retried

# Who has arrived is here, and talks to the desk.
MOVED_BY_CLIENTS = frozenset({"held", "booked", "confirmed"})


def wanted_for(appointment: Appointment, rules: BookingRules) -> Wanted:
    """The same service with the same therapist at the same place, at another time."""
    return Wanted(appointment.service, appointment.location, rules, therapist=appointment.therapist, moving=appointment)


def check_movable(appointment: Appointment, rules: BookingRules) -> DomainError | None:
    """Why the client cannot move it here; None when they can. 2 queries.

    Later than the notice for cancelling it is not moved here, or moving would be the way round a late cancellation.
    """
    now = clock.now()
    if appointment.status not in MOVED_BY_CLIENTS or appointment.starts_at <= now:
        return Refused(_("This visit cannot be moved any more. Please call us."), code="not-movable")
    notice = appointment.service.cancellation_notice(Practice.objects.first())
    if not is_free_to_cancel(appointment.starts_at, now, notice):
        return Refused(_("The visit is too soon to be moved here. Please call us."), code="too-late")
    is_open = rules.is_online_open and appointment.service.is_bookable_online
    if not is_open or not online.therapists().filter(pk=appointment.therapist_id).exists():
        return Refused(_("This visit is moved by telephone only. Please call us."), code="not-online")
    return None


@retried
def move_by_link(
    *, link: ClientLink, appointment: Appointment, starts_at: dt.datetime, version: int | None, rules: BookingRules
) -> Appointment:
    """The client moves. To where it is already: nothing changes. Raises Refused, Conflict, StaleVersion."""
    if starts_at == appointment.starts_at and appointment.is_active:
        return appointment
    if refusal := check_movable(appointment, rules):
        raise refusal
    if online.slot_at(wanted_for(appointment, rules), starts_at) is None:
        raise Conflict(_("That time is not free any more. Choose another one."), code="clash")
    return move(appointment=appointment, starts_at=starts_at, actor=link, version=version)
