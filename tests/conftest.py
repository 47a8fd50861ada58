"""The cast: who is in every test."""

import gc
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest
from django.db.backends.base.operations import BaseDatabaseOperations

from clinic.core import throttles
from clinic.people.models import Client, Location, Practice, Room, User
from tests import factories
from tests.pristine import Pristine, empty

SELDOM = 20_000  # new objects between two collections; Python's own 700 take a tenth of the time of all tests


def pytest_collection_finish() -> None:
    """What all tests share stays: the collector need not look through it time and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(SELDOM)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The database of all tests, and what stands in it before each of them."""
    # Of every connection: a test that came by one of its own would else empty the tables without waiting.
    with patch.object(BaseDatabaseOperations, "execute_sql_flush", lambda _operations, sql: empty(sql)):
        with django_db_blocker.unblock():
            pristine = Pristine()
        with patch("django.core.management.commands.flush.emit_post_migrate_signal", pristine.put_back):
            yield


@pytest.fixture(autouse=True)
def uncounted() -> None:
    """What earlier tests asked of this process slows nobody down."""
    throttles.counts.clear()


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
    return factories.member("owner", location, other_location)


@pytest.fixture
def therapist(location: Location) -> User:
    return factories.member("therapist", location)


@pytest.fixture
def other_therapist(location: Location) -> User:
    """A colleague at the same location."""
    return factories.member("other_therapist", location)


@pytest.fixture
def front_desk(location: Location) -> User:
    return factories.member("front_desk", location)


@pytest.fixture
def stranger(other_location: Location) -> User:
    """A therapist who works elsewhere: what is at `location` does not exist for them."""
    return factories.member("stranger", other_location)


@pytest.fixture
def client_record(location: Location) -> Client:
    """A client of `location`. (`client` is the test browser.)"""
    return factories.ClientFactory(given_name="Marcus", family_name="Bell", number=1, locations=[location])
