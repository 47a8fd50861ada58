import datetime as dt
from typing import Any

import pytest

from clinic.people.models import Client, Location, Room, User
from scheduling.models import Service, WorkingHours
from tests.api.calls import NOON


@pytest.fixture
def service(therapist: User, location: Location) -> Service:
    WorkingHours.objects.create(
        therapist=therapist,
        location=location,
        weekday=2,
        starts_at=dt.time(8),
        ends_at=dt.time(17),
        valid_from=dt.date(2020, 1, 1),
    )
    service = Service.objects.create(name="Follow-up", duration_minutes=45)
    service.therapists.add(therapist)
    return service


@pytest.fixture
def wish(client_record: Client, service: Service, therapist: User, room: Room) -> dict[str, Any]:
    return {
        "client": str(client_record.pk),
        "service": str(service.pk),
        "therapist": str(therapist.pk),
        "room": str(room.pk),
        "starts_at": NOON.isoformat(),
    }
