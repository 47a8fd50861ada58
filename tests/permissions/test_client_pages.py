"""What a client sees by a link names no structure: prompts are the therapist's."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import get_resolver, reverse

from intake.models import Structure
from tests.permissions.rows import Row
from tests.permissions.table import TABLE

BY_LINK = [row for row in TABLE if "token" in row.names]


def client_routes() -> set[str]:
    """Every address that is opened by a link of a client's."""
    return {name for path, name in _routes(get_resolver()) if re.search(r"<str:token>", path)}


def _routes(resolver: Any, prefix: str = "", space: str = "") -> Iterator[tuple[str, str]]:
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern)
        if hasattr(entry, "url_patterns"):
            yield from _routes(entry, path, f"{entry.namespace}:" if entry.namespace else space)
        else:
            yield path, f"{space}{entry.name}"


def test_every_address_of_a_client_is_looked_at_below() -> None:
    assert client_routes() <= {row.route for row in BY_LINK}


@pytest.mark.parametrize("row", BY_LINK, ids=lambda row: row.route)
def test_no_page_of_a_client_names_a_structure(
    row: Row, client: Browser, request: pytest.FixtureRequest, db: None
) -> None:
    given = {name: _value(source, request) for name, source in row.names.items()}
    page = client.get(reverse(row.route, kwargs=given), follow=True).content.decode(errors="replace").casefold()
    assert [label for label in Structure.objects.values_list("label", flat=True) if label.casefold() in page] == []


def _value(source: str, request: pytest.FixtureRequest) -> Any:
    """As the table says it: a text after "=", else a fixture's key."""
    if source.startswith("="):
        return source[1:]
    found = request.getfixturevalue(source)
    return getattr(found, "pk", found)
