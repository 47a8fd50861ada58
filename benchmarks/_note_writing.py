"""A person writing a note at one device, what may happen to them there, and what is found of their text afterwards."""

import json
import random
import re
import string
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol

from playwright.sync_api import BrowserContext, Page, Request, Response, Route
from playwright.sync_api import Error as BrowserError

SECTIONS = ("subjective", "objective", "assessment", "plan")
WORD = re.compile(r"q[a-z]+\d+x\d+y\d")
DRAFT = re.compile(r"/notes/[0-9a-f-]+/draft/$")
KEPT = "Object.keys(localStorage).filter((key) => key.startsWith('palpate-note:')).length"
STATES = "['saved', 'conflict', 'signed', undefined]"
QUIET = f"{STATES}.includes(document.getElementById('save-state')?.dataset.state) && !{KEPT}"
AT_END = "(box) => { box.focus(); box.setSelectionRange(box.value.length, box.value.length); }"
STORE_OFF = """
Storage.prototype.setItem = () => { throw new Error("switched off"); };
Object.defineProperty(window, "indexedDB", { value: undefined });
"""


class Server(Protocol):
    """What a test or a benchmark can do to the server behind the pages."""

    def end_session(self, key: str) -> None: ...

    def cookie(self) -> dict[str, Any]: ...

    def kill(self) -> None: ...


class Device:
    """One browser of one person, and the words they typed there."""

    pace = 1.0  # of a person; less is in a hurry

    def __init__(self, context: BrowserContext, server: Server, address: str, name: str, chance: random.Random) -> None:
        self.context, self.server, self.address, self.name, self.chance = context, server, address, name, chance
        context.set_default_timeout(10_000)
        self.typed: list[str] = []
        self.acknowledged: set[str] = set()
        self.has_met: list[str] = []
        self.page: Page | None = None
        self.sign_in()

    @property
    def tab(self) -> Page:
        return self.page or self.open()

    def leave(self) -> None:
        """Close what is open; the browser stays."""
        for page in self.context.pages:
            with suppress(BrowserError):
                page.close()

    def sign_in(self) -> None:
        cookie = self.server.cookie()
        self.session = cookie["value"]
        self.context.add_cookies([cookie])  # type: ignore[list-item]

    def open(self) -> Page:
        """The note in a new tab, however long the server is away."""
        self.context.set_offline(False)
        self.page = page = self.context.new_page()
        page.on("response", self._heard)
        page.on("dialog", lambda dialog: dialog.accept())
        for _attempt in range(60):
            with suppress(BrowserError):
                answer = page.goto(self.address, wait_until="domcontentloaded", timeout=20_000)
                if "/accounts/" in page.url:  # the session is over: signed in again, as anybody would
                    self.sign_in()
                    continue
                if answer and answer.status < 500:
                    page.wait_for_function("document.querySelector('note-editor')?.keeper", timeout=20_000)
                    return page
            time.sleep(0.5)
        raise AssertionError(f"{self.address} does not open")

    def _heard(self, answer: Response) -> None:
        if DRAFT.search(answer.url) and answer.status in (200, 409, 412):
            self.acknowledged |= set(WORD.findall(answer.request.post_data or ""))

    def write(self, words: int = 3) -> None:
        """Words into sections by chance; what did not get into its box, a question over it, was not typed."""
        if self.page is None or self.page.is_closed():
            return
        for _word in range(words):
            letters = "".join(self.chance.choices(string.ascii_lowercase, k=self.chance.randint(2, 9)))
            word = f"q{letters}{len(self.typed)}x{self.name}"
            box = self.page.locator(f"#id_{self.chance.choice(SECTIONS)}")
            with suppress(BrowserError):
                box.evaluate(AT_END)
                self.page.keyboard.type(f"{word} ")
                if word in box.input_value():
                    self.typed.append(word)
            self.pause(0, 0.4)

    def pause(self, low: float, high: float) -> None:
        """As the page's own clock goes on: answers are heard meanwhile."""
        if self.page and not self.page.is_closed():
            with suppress(BrowserError):
                self.page.wait_for_timeout(self.chance.uniform(low, high) * 1000 * self.pace)

    def come_back(self, seconds: float = 40) -> None:
        """Online, signed in, the note open; until nothing is on its way any more."""
        self.context.set_offline(False)
        self.sign_in()
        page = self.page if self.page and not self.page.is_closed() else self.open()
        with suppress(BrowserError):
            page.evaluate("document.dispatchEvent(new CustomEvent('signed-in'))")
        try:
            page.wait_for_timeout(700)
            page.wait_for_function(QUIET, timeout=seconds * 1000)
        except BrowserError:  # a page that went on to another, or is stuck: as a person would, once more
            with suppress(BrowserError):
                page.close()
            page = self.open()
            with suppress(BrowserError):
                page.wait_for_function(QUIET, timeout=seconds * 1000)
        page.wait_for_timeout(300)

    def shown(self) -> str:
        """What the page offers: the text in its form."""
        boxes = "[...document.querySelectorAll('note-editor textarea')].map((box) => box.value).join(' ')"
        return str(self.page.evaluate(boxes)) if self.page and not self.page.is_closed() else ""


def session_over(device: Device) -> None:
    device.server.end_session(device.session)
    device.write()
    device.pause(0, 4)


def network_cut(device: Device) -> None:
    device.context.set_offline(True)
    device.write(4)
    device.pause(0, 4)
    if device.chance.random() < 0.5:
        device.context.set_offline(False)


def answer_dropped(device: Device) -> None:
    """The server saves, and its answer never arrives."""
    left = [1]

    def drop(route: Route, _request: Request) -> None:
        if left and left.pop():
            with suppress(BrowserError):
                route.fetch(timeout=5000)
            route.abort()
        else:
            route.continue_()

    device.tab.route(DRAFT, drop)
    device.write()
    device.pause(2, 4)
    device.write()


def tab_killed(device: Device) -> None:
    """The tab's process is gone between two keys: no script of the page hears of it."""
    with suppress(BrowserError):
        device.tab.goto("chrome://crash", timeout=5000)
    with suppress(BrowserError):
        device.tab.close()
    device.open()


def tab_closed(device: Device) -> None:
    device.tab.close(run_before_unload=False)
    if device.chance.random() < 0.5:
        device.open()


def reloaded(device: Device) -> None:
    with suppress(BrowserError):
        device.tab.reload(wait_until="domcontentloaded", timeout=20_000)
        device.tab.wait_for_function("document.querySelector('note-editor')?.keeper", timeout=20_000)
        return
    device.tab.close()
    device.open()


def server_killed(device: Device) -> None:
    device.server.kill()
    device.write(4)


HAPPENINGS: dict[str, Callable[[Device], None]] = {
    "session over": session_over,
    "network cut": network_cut,
    "answer dropped": answer_dropped,
    "tab killed": tab_killed,
    "tab closed": tab_closed,
    "reload": reloaded,
    "server killed": server_killed,
}


def happenings(chance: random.Random) -> list[str]:
    """One to three; a killed server meets everybody who writes at the time, so it is killed in one draft of twelve."""
    names = chance.sample([name for name in HAPPENINGS if name != "server killed"], chance.randint(1, 3))
    if chance.random() < 1 / 12:
        names[chance.randrange(len(names))] = "server killed"
    return names


def write_through(devices: list[Device], names: list[str]) -> None:
    """All devices write by turns; what happens, happens to one of them in the middle of it."""
    for device in devices:
        device.open()
        device.write()
    for name in names:
        device = devices[0].chance.choice(devices)
        if device.page is None or device.page.is_closed():
            device.come_back()
        device.write()
        device.pause(0, 3.5)
        device.write(1)
        HAPPENINGS[name](device)
        device.has_met.append(name)
    for device in devices:
        device.write()
    for device in devices:
        device.come_back()


def lost_words(devices: list[Device], stored: list[Any]) -> tuple[list[str], list[str]]:
    """Words that were acknowledged, and words that were only typed, of which nothing is found any more."""
    # Anywhere in it: a word that a question over the page broke off leaves its first letter before the next one.
    found = " ".join([json.dumps(stored), *(device.shown() for device in devices)])
    lost = [(word, device) for device in devices for word in device.typed if word not in found]
    acknowledged = [word for word, device in lost if word in device.acknowledged]
    return acknowledged, [word for word, device in lost if word not in device.acknowledged]
