"""The cast, who stand in the database while all tests of a file run: made for each they took a fifth of its time."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Protocol

import pytest
from django.conf import settings
from django.db import transaction
from django.db.models import Model
from django.test import Client as Browser

from clinic.people.models import User
from tests import factories


class Blocker(Protocol):
    """pytest-django's: without leave no test, and no fixture, reaches the database."""

    def unblock(self) -> AbstractContextManager[None]: ...
    def block(self) -> AbstractContextManager[None]: ...


@dataclass(frozen=True)
class Standing:
    """What was made, by the names of its fixtures, and a session key for each member.

    The sessions say nothing of the time: the first request begins them, and is undone with its test.
    """

    made: dict[str, Model]
    sessions: dict[str, str]


@pytest.fixture(scope="module")
def standing(django_db_setup: None, django_db_blocker: Blocker) -> Iterator[Standing]:
    """What a test does is undone down to here; the file undoes the rest."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = _made()
        sessions = {name: _session(user) for name, user in made.items() if isinstance(user, User)}
        with django_db_blocker.block():
            yield Standing(made, sessions)
        transaction.set_rollback(True)


@pytest.fixture
def db(standing: Standing, db: None) -> None:
    """A test's own transaction, inside that of the file."""


def _made() -> dict[str, Model]:
    practice = factories.PracticeFactory()
    here = factories.LocationFactory(name="Harbour Street", timezone="Europe/Berlin")
    there = factories.LocationFactory(name="Mill Lane", timezone="America/New_York")
    places = {"owner": (here, there), "stranger": (there,)}
    members = {name: factories.member(name, *places.get(name, (here,))) for name in factories.CAST}
    return {"practice": practice, "location": here, "other_location": there, **members}


def _session(user: User) -> str:
    browser = Browser()
    browser.force_login(user)
    return browser.cookies[settings.SESSION_COOKIE_NAME].value


def _standing(name: str) -> Callable[..., Any]:
    """The fixture of that name: each test has its own copy, which it may change."""

    @pytest.fixture(name=name)
    def copied(standing: Standing, db: None) -> Model:
        return deepcopy(standing.made[name])

    return copied


practice, location, other_location = map(_standing, ("practice", "location", "other_location"))
owner, therapist, other_therapist, front_desk, stranger = map(_standing, factories.CAST)
