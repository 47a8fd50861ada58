"""Every address × every member of the cast × every verb it could know, against the table."""

from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.conf import settings
from django.db import models, transaction
from django.http import HttpResponse
from django.test import Client as Browser
from django.urls import resolve, reverse

from clinic.people.models import User
from clinic.people.permissions import Permission, may
from tests.permissions.routes import every_route
from tests.permissions.rows import ANONYMOUS, CAST, Row
from tests.permissions.standing import Standing
from tests.permissions.table import TABLE

VERBS = ("GET", "POST", "PATCH", "DELETE")
OF_THE_API = {"PATCH", "DELETE"}  # a page knows neither, whoever asks: two members are enough to see it
GONE = {404, 405}


def test_every_address_has_one_row() -> None:
    routes = {route.name for route in every_route()}
    rows = [row.route for row in TABLE]
    missing = sorted(routes - set(rows))
    stale = sorted(set(rows) - routes)
    doubled = sorted({name for name in rows if rows.count(name) > 1})
    assert (missing, stale, doubled) == ([], [], []), "tests/permissions/table.py: missing, stale, doubled rows"


@pytest.fixture
def cast(request: pytest.FixtureRequest, db: None) -> dict[str, User | None]:
    """The members by name; nobody for the anonymous one."""
    return {name: None if name == ANONYMOUS else request.getfixturevalue(name) for name in CAST}


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.route)
def test_only_those_in_the_table_get_in(
    row: Row, request: pytest.FixtureRequest, cast: dict[str, User | None], standing: Standing
) -> None:
    objects = {
        name: fixture[1:] if fixture.startswith("=") else request.getfixturevalue(fixture)
        for name, fixture in row.names.items()
    }
    url = reverse(row.route, kwargs={name: getattr(value, "pk", value) for name, value in objects.items()})
    view = resolve(url).func
    before = _rows_of(objects)
    wrong = []
    for name, user in cast.items():
        for verb in VERBS:
            if verb in OF_THE_API and name not in {"owner", ANONYMOUS} and not url.startswith("/api/"):
                continue
            response = _ask(url, verb, standing.sessions.get(name))
            problem = _problem(row, permission_for(view, verb), name, user, verb, response)
            if problem:
                wrong.append(f"{verb} by {name}: {problem}")
    assert not wrong, f"{row.route}\n  " + "\n  ".join(wrong)
    assert _rows_of(objects) == before


def permission_for(view: Any, verb: str) -> Permission | None:
    """What the view asks for; a view set asks for something else with each verb."""
    access: Any = view.access
    if isinstance(access, dict):
        return access.get(view.actions.get(verb.lower(), "metadata"))  # type: ignore[no-any-return]
    return access  # type: ignore[no-any-return]


BROWSER = Browser()  # kept: each loads all middleware with its first request


def _ask(url: str, verb: str, session: str | None) -> HttpResponse:
    """One request that leaves nothing behind."""
    BROWSER.cookies = SimpleCookie({settings.SESSION_COOKIE_NAME: session} if session else {})
    with transaction.atomic():
        kind = "application/json" if url.startswith("/api/") else "application/x-www-form-urlencoded"
        response = BROWSER.generic(verb, url, content_type=kind, headers={"If-Match": '"1"'})
        transaction.set_rollback(True)
    return response  # type: ignore[return-value]


def _problem(
    row: Row, access: Permission | None, name: str, user: User | None, verb: str, response: HttpResponse
) -> str:
    """What is wrong with the answer; nothing when it is as the table says."""
    status = response.status_code
    if status >= 500 and status != row.get:
        return f"answered {status}"
    if name in row.opens:
        if verb == "GET":
            wanted = row.get_by.get(name, row.get)
            return "" if status == wanted else f"{status} instead of {wanted}"
        passes = row.post is None or name in row.post
        refused = status in {401, 403, 404} or (access is not None and _asks_to_sign_in(response))
        if passes:
            return f"refused with {status}" if refused else ""
        return "" if status in {403, 405, 409} else f"{status}, though only {row.post} may"
    if user is None and access is not None:
        asks = status in {401, 403} or _asks_to_sign_in(response)
        return "" if asks or status == 405 else f"{status} instead of the sign-in"
    if access is not None and not may(user, access):
        return "" if status in {403, 405} else f"{status} instead of 403"
    return "" if status in GONE else f"{status} instead of 404"


def _asks_to_sign_in(response: HttpResponse) -> bool:
    return response.status_code == 302 and response["Location"].startswith(f"{reverse('account_login')}?next=")


def _rows_of(objects: dict[str, Any]) -> dict[str, Any]:
    """The named rows as they stand in the database."""
    return {
        name: type(value)._base_manager.filter(pk=value.pk).values().get()
        for name, value in objects.items()
        if isinstance(value, models.Model)
    }


@pytest.mark.parametrize("row", [row for row in TABLE if "token" in row.names], ids=lambda row: row.route)
def test_a_wrong_link_and_one_of_another_purpose_look_alike(
    row: Row, request: pytest.FixtureRequest, location: object
) -> None:
    others = {"form_token", "appointment_token", "follow_up_token", "exercises_token"} - {row.names["token"]}
    rest = {name: fixture[1:] for name, fixture in row.names.items() if name != "token"}
    tokens = ["A" * 43, "", *(request.getfixturevalue(name) for name in sorted(others))]
    for token in filter(None, tokens):
        url = reverse(row.route, kwargs={"token": token, **rest})
        for verb in ("GET", "POST"):
            assert _ask(url, verb, None).status_code in GONE


CLINICAL = [Permission.VIEW_NOTES, Permission.VIEW_INTAKE, Permission.VIEW_OUTCOMES, Permission.VIEW_DOCUMENTS]


@pytest.mark.parametrize("permission", CLINICAL, ids=str)
def test_the_front_desk_never_sees_what_is_clinical(permission: Permission, front_desk: User) -> None:
    assert not may(front_desk, permission)


@pytest.mark.parametrize("permission", Permission, ids=str)
def test_nobody_may_anything_once_deactivated(permission: Permission, owner: User) -> None:
    owner.is_active = False
    assert not may(owner, permission)
