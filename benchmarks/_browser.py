"""A running clinic and a person at it, who uses only what can be seen and focused. Counts what they do."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")
os.environ.setdefault("PALPATE_DEMO", "1")
# Playwright runs an event loop in this thread; the ORM is used beside it, not inside it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
django.setup()

from django.core.management import call_command  # noqa: E402
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright  # noqa: E402

from clinic.people.models import Practice  # noqa: E402

expect.set_options(timeout=20_000)
ROOT = Path(__file__).resolve().parent.parent
SECONDS_AN_INTERACTION = 1.2
SECONDS_A_KEY = 0.2


@contextmanager
def clinic() -> Iterator[str]:
    """The demo practice behind gunicorn, as `bin/serve` runs it; gives its address."""
    if not Practice.objects.exists():
        call_command("seed_demo")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "gunicorn", "clinic.wsgi", "-b", f"127.0.0.1:{port}", "--threads", "4"]
    server = subprocess.Popen([*command, "--log-level", "error"], cwd=ROOT, env=os.environ)
    try:
        for _attempt in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        try:
            server.wait(timeout=10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


@contextmanager
def chromium() -> Iterator[Browser]:
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    path = os.environ.get("CHROMIUM_PATH") or next(filter(None, map(shutil.which, names)), None)
    path = path or str(ROOT / "bin/chromium/node_modules/.unpacked/start")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--no-first-run"])
        try:
            yield browser
        finally:
            browser.close()


def front_desk(context: BrowserContext, url: str) -> Page:
    """Signed in by one tap, in front of today's calendar."""
    page = context.new_page()
    page.goto(f"{url}/accounts/login/")
    page.click("button[value=front_desk]")
    page.goto(f"{url}/calendar/")
    page.wait_for_selector("html[data-ready]", state="attached")
    return page


class Hands:
    """Presses keys, types and taps. A run of typing into one field is one interaction, as a key or a tap is."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.steps: list[str] = []
        self.keystrokes = 0
        self.began = time.monotonic()

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.keystrokes += 1
        self.steps.append(key)

    def write(self, text: str) -> None:
        expect(self.page.locator("input:focus, textarea:focus")).to_be_visible()
        self.page.keyboard.type(text)
        self.keystrokes += len(text)
        self.steps.append(f"“{text}”")

    def write_on(self, text: str) -> None:
        """More of what is being written: the same interaction."""
        self.page.keyboard.type(text)
        self.keystrokes += len(text)
        self.steps[-1] = f"{self.steps[-1][:-1]}{text}”"

    def tap(self, what: Locator) -> None:
        expect(what).to_be_in_viewport()
        what.click()
        self.steps.append(f"tap {what.inner_text().strip()[:20]}")

    @property
    def person_seconds(self) -> float:
        return len(self.steps) * SECONDS_AN_INTERACTION + self.keystrokes * SECONDS_A_KEY

    def tell(self, name: str, most: int) -> bool:
        """Print what was done. Returns whether it was few enough."""
        seconds = time.monotonic() - self.began
        print(
            f"{name:34}{len(self.steps):>3} interactions (at most {most}), {self.keystrokes} keystrokes, "
            f"{self.person_seconds:.0f} s for a person, {seconds:.1f} s here: {', '.join(self.steps)}"
        )
        return len(self.steps) <= most
