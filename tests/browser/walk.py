"""How the browser tests go through a client's form: by what its pages show, whatever they ask."""

import time
from collections.abc import Callable
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Locator, Page, expect

HARMLESS = ("no", "no_or_adult", "none")
MOST_SCROLLS = 12
SECONDS_A_TAP, SECONDS_A_LETTER = 1.5, 0.33  # 36 words a minute on a phone: Palin et al. 2019, MobileHCI

# A spot where a finger would meet the element and nothing else; null when there is none in the window.
SPOT = """(wanted) => {
  const box = wanted.getBoundingClientRect();
  const shares = [0.5, 0.3, 0.7, 0.15, 0.85];
  for (const down of shares) for (const across of shares) {
    const [x, y] = [box.x + box.width * across, box.y + box.height * down];
    if (x < 0 || y < 0 || x >= innerWidth || y >= innerHeight) continue;
    const met = document.elementFromPoint(x, y);
    if (met && wanted.contains(met)) return { x, y };
  }
  return null;
}"""
# One swipe towards the element, as far as a thumb goes.
SWIPE = """(wanted) => {
  let room = wanted.parentElement;
  const mayScroll = (each) => /auto|scroll/.test(getComputedStyle(each).overflowY);
  const scrolls = (each) => each.scrollHeight > each.clientHeight + 1 && mayScroll(each);
  while (room && !scrolls(room)) room = room.parentElement;
  const box = wanted.getBoundingClientRect();
  const most = innerHeight * 0.75;
  const by = Math.max(-most, Math.min(most, box.y + box.height / 2 - innerHeight / 2));
  (room ?? document.scrollingElement).scrollBy({ top: by, behavior: "instant" });
}"""
# What is drawn wrong: a window that scrolls sideways, text cut off, a control that another thing lies over.
CUT = """() => {
  const wrong = [];
  const note = (what, each) => wrong.push(`${what}: ${each.outerHTML.slice(0, 100)}`);
  const aside = "svg, .visually-hidden, .skip-link";
  const isSeen = (each) => each.checkVisibility({ visibilityProperty: true }) && !each.closest(aside);
  const wide = document.documentElement.scrollWidth;
  if (wide > innerWidth) note(`scrolls sideways to ${wide}`, document.documentElement);
  for (const each of [...document.querySelectorAll("h1, h2, legend, label, button, p, a")].filter(isSeen)) {
    const style = getComputedStyle(each);
    const box = each.getBoundingClientRect();
    const hides = style.overflowX !== "visible" && style.position !== "absolute";
    if (hides && each.scrollWidth > each.clientWidth + 1) note("cut off", each);
    if (box.width > 1 && box.x >= 0 && box.right > innerWidth + 1) note("past the edge", each);
  }
  const place = document.querySelector(".sheet[data-open]") ? ".sheet[data-open]" : "main";  // it lies over the rest
  const kinds = ["button", "a[href]", "label:has(input)", "textarea", "input.input"];
  const controls = kinds.map((kind) => `${place} ${kind}`);
  for (const each of [...document.querySelectorAll(controls.join())].filter(isSeen)) {
    each.scrollIntoView({ block: "center", behavior: "instant" });
    const { x, y, width, height } = each.getBoundingClientRect();
    if (width < 2 || height < 2) continue;
    const met = document.elementFromPoint(x + width / 2, y + Math.min(height / 2, innerHeight / 2));
    if (met && !each.contains(met) && !met.contains(each)) note(`under ${met.outerHTML.slice(0, 60)}`, each);
  }
  scrollTo(0, 0);
  return wrong;
}"""
REDRAWN_FOR_ALL = ["color-contrast", "scrollable-region-focusable", "link-in-text-block"]
# All that axe says is that a page is well; of what is not, it tells the rule and the elements.
AXE = """(options) => axe.run(document, { resultTypes: ["violations"], ...options }).then(
  ({ violations }) => violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 200))]))"""


def violations(page: Page, *, only: list[str] | None = None) -> list[list[Any]]:
    """What axe finds wrong: rule and elements; of all rules or `only` some."""
    if not page.evaluate("'axe' in globalThis"):
        page.evaluate(AXE_SCRIPT)
    found: list[list[Any]] = page.evaluate(AXE, {"runOnly": only} if only else {})
    return found


def look(page: Page) -> None:
    """Axe finds nothing, and nothing is wider than the window."""
    assert violations(page) == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url


def is_whole(page: Page) -> None:
    """Nothing is cut off, nothing lies over a control, nothing scrolls sideways."""
    wrong = page.evaluate(CUT)
    assert not wrong, "\n".join([f"{page.url} at {page.viewport_size}", *wrong])


def look_everywhere(page: Page) -> None:
    """The page as a desk, a phone and a small phone show it, by day and by night: whole once, then what is redrawn."""
    look(page)
    before = page.viewport_size
    page.set_viewport_size({"width": 1440, "height": 844})
    page.emulate_media(color_scheme="dark")
    assert violations(page, only=REDRAWN_FOR_ALL) == [], f"{page.url} by night"
    is_whole(page)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 320, "height": 844})
    assert violations(page, only=["target-size"]) == [], f"{page.url} at 320"
    is_whole(page)
    assert before
    page.set_viewport_size(before)


def look_by_day_and_night(page: Page, wide: int, narrow: int) -> None:
    """A page of staff, loaded once: whole on a desk by day, then what is redrawn by night and on a phone.

    Colours change with the night, not with the width; desks are no phones: their targets may be small.
    """
    page.set_viewport_size({"width": wide, "height": 900})
    look(page)
    page.emulate_media(color_scheme="dark")
    for width in (wide, narrow):
        page.set_viewport_size({"width": width, "height": 900})
        assert violations(page, only=REDRAWN_FOR_ALL) == [], f"{page.url} at {width} by night"
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{page.url} at {width}"
    page.emulate_media(color_scheme="light")


class Walk:
    """Taps what is visible and nothing else, counts taps, swipes and letters; with `sees` looks at every screen."""

    def __init__(self, page: Page, url: str, *, sees: Callable[[Page], None] | None = None) -> None:
        self.page, self.url, self.sees = page, url, sees
        self.taps = self.swipes = self.letters = 0
        self.began = time.monotonic()

    @property
    def seconds(self) -> float:
        """How long it takes a person."""
        return (self.taps + self.swipes) * SECONDS_A_TAP + self.letters * SECONDS_A_LETTER

    def tell(self) -> str:
        counted = f"{self.taps} taps, {self.swipes} swipes, {self.letters} letters"
        return f"{counted}: {self.seconds:.0f} s for a person, {time.monotonic() - self.began:.0f} s here"

    def open(self) -> None:
        self.page.goto(self.url)
        self._see()
        self.page.get_by_label("Your date of birth").fill("1967-08-04")
        self.letters += 8
        self.tap("form button.button")
        self.page.wait_for_url("**/step/*/")

    def tap(self, wanted: str | Locator) -> None:
        found = (self.page.locator(wanted) if isinstance(wanted, str) else wanted).first
        found.wait_for()
        spot = found.evaluate(SPOT)
        for _swipe in range(MOST_SCROLLS):
            if spot:
                break
            found.evaluate(SWIPE)
            self.swipes += 1
            spot = found.evaluate(SPOT)
        assert spot, f"nothing to tap is visible of {wanted} at {self.page.url}"
        self.page.touchscreen.tap(spot["x"], spot["y"])
        self.taps += 1

    def write(self, wanted: str | Locator, text: str) -> None:
        field = self.page.locator(wanted) if isinstance(wanted, str) else wanted
        self.tap(field)
        expect(field).to_be_focused()
        self.page.keyboard.insert_text(text)
        self.letters += len(text)

    def choose(self, name: str, value: str) -> None:
        self.tap(f'label:has(input[name="{name}"][value="{value}"])')

    def next(self, step: int | None = None) -> None:
        with self.page.expect_navigation():
            self.tap(".next .button")
        if step is not None:
            self.page.wait_for_url(f"**/step/{step}/")
        self._see()

    def look(self) -> None:
        look(self.page)

    def _see(self) -> None:
        if self.sees:
            self.page.wait_for_load_state("load")
            self.sees(self.page)

    def saved(self) -> None:
        self.page.wait_for_load_state("load")  # before its scripts run, a page says "saved" of what it was sent with
        expect(self.page.locator("[data-saved]")).to_have_attribute("data-state", "saved")

    def answer(self) -> None:
        """Whatever this screen requires and was not answered yet, by one tap each; nothing that raises a flag."""
        self.page.wait_for_load_state("domcontentloaded")  # a page that is still coming asks nothing yet
        done: set[str] = set()
        while True:
            asked = [each for each in self.page.locator(".questions .asked").all() if each.is_visible()]
            fresh = [(str(each.get_attribute("data-asked")), each) for each in asked]
            fresh = [(name, each) for name, each in fresh if name not in done]
            if not fresh:
                return
            for name, each in fresh:
                done.add(name)
                if not each.locator(".optional, body-map, input:checked, .read-only").count():
                    self._answer(each)

    def _answer(self, asked: Locator) -> None:
        if asked.locator("signature-pad").count():
            self.sign()
        elif asked.locator("input[type=radio], input[type=checkbox]").count():
            harmless = ", ".join(f'label:has(input[value="{value}"])' for value in (*HARMLESS, "4"))
            fits = asked.locator(harmless)
            self.tap(fits if fits.count() else asked.locator("label:has(input)"))
        elif asked.locator("textarea, input.input").count():
            self.write(asked.locator("textarea, input.input").first, "My right hip")

    def harmless_until_map(self) -> None:
        while not self.page.locator("body-map").count():
            self.answer()
            self.next()

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

    def sign(self) -> None:
        pad = self.page.locator("signature-pad svg").first
        if not pad.evaluate(SPOT):
            pad.evaluate(SWIPE)
            self.swipes += 1
        sign(self.page)
        self.taps += 1


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
