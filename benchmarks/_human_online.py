"""Counts the taps of a new client who books online on a phone, by what the pages show and nothing else."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
MOST_TAPS = 8
# What somebody types; a field is one tap, then the keyboard. What is optional is left out.
TYPED = (("Given name", "Nora"), ("Family name", "Field"), ("E-mail", "nora.field.{number}@example.org"))


@dataclass
class Taps:
    """The fingers of one person: taps on what can be seen, each written down."""

    page: Any
    done: list[str] = field(default_factory=list)

    def tap(self, what: str, target: Any) -> None:
        target.tap()
        self.done.append(what)

    def type(self, label: str, text: str) -> None:
        self.tap(f"field {label}", self.page.get_by_label(label))
        self.page.keyboard.type(text)


def book_online(browser: Any, base_url: str, *, number: int = 1) -> list[str]:
    """From /book/ to the page that says so: the taps it took. Raises AssertionError when it did not come to that."""
    context = browser.new_context(**PHONE)
    page = context.new_page()
    taps = Taps(page)
    page.goto(f"{base_url}/book/")
    if page.get_by_role("heading", name="Where would you like to come?").is_visible():
        taps.tap("the place", page.get_by_role("main").get_by_role("listitem").get_by_role("link").first)
    taps.tap("the service", page.get_by_role("main").get_by_role("listitem").get_by_role("link").first)
    anyone = page.get_by_role("link", name="Anyone")
    if anyone.is_visible():
        taps.tap("anyone", anyone)
    taps.tap("a time", page.get_by_role("main").get_by_role("group").get_by_role("button").first)
    for label, text in TYPED:
        taps.type(label, text.format(number=f"{number}.{dt.datetime.now(dt.UTC):%H%M%S}"))
    taps.tap("Book this time", page.get_by_role("button", name="Book this time"))
    page.get_by_role("heading", name="You are booked").wait_for()
    context.close()
    return taps.done
