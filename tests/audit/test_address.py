"""Whose address an event carries."""

from typing import Any

import pytest
from django.test import RequestFactory

from clinic.audit.middleware import client_address


def address(forwarded: str, *, peer: str = "10.0.0.9") -> str | None:
    return client_address(RequestFactory().get("/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=forwarded))


def test_without_trusted_proxies_a_forwarded_address_changes_nothing(settings: Any) -> None:
    settings.TRUSTED_PROXY_COUNT = 0
    assert address("203.0.113.5") == "10.0.0.9"


def test_only_what_the_trusted_proxy_wrote_counts(settings: Any) -> None:
    settings.TRUSTED_PROXY_COUNT = 1
    assert address("198.51.100.1, 203.0.113.5") == "203.0.113.5"


@pytest.mark.parametrize("nonsense", ["unknown", "1.2.3.4.5", "<script>", "203.0.113.5:443"])
def test_what_is_no_address_is_left_out(settings: Any, nonsense: str) -> None:
    settings.TRUSTED_PROXY_COUNT = 1
    assert address(nonsense) is None


def test_a_socket_peer_has_no_address(settings: Any) -> None:
    settings.TRUSTED_PROXY_COUNT = 0
    assert address("", peer="") is None
