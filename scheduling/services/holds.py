"""Keeps a time for somebody who has not confirmed it yet, and lets it go."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from clinic.core import clock
from clinic.core.errors import Conflict, Refused
from clinic.people.models import Client, Room, User
from scheduling.models import Appointment, Service, SlotHold
from scheduling.querysets import takes
from scheduling.services import checks, clashes
from scheduling.services.clashes import Wish
from scheduling.services.locks import lock
from scheduling.services.transactions import EXCLUSION_VIOLATION, retried, sqlstate


@retried
def hold_slot(
    *,
    service: Service,
    therapist: User,
    room: Room,
    starts_at: dt.datetime,
    cause: str,
    expires_at: dt.datetime,
    client: Client | None = None,
    token_digest: str = "",
    address_digest: str = "",
) -> SlotHold:
    """Keep a therapist and a room until `expires_at`.

    Raises Refused (not offered, not working, in the past), Conflict `held` when it is kept for somebody else, `clash`
    when it is booked already.
    """
    checks.check_when(starts_at, room.location)
    lock(therapists=[therapist], rooms=[room], client=client)
    checks.check_offer(service, therapist, room)
    length = dt.timedelta(minutes=service.duration_minutes)
    occupies = DateTimeTZRange(starts_at, starts_at + length + dt.timedelta(minutes=service.buffer_minutes))
    checks.check_room_open(room, (occupies.lower, occupies.upper))
    checks.check_working(therapist, room.location, (starts_at, starts_at + length))
    _check_free(therapist, room, occupies)
    hold = SlotHold(
        service=service,
        therapist=therapist,
        room=room,
        location=room.location,
        client=client,
        during=DateTimeTZRange(starts_at, starts_at + length),
        occupies=occupies,
        cause=cause,
        expires_at=expires_at,
        token_digest=token_digest,
        address_digest=address_digest,
    )
    _insert(hold)
    return hold


@transaction.atomic
def release_hold(*, hold: SlotHold) -> bool:
    """Let a time go. Returns False when it was let go, or booked, before."""
    return bool(SlotHold.objects.filter(pk=hold.pk, released_at=None).update(**_released()))


@transaction.atomic
def release_run_out() -> int:
    """Let go of every time whose hold ran out. Returns how many; one in use elsewhere waits for the next round."""
    run_out = SlotHold.objects.run_out(clock.now()).select_for_update(skip_locked=True, of=("self",))
    return SlotHold.objects.filter(pk__in=[hold.pk for hold in run_out]).update(**_released())


def standing_in_the_way(wish: Wish, *, own: SlotHold | None = None) -> QuerySet[SlotHold]:
    """Live holds of others on the therapist or the room; whoever asks has locked both."""
    there = SlotHold.objects.live(clock.now()).occupying(wish.starts_at, wish.occupied_until)
    there = there.filter(Q(therapist=wish.therapist) | Q(room=wish.room))
    return there.exclude(pk=own.pk) if own else there


def consume(hold: SlotHold, appointment: Appointment) -> None:
    """One's own hold has become an appointment. Raises Refused when it had become one before."""
    held = SlotHold.objects.select_for_update(of=("self",)).get(pk=hold.pk)
    if held.appointment_id:
        raise Refused(_("This time has been booked already."), code="hold-used")
    held.appointment = appointment
    held.released_at = held.released_at or clock.now()
    held.save(update_fields=["appointment", "released_at", "updated_at"])


def held(wish: Wish | None = None) -> Conflict:
    """The refusal for a time that somebody else is about to take, with what is free near the wish."""
    message = _("That time is kept for somebody else for a few minutes. Choose another one, or try again later.")
    return Conflict(message, code="held", details=clashes.details(wish, []) if wish else None)


def _check_free(therapist: User, room: Room, occupies: DateTimeTZRange) -> None:
    """Lets go of what ran out in the way; the rows are locked already. Raises Conflict."""
    of_therapist, in_room = Q(therapist=therapist), Q(room=room)
    there = SlotHold.objects.filter(of_therapist | in_room, occupies__overlap=occupies)
    there.run_out(clock.now()).update(**_released())
    if there.filter(released_at=None).exists():
        raise held()
    if Appointment.objects.active().filter(takes(occupies, of_therapist, in_room)).exists():
        raise Conflict(_("That time has just been taken."), code="clash")


def _insert(hold: SlotHold) -> None:
    """The exclusion constraints have the last word. Raises Conflict."""
    try:
        with transaction.atomic():
            hold.save(force_insert=True)
    except IntegrityError as error:
        if sqlstate(error) != EXCLUSION_VIOLATION:
            raise
        raise held() from error


def _released() -> dict[str, dt.datetime]:
    now = clock.now()
    return {"released_at": now, "updated_at": now}
