"""What a calendar reads of an appointment. Rows rather than models: a day at one place has two hundred of them."""

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any, NamedTuple

from clinic.people.models import Location, Room, User
from scheduling.models import Appointment
from scheduling.rules.status import INACTIVE


class Visit(NamedTuple):
    """An appointment, with the names that stand on its card."""

    pk: uuid.UUID
    during: Any
    occupies: Any
    status: str
    note: str
    cancel_reason: str
    is_overlap_allowed: bool
    overlap_reason: str
    is_first_visit: bool
    arrived_at: dt.datetime | None
    started_at: dt.datetime | None
    version: int
    previous: dict[str, str]
    updated_at: dt.datetime
    series_id: uuid.UUID | None
    location_id: uuid.UUID
    client_id: uuid.UUID
    given_name: str
    family_name: str
    service_id: uuid.UUID
    service: str
    therapist_id: uuid.UUID
    therapist: str
    room_id: uuid.UUID
    room: str
    intake: str | None
    form_changed_at: dt.datetime | None
    alerts: list[dict[str, Any]] | None
    flag: str | None

    @property
    def starts_at(self) -> dt.datetime:
        start: dt.datetime = self.during.lower
        return start

    @property
    def ends_at(self) -> dt.datetime:
        end: dt.datetime = self.during.upper
        return end

    @property
    def buffer_minutes(self) -> int:
        """How long therapist and room stay taken after it."""
        return int((self.occupies.upper - self.during.upper).total_seconds() // 60)

    @property
    def is_active(self) -> bool:
        return self.status not in INACTIVE

    @property
    def client(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()


# Where the fields lie that are not the appointment's own.
_ELSEWHERE = {
    "given_name": "client__given_name",
    "family_name": "client__family_name",
    "service": "service__name",
    "therapist": "therapist__name",
    "room": "room__name",
    "intake": "invitation__state",
    "form_changed_at": "invitation__updated_at",
    "alerts": "open_alerts",
    "flag": "flag_urgency",
}


def visits_between(
    span: tuple[dt.datetime, dt.datetime],
    places: Iterable[Location],
    *,
    therapist: User | None = None,
    room: Room | None = None,
) -> list[Visit]:
    """The visits at the places that touch the span, in order of time; of one therapist or room if given. 1 query."""
    booked = Appointment.objects.filter(location__in=places).overlapping(*span).with_marks()
    if therapist:
        booked = booked.filter(therapist=therapist)
    if room:
        booked = booked.filter(room=room)
    columns = [_ELSEWHERE.get(name, name) for name in Visit._fields]
    return [Visit(*row) for row in booked.order_by("during", "pk").values_list(*columns)]
