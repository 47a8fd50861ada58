"""The cast: who is in every test."""

from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection

from clinic.people.models import Client, Location, Practice, Role, Room, User
from tests import factories
from tests.pristine import Pristine, empty


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The database of all tests, and what stands in it before each of them."""
    with django_db_blocker.unblock():
        pristine = Pristine()
    with (
        patch("django.core.management.commands.flush.emit_post_migrate_signal", pristine.put_back),
        patch.object(connection.ops, "execute_sql_flush", empty),
    ):
        yield


@pytest.fixture
def practice(db: None) -> Practice:
    return factories.PracticeFactory()


@pytest.fixture
def location(practice: Practice) -> Location:
    return factories.LocationFactory(name="Harbour Street", timezone="Europe/Berlin")


@pytest.fixture
def other_location(practice: Practice) -> Location:
    return factories.LocationFactory(name="Mill Lane", timezone="America/New_York")


@pytest.fixture
def room(location: Location) -> Room:
    return factories.RoomFactory(location=location, name="Room 1")


@pytest.fixture
def owner(location: Location, other_location: Location) -> User:
    return factories.UserFactory(
        email="olive@example.org", name="Olive Owner", roles=[Role.OWNER], locations=[location, other_location]
    )


@pytest.fixture
def therapist(location: Location) -> User:
    return factories.UserFactory(
        email="amina@example.org", name="Amina Osei", roles=[Role.THERAPIST], locations=[location]
    )


@pytest.fixture
def other_therapist(location: Location) -> User:
    """A colleague at the same location."""
    return factories.UserFactory(
        email="tomas@example.org", name="Tomás Herrera", roles=[Role.THERAPIST], locations=[location]
    )


@pytest.fixture
def front_desk(location: Location) -> User:
    return factories.UserFactory(
        email="june@example.org", name="June Moreau", roles=[Role.FRONT_DESK], locations=[location]
    )


@pytest.fixture
def stranger(other_location: Location) -> User:
    """A therapist who works elsewhere: what is at `location` does not exist for them."""
    return factories.UserFactory(
        email="stella@example.org", name="Stella Stranger", roles=[Role.THERAPIST], locations=[other_location]
    )


@pytest.fixture
def client_record(location: Location) -> Client:
    """A client of `location`. (`client` is the test browser.)"""
    return factories.ClientFactory(given_name="Marcus", family_name="Bell", number=1, locations=[location])
