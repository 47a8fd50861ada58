"""Takes the rows that a booking needs, always in the same order, before it reads whether they are free."""

from collections.abc import Iterable

from django.db import connection

from clinic.people.models import Client, Room, User
from scheduling.models import Appointment


def lock(*, therapists: Iterable[User], rooms: Iterable[Room], client: Client | None) -> None:
    """Therapists, rooms, client; each by id. `NO KEY`: rows that only refer to them are not held up."""
    _take(User, (each.pk for each in therapists))
    _take(Room, (each.pk for each in rooms))
    if client is not None:
        _take(Client, [client.pk])


def lock_appointment(appointment: Appointment) -> Appointment:
    """The appointment as it is now, held until the transaction ends."""
    held: Appointment = (
        Appointment.objects.select_for_update(of=("self",), no_key=True).with_people().get(pk=appointment.pk)
    )
    return held


def lock_name(*names: str) -> None:
    """Take names that have no row of their own, a network address or a mail address, until the transaction ends."""
    with connection.cursor() as cursor:
        for name in sorted(names):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def _take(model: type[User] | type[Room] | type[Client], ids: Iterable[object]) -> None:
    rows = model._default_manager.filter(pk__in=list(ids)).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk"))
