"""Every address of the table with its objects, and people who ask for it."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.http import HttpResponse
from django.test import Client as Browser
from django.urls import reverse

from clinic.people.models import User
from tests.permissions.rows import ANONYMOUS, Row
from tests.permissions.standing import Standing
from tests.permissions.table import TABLE

# These sign the draft that other rows write to, which a red flag of the others would forbid.
SIGNING = {"signed", "follow_up_token"}


@dataclass
class World:
    """What is asked leaves nothing behind."""

    request: pytest.FixtureRequest
    cookies: dict[str, dict[str, str]] = field(default_factory=dict)
    look: Callable[[], Any] = lambda: None  # at what a request did, before it is undone
    seen: Any = None
    # Kept: a browser loads all middleware with its first request.
    _browsers: list[Browser] = field(
        default_factory=lambda: [
            Browser(raise_request_exception=False, enforce_csrf_checks=guarded) for guarded in (False, True)
        ]
    )

    def rows(self, *, is_signed: bool) -> Iterator[tuple[Row, str]]:
        """Each row with its address: those of a signed note, or all the others."""
        for row in TABLE:
            if is_signed is bool(SIGNING & set(row.names.values())):
                yield row, self.address(row)

    def address(self, row: Row) -> str:
        return reverse(row.route, kwargs={name: self.value(fixture) for name, fixture in row.names.items()})

    def value(self, fixture: str) -> Any:
        """The id of a fixture's object, or the text after “=”."""
        if fixture.startswith("="):
            return fixture[1:]
        found = self.request.getfixturevalue(fixture)
        return getattr(found, "pk", found)

    def ask(
        self, who: str, verb: str, url: str, body: Any = "", *, is_guarded: bool = False, **extra: Any
    ) -> HttpResponse:
        """One request; a server error is an answer like any other. `is_guarded` asks for the form's token."""
        browser = self._browsers[is_guarded]
        browser.cookies = SimpleCookie(self.cookies.get(who, {}))
        extra.setdefault("content_type", "application/x-www-form-urlencoded")
        with transaction.atomic():
            response = browser.generic(verb, url, body, **extra)
            self.seen = self.look()
            transaction.set_rollback(True)
        return response  # type: ignore[return-value]


def visitors(row: Row) -> tuple[str, ...]:
    """Who asks: the owner where the owner may, else the first who may; and anybody."""
    who = row.post or row.opens
    return ("owner" if "owner" in who or not who else who[0], ANONYMOUS)


@pytest.fixture
def world(request: pytest.FixtureRequest, db: None, standing: Standing) -> World:
    """Everybody has just signed in, and the client with a link has given the date of birth."""
    made = World(request)
    for name, key in standing.sessions.items():
        _just_signed_in(key, request.getfixturevalue(name))
        made.cookies[name] = {settings.SESSION_COOKIE_NAME: key}
    gate = reverse("intake:form-gate", args=[made.value("form_token")])
    visitor = Browser()
    visitor.post(gate, {"born_on": request.getfixturevalue("client_record").born_on.isoformat()})
    made.cookies[ANONYMOUS] = {name: morsel.value for name, morsel in visitor.cookies.items()}
    return made


def _just_signed_in(key: str, user: User) -> None:
    session = SessionStore(key)
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time(), "email": user.email}]
    session.save()
