"""What no page of ours sends: wrong verbs, broken bodies, values no column holds. Never a 500, at any address.

Every address gets some of each kind, in turn: all of them at every address would take minutes.
"""

import re
import traceback
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.http import HttpResponse, QueryDict
from django.urls import resolve

from tests.permissions.rows import ANONYMOUS, Row
from tests.permissions.world import World, visitors

HALF_A_CHARACTER = "\ud800"
VALUES = (
    *("9" * 5000, "99999999999999999999", "-1", "²", "NaN", "{}", "a" * 20_000, HALF_A_CHARACTER, "\x00", "'; --"),
    *("2026-99-99", "0000-01-01", "0001-01-01", "99999-01-01", "9999-12-31", "0001-01-01T00:00+23:59"),
)
FORM = "application/x-www-form-urlencoded"
BODIES: dict[str, tuple[Any, str]] = {
    "broken JSON": ("{", "application/json"),
    "JSON of another shape": ('[["x"], null, 1e400]', "application/json"),
    "JSON nested too deep": ("[" * 50_000, "application/json"),
    "JSON that is no UTF-8": (b'{"a": "\xff"}', "application/json"),
    "another kind": ("<a/>", "application/xml"),
    "no UTF-8": (b"\xff\xfe=\xff&a=%FF%FE&%00=%00", FORM),
    "an unknown character set": ("a=1", f"{FORM}; charset=nonsense"),
    "too many fields": ("&".join(f"a{number}=1" for number in range(2001)), FORM),
    "too large": (b"a=" + b"x" * 2_200_000, FORM),
    "parts that never begin": ("--x\r\nbroken", "multipart/form-data; boundary=x"),
    "parts without a boundary": ("--x\r\nbroken", "multipart/form-data"),
    "a part with nonsense in its head": (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="\xff\x00/../x"\r\n\r\n\xff\r\n--x--\r\n',
        "multipart/form-data; boundary=x",
    ),
}
HEADERS = ("If-Match", "Idempotency-Key", "If-None-Match", "If-Modified-Since", "Accept-Language", "Accept", "Referer")
HEADERS += ("HX-Current-URL", "X-Forwarded-For", "X-CSRFToken", "Origin", "Range")
EVERYWHERE = {"poll", "csrfmiddlewaretoken"}  # looked for by middleware
BUT_ITS_OWN = {"healthz": 503}  # no worker runs here
PATHS = ("0", "9" * 30, "9" * 5000, "²", "..", "\x00", "'", "%", HALF_A_CHARACTER)
both = pytest.mark.parametrize("is_signed", [False, True], ids=["unsigned", "signed"])


class Answers:
    """Which answers were a 500."""

    def __init__(self) -> None:
        self.count = 0
        self.wrong: dict[str, str] = {}

    def note(self, row: Row, what: str, response: HttpResponse) -> None:
        self.count += 1
        if response.status_code >= 500 and response.status_code != BUT_ITS_OWN.get(row.route):
            raised = getattr(response, "exc_info", None)
            where = traceback.format_exception(*raised)[-3:] if raised else []
            self.wrong.setdefault(f"{row.route} {what[:120]}", "".join(where))

    def check(self) -> None:
        assert self.count
        assert not self.wrong, "\n".join(f"{what}\n{where}" for what, where in self.wrong.items())


def asked(world: World, *, is_signed: bool) -> Iterator[tuple[Row, str, str]]:
    """Each address with one of those who get further than the sign-in, everybody in turn."""
    for number, (row, url) in enumerate(world.rows(is_signed=is_signed)):
        those = [who for who in visitors(row) if who != ANONYMOUS or who in row.opens or not row.opens]
        if those:
            yield row, url, those[number % len(those)]


@both
def test_no_verb_is_a_500(world: World, is_signed: bool) -> None:
    answers = Answers()
    verbs = cycle(("HEAD", "OPTIONS", "TRACE", "HEAD", "PUT"))
    for row, url in world.rows(is_signed=is_signed):
        for who in visitors(row):
            verb = next(verbs)
            answers.note(row, f"{verb} by {who}", world.ask(who, verb, url))
    answers.check()


@both
def test_no_body_is_a_500(world: World, is_signed: bool) -> None:
    answers = Answers()
    bodies = cycle(BODIES.items())
    for row, url, who in asked(world, is_signed=is_signed):
        for name, (body, kind) in islice(bodies, 1):
            answers.note(row, name, world.ask(who, "POST", url, body, content_type=kind, headers={"If-Match": '"1"'}))
    answers.check()


def test_no_body_is_a_500_while_the_forms_token_is_looked_for(world: World) -> None:
    for path in ("/accounts/login/", "/preferences/theme/", "/api/v1/clients/"):
        for name, (body, kind) in BODIES.items():
            response = world.ask("owner", "POST", path, body, content_type=kind, is_guarded=True)
            assert 400 <= response.status_code < 500, f"{path} {name}"


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """What has been looked for in an address or a form."""
    found: set[str] = set()
    for method in ("get", "getlist", "__getitem__", "__contains__"):
        monkeypatch.setattr(QueryDict, method, _noting(getattr(QueryDict, method), found))
    return found


def _noting(method: Callable[..., Any], found: set[str]) -> Callable[..., Any]:
    def noting(self: QueryDict, key: Any, *args: Any, **kwargs: Any) -> Any:
        found.add(str(key))
        return method(self, key, *args, **kwargs)

    return noting


def _encoded(fields: dict[str, str]) -> str:
    return urlencode({name: value.encode("utf-8", "surrogatepass") for name, value in fields.items()})


def test_no_parameter_is_a_500(world: World, names: set[str]) -> None:
    """Alone, because the first that is refused hides the others."""
    answers, values = Answers(), cycle(VALUES)
    for row, url, who in asked(world, is_signed=False):
        names.clear()
        world.ask(who, "GET", url)
        for name in sorted(names - EVERYWHERE):
            query = _encoded({name: next(values)})
            answers.note(row, f"?{query}", world.ask(who, "GET", f"{url}?{query}"))
    answers.check()


@both
def test_no_field_is_a_500(world: World, is_signed: bool, names: set[str]) -> None:
    answers, values = Answers(), cycle(VALUES)
    for row, url, who in asked(world, is_signed=is_signed):
        names.clear()
        world.ask(who, "POST", url, "x=1", headers={"If-Match": '"1"'})
        read = names - EVERYWHERE
        for value in islice(values, 1 if read else 0):
            body = _encoded(dict.fromkeys(read, value))
            answers.note(row, f"{value[:20]!r} in {read}", world.ask(who, "POST", url, body))
    answers.check()


@both
def test_no_header_is_a_500(world: World, is_signed: bool) -> None:
    answers = Answers()
    values, verbs = cycle(('"²"', "9" * 5000, "http://[")), cycle(("GET", "POST"))
    for row, url, who in asked(world, is_signed=is_signed):
        value, verb = next(values), next(verbs)
        said = world.ask(who, verb, url, "x=1", headers=dict.fromkeys(HEADERS, value))
        answers.note(row, f"{verb} {value[:20]!r}", said)
    answers.check()


@both
def test_nothing_in_the_path_is_a_500(world: World, is_signed: bool) -> None:
    answers, values = Answers(), cycle(PATHS)
    for row, url, who in asked(world, is_signed=is_signed):
        for named in resolve(url).captured_kwargs.values():
            for value in islice(values, 1):
                part = quote(value.encode("utf-8", "surrogatepass"), safe="")
                path = re.sub(rf"(?<=[/-]){re.escape(str(named))}(?=[/-])", lambda _: part, url)  # noqa: B023
                for verb in ("GET", "POST"):
                    answers.note(row, f"{verb} {value[:20]!r}", world.ask(who, verb, path))
    answers.check()
