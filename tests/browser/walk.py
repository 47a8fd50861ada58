"""How the browser tests go through a client's form: by taps, with axe on every screen."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect


def look(page: Page) -> None:
    """Axe finds nothing, and nothing is wider than the window."""
    found = Axe().run(page)
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url


class Walk:
    """Taps what is visible, counts the taps, looks at every screen with axe."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url, self.taps = page, url, 0

    def open(self) -> None:
        self.page.goto(self.url)
        self.look()
        self.page.get_by_label("Your date of birth").fill("1967-08-04")
        self.tap("form button.button")
        self.page.wait_for_url("**/step/*/")

    def tap(self, selector: str) -> None:
        self.page.locator(selector).first.tap()
        self.taps += 1

    def choose(self, name: str, value: str) -> None:
        self.tap(f'label:has(input[name="{name}"][value="{value}"])')

    def next(self, step: int) -> None:
        self.tap(".next .button")
        self.page.wait_for_url(f"**/step/{step}/")
        self.look()

    def look(self) -> None:
        look(self.page)

    def saved(self) -> None:
        self.page.wait_for_load_state("load")  # before its scripts run, a page says "saved" of what it was sent with
        expect(self.page.locator("[data-saved]")).to_have_attribute("data-state", "saved")

    def harmless_until_map(self) -> None:
        self.page.locator('[name="reason.main"]').fill("Burning on the outside of my right hip")
        self.choose("duration", "6_to_12_weeks")
        self.next(2)
        self.choose("onset", "gradual")
        self.choose("course", "same")
        self.next(3)

    def mark(self, view: str, key: str, strength: int) -> None:
        self.choose("pain-map.view", view)
        sheet = self.page.locator(f'[data-mark="{key}"][data-open]')
        for _ in range(4):
            self.tap(f'svg[data-view="{view}"] [data-region="{key}"]:not(.mark)')
            if sheet.is_visible():
                break
        self.choose(f"pain-map.intensity.{key}", str(strength))

    def done(self) -> None:
        self.tap('.sheet[data-open] [data-does="done"]')


def sign(page: Page) -> None:
    pad = page.locator("signature-pad svg")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 30, box["y"] + 40)
    page.mouse.down()
    for step in range(8):
        page.mouse.move(box["x"] + 40 + 20 * step, box["y"] + (30 if step % 2 else 70))
    page.mouse.up()
    expect(page.locator("signature-pad")).to_have_attribute("data-signed", "")
