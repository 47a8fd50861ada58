"""The secret of a client's link stands in no line of the log."""

import io
import logging

import pytest
from django.test import Client as Browser

SECRET = "Ab3-_" * 8 + "xyz"


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What the handler of the settings writes."""
    written = io.StringIO()
    (handler,) = [each for each in logging.getLogger().handlers if each.name == "stderr"]
    monkeypatch.setattr(handler, "stream", written)
    return written


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/i/{}/", "/i/{}/step/3/", "/a/{}/", "/f/{}/", "/feeds/{}.ics", "/nowhere/{}/", "/nowhere/?next=/i/{}/"]
)
def test_a_refused_link_is_logged_without_its_secret(client: Browser, log: io.StringIO, path: str) -> None:
    assert client.get(path.format(SECRET)).status_code == 404
    assert SECRET not in log.getvalue()


@pytest.mark.django_db
def test_the_rest_of_the_line_stands(client: Browser, log: io.StringIO) -> None:
    client.get(f"/i/{SECRET}/")
    assert "Not Found: /i/…/" in log.getvalue()


def test_other_words_of_a_line_are_left_alone(log: io.StringIO) -> None:
    logging.getLogger("clinic").warning("%s of %d, %s", "a" * 42, 7, "b" * 44)
    assert f"{'a' * 42} of 7, {'b' * 44}" in log.getvalue()
