"""How many interactions a booking takes, with nothing but what is visible, through the running server.

Run with `bin/bench human`. A known client from a phone call (at most 5), somebody new (at most 9), and, where their
modules are there, a client online on a phone (at most 8 taps) and a follow-up note (at most 25). Fails when one takes
more.
"""

import contextlib
import importlib
import sys
import time

from _browser import Hands, chromium, clinic, front_desk
from playwright.sync_api import Browser, Page, expect

KNOWN, NEW = 5, 9
DESK = {"width": 1440, "height": 900}


def known_client(browser: Browser, url: str) -> bool:
    """Somebody who was here today and rings for the next visit."""
    page = front_desk(browser.new_context(viewport=DESK), url)
    name = page.locator(".appt[data-status=completed] .name").first.inner_text().strip()
    hands = Hands(page)
    hands.press("n")
    expect(page.get_by_label("Who is coming?")).to_be_focused()
    given, family = name.split()[0], name.split()[-1]
    hands.write(family[:3].lower())
    suggested = page.locator("#book-results [role=option]")
    expect(suggested.first).to_contain_text(family[:3], ignore_case=True)
    if name not in suggested.first.inner_text():  # a common name: go on typing
        hands.write_on(f" {given[:3].lower()}")
    _choose(page, hands, name)
    hands.press("Enter")
    expect(page.locator("input[name=slot]:checked")).to_be_focused()
    hands.press("ArrowRight")  # the second of the free times that were read out
    hands.press("Enter")
    _is_booked(page, name)
    return hands.tell("a known client", KNOWN)


def new_client(browser: Browser, url: str) -> bool:
    page = front_desk(browser.new_context(viewport=DESK), url)
    hands = Hands(page)
    hands.press("n")
    expect(page.get_by_label("Who is coming?")).to_be_focused()
    digits = str(time.time_ns() // 1000)[-7:]  # nobody whom the practice knows from an earlier run
    name = f"Quirin {''.join('aeiolmnrst'[int(digit)] for digit in digits).title()}"
    hands.write(name)
    _choose(page, hands, "New client")
    hands.press("Enter")
    expect(page.locator(".book-new").get_by_label("Phone")).to_be_focused()
    hands.write(f"646 555 {digits[-4:]}")
    hands.press("Enter")
    expect(page.locator("input[name=slot]:checked")).to_be_focused()
    hands.press("ArrowRight")
    hands.press("Enter")
    _is_booked(page, name)
    return hands.tell("a new client", NEW)


def _choose(page: Page, hands: Hands, name: str) -> None:
    """Down the suggestions to the one that is meant; each arrow counts."""
    suggested = page.locator("#book-results [role=option]")
    expect(suggested.filter(has_text=name).first).to_be_visible()
    page.wait_for_timeout(300)  # nobody reads a list faster
    wanted = [name in option.inner_text() for option in suggested.all()].index(True)
    for _step in range(wanted):
        hands.press("ArrowDown")


def _is_booked(page: Page, name: str) -> None:
    expect(page.locator("[data-toast]").filter(has_text=f"{name} is booked")).to_be_visible()


def main() -> int:
    checks = [known_client, new_client]
    with contextlib.suppress(ModuleNotFoundError):
        checks.append(importlib.import_module("_human_online").online)
    with contextlib.suppress(ModuleNotFoundError):
        checks.append(importlib.import_module("_human_note").note)
    with clinic() as url, chromium() as browser:
        few_enough = [check(browser, url) for check in checks]
    return 0 if all(few_enough) else 1


if __name__ == "__main__":
    sys.exit(main())
