"""The style guide in a real browser: accessible, narrow enough, and its small scripts do what they say."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.walk import look_by_day_and_night

STYLEGUIDE = "/styleguide/"


@pytest.fixture
def guide(live_server: Any, desk_page: Page) -> Page:
    desk_page.goto(f"{live_server.url}{STYLEGUIDE}")
    expect(desk_page.locator("html[data-ready]")).to_be_attached()
    return desk_page


def test_axe_finds_nothing_on_the_style_guide(guide: Page) -> None:
    look_by_day_and_night(guide, 1440, 390)


def test_nothing_is_wider_than_its_window(guide: Page) -> None:
    for width in (1440, 1024, 768, 390, 320):
        guide.set_viewport_size({"width": width, "height": 900})
        assert guide.evaluate("document.documentElement.scrollWidth") <= width


def test_the_page_is_whole_without_scripts(live_server: Any, new_context: Callable[..., BrowserContext]) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"{live_server.url}{STYLEGUIDE}")
    page.get_by_role("button", name="Dark").first.click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_the_theme_changes_at_once_and_stays(guide: Page) -> None:
    with guide.expect_response("**/preferences/theme/"):
        guide.get_by_role("button", name="Dark").first.click()
    expect(guide.locator("html")).to_have_attribute("data-theme", "dark")
    guide.reload()
    expect(guide.locator("html")).to_have_attribute("data-theme", "dark")


def test_a_question_mark_lists_the_keys_of_this_page(guide: Page) -> None:
    guide.keyboard.press("?")
    dialog = guide.locator("dialog#shortcuts")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("New appointment")
    guide.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_letters_typed_into_a_field_are_letters(guide: Page) -> None:
    field = guide.get_by_label("Name", exact=False).first
    field.fill("")
    field.press_sequentially("n?/")
    expect(field).to_have_value("n?/")
    expect(guide.locator("dialog#shortcuts")).to_be_hidden()


def test_single_letters_can_be_switched_off(guide: Page) -> None:
    guide.keyboard.press("?")
    guide.get_by_role("switch", name="Use single-letter shortcuts").uncheck(force=True)
    guide.keyboard.press("Escape")
    guide.keyboard.press("?")
    expect(guide.locator("dialog#shortcuts")).to_be_hidden()


def test_a_toast_can_be_taken_back_and_closed(guide: Page) -> None:
    event = "{detail: {items: [{text: 'Moved to 14:30.', undo: '/undo/'}]}}"
    guide.evaluate(f"document.body.dispatchEvent(new CustomEvent('toasts', {event}))")
    toast = guide.locator("#toasts .toast")
    expect(toast).to_contain_text("Moved to 14:30.")
    expect(toast.locator("form[action='/undo/'] button")).to_have_text("Undo")


def test_leaving_a_form_with_changes_asks_first(guide: Page) -> None:
    guide.evaluate("document.querySelector('#form form').dataset.guard = ''")
    guide.evaluate("document.dispatchEvent(new CustomEvent('htmx:load', {bubbles: true}))")
    guide.get_by_label("Remarks").first.fill("Sleeps better.")
    asked: list[str] = []
    guide.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    guide.reload()
    assert asked == ["beforeunload"]
