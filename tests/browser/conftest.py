"""A real Chromium, a real worker with its beat, a real SMTP server."""

import email
import email.policy
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, Page

# Playwright's sync API runs an event loop in this thread; Django's ORM is used beside it, not inside it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

CHROMIUM_ARGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


LONGEST = "test_whole_path.py"  # begun last, it would run on when all else is done


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)
    items.sort(key=lambda item: item.path.name != LONGEST)


def chromium_path() -> str:
    """Where Chromium is; a machine without one fails loudly."""
    found = os.environ.get("CHROMIUM_PATH") or shutil.which("chromium") or shutil.which("chromium-browser")
    found = found or shutil.which("google-chrome")
    if not found:
        pytest.fail("No Chromium: set CHROMIUM_PATH, or run bin/test, which brings one.", pytrace=False)
    return found


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {"executable_path": chromium_path(), "args": [*CHROMIUM_ARGS, *sandbox]}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    return {"viewport": {"width": 1440, "height": 900}, "locale": "en-US", "reduced_motion": "reduce"}


@pytest.fixture
def watch() -> Iterator[Callable[[Page], Page]]:
    """Watches pages: a console error, a failed request or a CSP violation fails the test."""
    seen: list[str] = []

    def watched(page: Page) -> Page:
        page.on("console", lambda said: _note_error(seen, said) if said.type == "error" else None)
        page.on("pageerror", lambda error: seen.append(f"script: {error}"))
        page.on("requestfailed", lambda request: _note_failure(seen, request))
        return page

    yield watched
    assert seen == []


# What htmx says besides when a request did not come to an end; why it did not, the browser itself tells us.
BROKEN_OFF = ("htmx:sendError", "htmx:sendAbort", "htmx:afterRequest")


def _note_error(seen: list[str], said: Any) -> None:
    if said.text.startswith(BROKEN_OFF):
        return
    seen.append(f"console: {said.text} {said.location.get('url', '')}")


def _note_failure(seen: list[str], request: Any) -> None:
    if request.failure != "net::ERR_ABORTED":  # a page left while it was loading something
        seen.append(f"request: {request.method} {request.url} {request.failure}")


@pytest.fixture
def desk_page(context: BrowserContext, watch: Callable[[Page], Page]) -> Page:
    return watch(context.new_page())


@pytest.fixture
def phone_page(browser: Browser, browser_context_args: dict[str, Any], watch: Callable[[Page], Page]) -> Iterator[Page]:
    context = browser.new_context(**{**browser_context_args, **PHONE})
    yield watch(context.new_page())
    context.close()


class Mailbox:
    """What the SMTP server has taken in."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.url = f"smtp://127.0.0.1:{port}"

    def mails(self) -> list[EmailMessage]:
        """Oldest first."""
        files = sorted((self.folder / "new").glob("*.eml"))
        return [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files]  # type: ignore[misc]

    def wait_for(self, count: int, *, seconds: float = 30) -> EmailMessage:
        """The newest mail, once there are `count`."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            mails = self.mails()
            if len(mails) >= count:
                return mails[-1]
            time.sleep(0.2)
        pytest.fail(f"{len(self.mails())} mails after {seconds} s, {count} expected")


@pytest.fixture
def mailbox(tmp_path: Path) -> Iterator[Mailbox]:
    """A real SMTP server."""
    folder = tmp_path / "mailbox"
    port = _free_port()
    command = [sys.executable, "-m", "clinic.core.embedded.mailbox", str(folder), "--port", str(port)]
    with _running(command, env=dict(os.environ)):
        _wait_for_port(port)
        yield Mailbox(folder, port)


@pytest.fixture
def worker(transactional_db: None, mailbox: Mailbox, live_server: Any, tmp_path: Path) -> Iterator[None]:
    """A real Celery worker and a real beat, on the test database."""
    name = connection.settings_dict["NAME"]
    env = {
        **os.environ,
        "DATABASE_URL": f"{os.environ['DATABASE_URL'].rsplit('/', 1)[0]}/{name}{_query(os.environ['DATABASE_URL'])}",
        "REDIS_URL": settings.REDIS_URL,
        "EMAIL_URL": mailbox.url,
        "BASE_URL": live_server.url,
        "SWEEP_SECONDS": "1",
        "PALPATE_DEMO": "1",
        "PALPATE_DATA": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "clinic.settings",
    }
    celery = [sys.executable, "-m", "celery", "-A", "clinic"]
    with (
        _running([*celery, "worker", "--pool", "solo", "--loglevel", "WARNING"], env=env),
        _running([*celery, "beat", "--schedule", str(tmp_path / "beat"), "--max-interval", "1"], env=env),
    ):
        yield


def _query(url: str) -> str:
    return f"?{url.split('?', 1)[1]}" if "?" in url else ""


class _running:  # noqa: N801  # a context manager, used like a function
    def __init__(self, command: list[str], *, env: dict[str, str]) -> None:
        self.process = subprocess.Popen(command, env=env, cwd=settings.BASE_DIR)

    def __enter__(self) -> subprocess.Popen[bytes]:
        return self.process

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        try:
            self.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for_port(port: int) -> None:
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail(f"nothing listens on port {port}")
