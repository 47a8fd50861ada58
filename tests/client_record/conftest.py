"""A client's record with something of every kind in it. Objects of the permission table are fixtures here too."""

from collections.abc import Callable

import pytest
from django.test import Client as Browser

from clinic.people.models import Client, Room, User
from tests.client_record.lives import live
from tests.permissions.objects import (  # noqa: F401  # fixtures
    alert,
    document,
    draft,
    episode,
    flag,
    message,
    past_appointment,
    response,
    service,
    signed,
)


@pytest.fixture
def lived(client_record: Client, therapist: User, room: Room) -> Callable[[int, int], None]:
    """`lived(first, last)`: on each of these days before today something of every kind."""
    return lambda first, last: live(client_record, therapist=therapist, room=room, days=range(first, last))


@pytest.fixture
def desk(client: Browser, front_desk: User) -> Browser:
    client.force_login(front_desk)
    return client


@pytest.fixture
def clinician(client: Browser, therapist: User) -> Browser:
    client.force_login(therapist)
    return client


@pytest.fixture
def owners(client: Browser, owner: User) -> Browser:
    client.force_login(owner)
    return client
