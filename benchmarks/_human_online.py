"""How many taps a new client needs who books online on a phone, by what the pages show and nothing else."""

import datetime as dt
from dataclasses import dataclass, field

from playwright.sync_api import Browser, Locator, Page, expect

PHONE = {"width": 390, "height": 844}
MOST_TAPS = 8
# What somebody types; a field is one tap, then the keyboard. What is optional is left out.
TYPED = {"Given name": "Nora", "Family name": "Field", "E-mail": "nora.{now:%H%M%S%f}@example.org"}


@dataclass
class Thumb:
    """Taps on what can be seen, each written down."""

    page: Page
    taps: list[str] = field(default_factory=list)

    def tap(self, what: str, target: Locator) -> None:
        expect(target).to_be_visible()
        target.tap()
        self.taps.append(what)

    def is_asked(self, question: str) -> bool:
        """Whether the page asks this, once it asks something."""
        self.page.wait_for_load_state()
        heading = self.page.get_by_role("heading", level=1)
        return heading.inner_text() == question


def online(browser: Browser, url: str) -> bool:
    """From /book/ to the page that says it is booked."""
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True)
    page = context.new_page()
    thumb = Thumb(page)
    choices = page.get_by_role("main").get_by_role("listitem").get_by_role("link")
    page.goto(f"{url}/book/")
    if thumb.is_asked("Where would you like to come?"):
        thumb.tap("the place", choices.first)
        page.wait_for_url("**/book/?location=*")
    thumb.tap("the service", choices.first)
    page.wait_for_url("**/book/*-*/**")
    if thumb.is_asked("Who would you like to see?"):
        thumb.tap("anyone", page.get_by_role("link", name="Anyone"))
        page.wait_for_url("**/times/**")
    thumb.tap("a time", page.get_by_role("main").get_by_role("group").get_by_role("button").first)
    for label, text in TYPED.items():
        thumb.tap(label.lower(), page.get_by_label(label))
        page.keyboard.type(text.format(now=dt.datetime.now(dt.UTC)))
    thumb.tap("Book this time", page.get_by_role("button", name="Book this time"))
    expect(page.get_by_role("heading", name="You are booked")).to_be_visible()
    context.close()
    print(f"a new client online: {len(thumb.taps)} taps (at most {MOST_TAPS}): {', '.join(thumb.taps)}")
    return len(thumb.taps) <= MOST_TAPS
