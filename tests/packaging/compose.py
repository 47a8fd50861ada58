"""Reads docker-compose.yml the way Docker does: variables filled in, anchors merged."""

import re
from typing import Any

import yaml

from clinic.core.embedded.options import ROOT

FILE = ROOT / "docker-compose.yml"
# What .env.example asks for, filled in.
FILLED_IN = {
    "DOMAIN": "clinic.example.org",
    "EMAIL_URL": "smtp://127.0.0.1:1",
    "DEFAULT_FROM_EMAIL": "clinic@example.org",
    "SECRET_KEY": "s" * 20 + "ecret-key-of-the-packaging-test-0123456789",
    "AUDIT_KEY": "audit-key-of-the-packaging-test-0123456789",
    "LINK_KEY": "link-key-of-the-packaging-test-0123456789",
    "FIELD_KEY": "field-key-of-the-packaging-test-0123456789",
    "POSTGRES_PASSWORD": "postgres-password-of-the-test",
    "DATABASE_OWNER_PASSWORD": "owner-password-of-the-test",
    "DATABASE_PASSWORD": "app-password-of-the-test",
}
VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?:(?P<kind>:[-?])(?P<rest>[^}]*))?\}")


class Unset(Exception):
    """A variable without a default is not set."""


def fill_in(text: str, values: dict[str, str]) -> str:
    """Replace ${NAME}, ${NAME:-default} and ${NAME:?message}."""

    def value(found: re.Match[str]) -> str:
        name = found["name"]
        if values.get(name):
            return values[name]
        if found["kind"] == ":-":
            return str(found["rest"])
        raise Unset(name)

    return VARIABLE.sub(value, text)


def _filled_in(part: Any, values: dict[str, str]) -> Any:
    if isinstance(part, dict):
        return {key: _filled_in(value, values) for key, value in part.items()}
    if isinstance(part, list):
        return [_filled_in(value, values) for value in part]
    return fill_in(part, values) if isinstance(part, str) else part


def load(values: dict[str, str] | None = None) -> dict[str, Any]:
    """The whole file as Docker would see it."""
    content = _filled_in(yaml.safe_load(FILE.read_text()), FILLED_IN if values is None else values)
    assert isinstance(content, dict)
    return content


def services(values: dict[str, str] | None = None) -> dict[str, dict[str, Any]]:
    """Its services."""
    found: dict[str, dict[str, Any]] = load(values)["services"]
    return found
