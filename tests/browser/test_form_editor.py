"""A form is made, ordered, made conditional, tried and published with the keyboard alone."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client as Browser
from playwright.sync_api import Locator, Page, expect

from clinic.people.models import User
from intake.models import Questionnaire
from intake.rules import outline
from tests.browser.walk import violations

pytestmark = pytest.mark.django_db(transaction=True)
MOST_STOPS = 90


@pytest.fixture
def desk(live_server: Any, desk_page: Page, owner: User) -> Page:
    """The owner at the list of forms."""
    browser = Browser()
    browser.force_login(owner)
    name = settings.SESSION_COOKIE_NAME
    desk_page.context.add_cookies([{"name": name, "value": browser.cookies[name].value, "url": live_server.url}])
    desk_page.goto(f"{live_server.url}/settings/forms/")
    return desk_page


def reach(page: Page, selector: str) -> Locator:
    """Go on with the Tab key until this control has the focus; on a fresh page past the navigation first."""
    wanted = page.locator(selector).first
    expect(wanted).to_be_attached()
    if page.evaluate("document.activeElement === document.body && !location.hash"):
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
    for _ in range(MOST_STOPS):
        if wanted.evaluate("each => each === document.activeElement"):
            return wanted
        page.keyboard.press("Tab")
    raise AssertionError(f"the Tab key never comes to {selector}")


def add(page: Page, kind: str, words: str) -> None:
    """Choose a kind by its first letters, add it, word it, save it."""
    reach(page, "#id_kind")
    page.keyboard.type(kind)
    reach(page, ".add-part button")
    page.keyboard.press("Enter")
    expect(page.locator("#item-title")).to_have_text("New screen" if "screen" in kind else "New question")
    reach(page, "#id_text")
    page.keyboard.press("Control+a")
    page.keyboard.type(words)
    save(page)
    expect(page.locator("#item-title")).to_have_text(words)


def save(page: Page) -> None:
    with page.expect_navigation():
        reach(page, ".item-side .form-actions button")
        page.keyboard.press("Enter")


def press(page: Page, selector: str) -> None:
    with page.expect_navigation():
        reach(page, selector)
        page.keyboard.press("Enter")


def test_a_form_is_made_with_the_keyboard_alone(desk: Page) -> None:
    page = desk
    expect(page.locator("html[data-ready]")).to_be_attached()
    page.keyboard.press("n")
    reach(page, "#id_title")
    page.keyboard.type("Nights")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Nights")
    add(page, "A new screen", "Sleep")
    add(page, "A whole", "How many hours?")
    add(page, "Yes", "Are you tired?")

    press(page, 'button[name="way"][value="up"]')
    lines = page.locator(".outline ol ol span")
    expect(lines).to_have_text(["Are you tired?", "How many hours?"])

    press(page, '.outline a:has-text("How many hours?")')
    reach(page, "#id_when-0-question")
    page.keyboard.type("Are you")
    expect(page.locator("select#id_when-0-answer")).to_be_attached()
    reach(page, "#id_when-0-answer")
    page.keyboard.type("Yes")
    save(page)
    expect(page.locator(".outline")).to_contain_text("on a condition")
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert violations(page) == []
    page.set_viewport_size({"width": 1440, "height": 900})

    press(page, 'a:has-text("Preview")')
    hours = page.locator('[name]:not([type="hidden"])').and_(page.get_by_label("How many hours?"))
    expect(hours).to_have_count(0)
    reach(page, '.phone input[type="radio"]')
    page.keyboard.press("Space")
    expect(hours).to_be_visible()
    assert violations(page) == []

    press(page, 'a:has-text("Edit")')
    press(page, 'a:has-text("Publish")')
    press(page, 'button:has-text("Publish")')
    expect(page.locator("h1")).to_have_text("Nights")
    form = Questionnaire.objects.get(slug="nights")
    assert form.status == "published"
    hours_row = next(row for row in outline.rows(form.definition) if row["text"] == "How many hours?")
    tired = next(row for row in outline.rows(form.definition) if row["text"] == "Are you tired?")
    assert hours_row["enableWhen"] == [{"question": tired["linkId"], "operator": "=", "answerBoolean": True}]


@pytest.mark.parametrize("path", ["/settings/forms/", "/settings/forms/upload/", "/settings/instruments/lefs/"])
def test_axe_finds_nothing_on_the_pages_about_forms(desk: Page, live_server: Any, path: str) -> None:
    for width in (1440, 390):
        desk.set_viewport_size({"width": width, "height": 900})
        desk.goto(f"{live_server.url}{path}")
        assert violations(desk) == []
        assert desk.evaluate("document.documentElement.scrollWidth") <= width
