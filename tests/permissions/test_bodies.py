"""What a body names must exist, be of the right kind, and be its sender's to name. Else a 4xx, and nothing written."""

import datetime as dt
import json
import re
import uuid
from collections.abc import Iterator
from itertools import cycle, islice
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.http import HttpResponse
from django.urls import resolve, reverse
from rest_framework.relations import ManyRelatedField, RelatedField

from tests.permissions.bodies import BODIES, Body
from tests.permissions.pages import Form, forms_of
from tests.permissions.routes import every_route
from tests.permissions.world import World, visitors

ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
PLACEHOLDER = re.compile(r"{(\w+)}")
WRITE = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"')
LOGS = frozenset({"audit_event", "django_session", "cache"})  # written whatever becomes of a request
KEPT = frozenset({"treatments_sessionnote", "treatments_finding"})  # what else was typed into a note
NO_IDS = ("no-id", "9" * 5000, "\x00", '{"id": 1}', "\u0660", ["no-id", "null"])
NONSENSE_EACH = 5  # for each name, in turn: all of it for each would take minutes
NO_JSON_IDS = (*NO_IDS, [], {}, 12, True, None, {"id": "x"}, "\ud800")


class Writes:
    """Which tables a request writes to."""

    def __init__(self) -> None:
        self.tables: set[str] = set()

    def __call__(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        if found := WRITE.match(str(sql)):
            self.tables.add(found[1])
        return execute(sql, params, many, context)


class Sender:
    """Sends a body with other values in the place of what it names."""

    def __init__(self, body: Body, world: World) -> None:
        self.body, self.world = body, world
        self.url = reverse(body.route, kwargs={name: world.value(named) for name, named in body.address.items()})
        self.values = {name: self.text(name) for name in self._placeholders}

    def text(self, fixture: str) -> str:
        value = self.world.value(fixture)
        return value.isoformat() if isinstance(value, dt.datetime) else str(value)

    @property
    def _placeholders(self) -> set[str]:
        return set(PLACEHOLDER.findall(json.dumps([self.body.fields, self.body.headers])))

    def send(self, **instead: Any) -> tuple[HttpResponse, set[str]]:
        """The answer, and the tables that are not what they were."""
        values = self.values | instead
        fields = {name: _filled(text, values) for name, text in self.body.fields.items()}
        headers = {name: str(_filled(text, values)) for name, text in self.body.headers.items()}
        content = json.dumps(fields) if self.body.is_json else urlencode(fields, doseq=True)
        kind = "application/json" if self.body.is_json else "application/x-www-form-urlencoded"
        writes = Writes()
        self.world.look = lambda: {table: _fingerprint(table) for table in writes.tables - LOGS}
        with connection.execute_wrapper(writes):
            response = self.world.ask(
                self.body.who, self.body.verb, self.url, content, content_type=kind, headers=headers
            )
        return response, {table for table, print in self.world.seen.items() if print != _fingerprint(table)}


def _filled(text: str | list[str], values: dict[str, Any]) -> Any:
    if isinstance(text, list):
        return [_filled(each, values) for each in text]
    whole = PLACEHOLDER.fullmatch(text)
    return values[whole[1]] if whole else PLACEHOLDER.sub(lambda found: str(values[found[1]]), text)


def _fingerprint(table: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*), md5(string_agg(t::text, ' ' ORDER BY t::text)) FROM \"{table}\" t")  # noqa: S608
        return cursor.fetchone()


def _is_refused(body: Body, response: HttpResponse, written: set[str]) -> bool:
    """A 4xx that wrote nothing. What saves a note by itself keeps the rest, and names what it did not take."""
    if body.is_kept and response.status_code == 200:
        return bool(json.loads(response.content)["errors"]) and written <= KEPT
    return 400 <= response.status_code < 500 and not written - (KEPT if body.is_kept else set())


@pytest.mark.parametrize("body", BODIES, ids=str)
def test_a_body_names_only_what_its_sender_may_name(body: Body, world: World) -> None:
    others = {name: {other: str(world.value(other)) for other in named} for name, named in body.others.items()}
    sender = Sender(body, world)
    taken, written = sender.send()
    assert taken.status_code < 400, f"{taken.status_code} as it stands\n{taken.content.decode()[-6000:]}"
    assert bool(written) is not body.is_preview or body.is_kept
    wrong = []
    nonsense = cycle(NO_JSON_IDS if body.is_json else NO_IDS)
    for name, foreign in others.items():
        made_up = {repr(each)[:40]: each for each in (str(uuid.uuid4()), *islice(nonsense, NONSENSE_EACH))}
        for kind, bad in (foreign | made_up).items():
            if bad is None and name in body.or_null:
                continue
            response, written = sender.send(**{name: bad})
            if not _is_refused(body, response, written):
                wrong.append(f"{name} = {kind}: {response.status_code}, wrote {sorted(written)}")
    assert not wrong, "\n".join(wrong)


# Pages whose forms name more once something is chosen.
MORE = {
    "scheduling:appointment-create": "?client={twin}&service={service}&therapist={therapist}&from={a_free_day}",
    "scheduling:appointment-move": "?from={a_free_day}",
    "people:client-merge": "?client={twin}",
}
# Not ids of anything: where to go on, and what a sender calls a request by.
NO_NAMES = {"next", "request_key"}


@pytest.mark.parametrize("is_signed", [False, True])
def test_every_form_that_names_an_object_has_a_row(world: World, is_signed: bool) -> None:
    missing = set()
    for route, form in _forms(world, is_signed=is_signed):
        named = {name for name, offered in form.offered.items() if any(map(ID.search, offered))} - NO_NAMES
        rows = {field for body in BODIES if body.route == route for field in _naming(body)}
        missing |= {f"{route}: {name}" for name in named if re.sub(r"-(\d+|__prefix__)-", "-0-", name) not in rows}
    assert not missing, "missing rows in tests/permissions/bodies.py or api_bodies.py"


def _forms(world: World, *, is_signed: bool) -> Iterator[tuple[str, Form]]:
    for row, url in world.rows(is_signed=is_signed):
        for who in {*visitors(row), "therapist"} & set(row.opens):
            more = PLACEHOLDER.sub(lambda found: str(world.value(found[1])), MORE.get(row.route, ""))
            for query in {"", more}:
                response = world.ask(who, "GET", f"{url}{query}")
                if response.status_code == 200 and response["Content-Type"].startswith("text/html"):
                    for form in forms_of(response.content.decode(), url):
                        if form.is_post:
                            yield resolve(form.action.partition("?")[0]).view_name, form


def _naming(body: Body) -> set[str]:
    """The fields of a body that name something."""
    return {name for name, text in body.fields.items() if PLACEHOLDER.search(str(text))}


def test_every_api_call_that_names_an_object_has_a_row() -> None:
    missing = set()
    for route in every_route():
        view: Any = route.view
        if {"post", "put", "patch"} & getattr(view, "actions", {}).keys():
            serializer = view.initkwargs.get("serializer_class") or view.cls.serializer_class
            fields = {name for name, field in serializer().fields.items() if _names_something(field)}
            rows = {field for body in BODIES if body.route == route.name for field in _naming(body)}
            missing |= {f"{route.name}: {field}" for field in fields - rows}
    assert not missing, "missing rows in tests/permissions/bodies.py or api_bodies.py"


def _names_something(field: Any) -> bool:
    return isinstance(field, RelatedField | ManyRelatedField) and not field.read_only
