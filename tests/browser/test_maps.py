"""A therapist compares maps, marks one with the client, draws by hand; by keyboard, on a phone, without scripts."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from clinic.people.models import Client, User
from intake.models import PainDrawing
from intake.rules import Mark
from tests.browser.test_note import cookie_of
from tests.browser.walk import look
from tests.intake.test_maps import draw_map

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def maps(client_record: Client) -> str:
    """Three visits; the address of their page."""
    draw_map(client_record, Mark("lateral-hip", "right", ("aching",), 7), Mark("posterior-calf", "right"), days_ago=9)
    draw_map(client_record, Mark("lateral-hip", "right", ("aching",), 5), days_ago=6)
    draw_map(client_record, Mark("lateral-hip", "right", ("aching",), 3), days_ago=1)
    return reverse("intake:client-maps", args=[client_record.pk])


def sign_in(page: Page, user: User, url: str) -> None:
    page.context.add_cookies([cookie_of(user, url)])  # type: ignore[list-item]


def test_the_slider_goes_through_every_visit_by_keyboard(
    desk_page: Page, live_server: Any, therapist: User, maps: str
) -> None:
    sign_in(desk_page, therapist, live_server.url)
    desk_page.goto(live_server.url + maps)
    slider = desk_page.get_by_role("slider", name="Visit")
    assert slider.get_attribute("aria-valuetext", timeout=5_000)
    shown = desk_page.locator("[data-visit][data-shown]")
    expect(shown).to_contain_text("Right outer hip 5 → 3.")
    slider.press("ArrowLeft")
    expect(shown).to_contain_text("Gone from the right calf; right outer hip 7 → 5.")
    slider.press("Home")
    expect(shown).to_contain_text("The first drawing.")
    look(desk_page)


def test_without_a_script_every_visit_is_in_the_page(
    browser: Browser, live_server: Any, therapist: User, maps: str
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, therapist, live_server.url)
    page.goto(live_server.url + maps)
    assert page.locator("[data-visit]:visible").count() == 3
    expect(page.get_by_role("slider")).to_have_count(0)
    context.close()


def test_a_map_is_marked_with_the_client_and_drawn_on_by_hand(
    desk_page: Page, live_server: Any, therapist: User, client_record: Client
) -> None:
    page = desk_page
    sign_in(page, therapist, live_server.url)
    page.goto(live_server.url + reverse("intake:map-create", args=[client_record.pk]))
    page.locator('svg[data-view="front"] [data-region="anterior-thigh.right"]').press("Enter")
    sheet = page.locator(".sheet[data-open]")
    sheet.locator('.scale label:has(input[value="6"])').click()
    expect(page.locator("#map-prompts")).to_contain_text("Rectus femoris")
    sheet.get_by_role("button", name="Draw it").click()
    box = page.locator('svg[data-view="front"]').bounding_box()
    assert box
    across, down = box["x"] + box["width"] / 2, box["y"] + box["height"] / 3
    for _line in range(2):
        page.mouse.move(across, down)
        page.mouse.down()
        page.mouse.move(across + 30, down + 60, steps=6)
        page.mouse.up()
    expect(page.locator("path.stroke")).to_have_count(1)
    sheet.get_by_role("button", name="Take a line back").click()
    look(page)
    page.get_by_role("button", name="Keep the map").click()
    page.wait_for_url("**/maps/")
    (mark,) = PainDrawing.objects.for_client(client_record)[0].marks.all()
    assert (mark.key, mark.intensity, mark.stroke["view"], len(mark.stroke["lines"])) == (
        "anterior-thigh.right",
        6,
        "front",
        1,
    )


def test_the_pages_of_maps_fit_a_phone(
    phone_page: Page, live_server: Any, therapist: User, client_record: Client, maps: str
) -> None:
    sign_in(phone_page, therapist, live_server.url)
    for address in (maps, reverse("intake:map-create", args=[client_record.pk])):
        phone_page.set_viewport_size({"width": 320, "height": 640})
        phone_page.goto(live_server.url + address)
        assert phone_page.evaluate("document.documentElement.scrollWidth") <= 320
        look(phone_page)
