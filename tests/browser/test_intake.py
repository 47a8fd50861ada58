"""A client fills the form on a phone; the body map by finger, keyboard and list; nothing is lost."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, expect

from clinic.people.models import Client, User
from intake.answers import answers_of
from intake.models import PainDrawing, RedFlag, Response
from tests.browser.walk import Walk, look, look_by_day_and_night, look_everywhere
from tests.intake.factories import completed, invitation_with_token

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def walk(live_server: Any, client_record: Client, phone_page: Page) -> Walk:
    _invitation, token = invitation_with_token(client_record)
    return Walk(phone_page, f"{live_server.url}/i/{token}/")


def test_a_first_visit_form_is_filled_on_a_phone_within_four_minutes_by_tapping_what_is_visible(
    walk: Walk, client_record: Client
) -> None:
    page = walk.page
    walk.sees = look_everywhere
    walk.open()
    look_everywhere(page)
    walk.harmless_until_map()
    walk.mark("right", "lateral-hip.right", 7)
    walk.choose("pain-map.quality.lateral-hip.right", "burning")
    walk.choose("pain-map.spread.lateral-hip.right", "lateral-thigh.right")
    look(page)
    walk.done()
    expect(page.locator(".place")).to_have_text("7Outer hip, right: 7 of 10, burning, spreads to outer thigh, right")
    expect(page.locator('svg[data-view="right"] .mark[data-pain="7"]')).to_have_count(2)
    while "/done/" not in page.url:
        walk.next()
        if page.locator("form.form-step").count():
            walk.answer()
    drawing = PainDrawing.objects.for_client(client_record).get()
    (mark,) = drawing.marks.all()
    assert (mark.key, mark.intensity, mark.qualities, mark.spreads_to) == (
        "lateral-hip.right",
        7,
        ["burning"],
        "lateral-thigh.right",
    )
    assert not RedFlag.objects.exists()
    assert client_record.consents.filter(signature__isnull=False).count() == 2
    print(f"\n{walk.tell()}")
    assert walk.seconds <= 240


def test_an_emergency_answer_shows_at_once_what_to_do(walk: Walk, owner: User) -> None:
    walk.open()
    walk.page.goto(f"{walk.url}step/6/")
    walk.choose("flag.ces-bladder", "yes")
    walk.page.wait_for_url("**/advice/**")
    expect(walk.page.get_by_role("link", name="Call 112")).to_have_attribute("href", "tel:112")
    walk.look()
    walk.page.emulate_media(color_scheme="dark")
    walk.look()
    walk.tap('a:has-text("I answered by mistake")')
    walk.choose("flag.ces-bladder", "no")
    walk.saved()
    assert RedFlag.objects.unacknowledged().get().taken_back_at is not None


def draw_a_line(walk: Walk) -> None:
    walk.tap('.sheet[data-open] [data-does="draw"]')
    box = walk.page.locator('svg[data-view="right"]').bounding_box()
    assert box
    across, down = box["x"] + box["width"] / 2, box["y"] + box["height"] / 3
    walk.page.mouse.move(across, down)
    walk.page.mouse.down()
    walk.page.mouse.move(across + 20, down + 90, steps=6)
    walk.page.mouse.up()
    expect(walk.page.locator("path.stroke")).to_have_count(1)


def test_no_answer_is_lost_when_the_page_is_left_and_opened_elsewhere(
    walk: Walk, browser: Browser, browser_context_args: dict[str, Any]
) -> None:
    walk.open()
    walk.harmless_until_map()
    walk.mark("right", "lateral-hip.right", 7)
    draw_a_line(walk)
    walk.look()
    walk.tap('.sheet[data-open] [data-does="drawn"]')
    walk.saved()
    walk.page.close()
    small = {**browser_context_args, "viewport": {"width": 320, "height": 640}, "has_touch": True}
    elsewhere = Walk(browser.new_context(**small).new_page(), walk.url)
    elsewhere.open()
    elsewhere.page.wait_for_url("**/step/3/")
    expect(elsewhere.page.locator(".place")).to_contain_text("Outer hip, right: 7 of 10")
    expect(elsewhere.page.locator('svg[data-view="right"] path.stroke')).to_have_count(1)
    elsewhere.look()
    elsewhere.tap(".back")
    elsewhere.page.wait_for_url("**/step/2/")
    expect(elsewhere.page.locator(".questions input:checked").first).to_be_checked()


def test_what_was_answered_without_a_network_is_saved_when_it_is_back(
    live_server: Any, client_record: Client, new_context: Callable[..., BrowserContext]
) -> None:
    _invitation, token = invitation_with_token(client_record)
    page = new_context(has_touch=True).new_page()  # not watched: its requests are meant to fail
    walk = Walk(page, f"{live_server.url}/i/{token}/")
    walk.open()
    walk.page.route("**/save/", lambda route: route.abort("connectionaborted"))
    walk.page.locator('[name="reason.main"]').fill("Typed in a tunnel")
    expect(walk.page.locator("[data-saved]")).to_have_attribute("data-state", "failed")
    assert answers_of(Response.objects.get()).one("reason.main") is None
    walk.page.unroute("**/save/")
    walk.page.evaluate("dispatchEvent(new Event('online'))")
    walk.saved()
    assert answers_of(Response.objects.get()).one("reason.main") == "Typed in a tunnel"


def test_the_map_works_by_keyboard_by_list_and_by_finger_on_small_regions(walk: Walk) -> None:
    walk.open()
    by_keyboard(walk)
    by_list(walk)
    by_finger_on_a_small_region(walk)


def by_keyboard(walk: Walk) -> None:
    page = walk.page
    page.goto(f"{walk.url}step/3/")
    region = page.locator('svg[data-view="front"] [role="checkbox"][tabindex="0"]')
    region.focus()
    first = region.get_attribute("data-region")
    page.keyboard.press("ArrowDown")
    expect(page.locator('svg[data-view="front"] [role="checkbox"]:focus')).not_to_have_attribute(
        "data-region", str(first)
    )
    chosen = page.locator("[data-region]:focus").get_attribute("data-region")
    page.keyboard.press("Enter")
    expect(page.locator(f'[data-mark="{chosen}"][data-open] h2')).to_be_focused()
    expect(page.locator(f'input[type="checkbox"][value="{chosen}"]')).to_be_checked()
    page.keyboard.press("Escape")
    expect(page.locator(f'svg[data-view="front"] [data-region="{chosen}"][role="checkbox"]')).to_be_focused()
    expect(page.locator("[data-part=status]")).to_have_text("One place marked.")
    page.keyboard.press("Enter")
    walk.tap(".sheet[data-open] [data-does=remove]")
    walk.saved()


def by_list(walk: Walk) -> None:
    page = walk.page
    walk.tap('a:has-text("pick from a list")')
    walk.look()
    walk.tap('label:has(input[type="checkbox"][value="groin.left"])')
    on_map = page.locator('svg[data-view="front"] [data-region="groin.left"][role="checkbox"]')
    expect(on_map).to_have_attribute("aria-checked", "true")
    walk.tap(".next .button")
    expect(page.locator('[data-mark="groin.left"][data-open]')).to_be_visible()
    expect(page.locator('[data-mark="groin.left"] [data-part="asks"]')).to_be_visible()
    walk.tap('[data-mark="groin.left"] [data-does="remove"]')
    expect(on_map).to_have_attribute("aria-checked", "false")
    expect(page.locator("[data-mark]")).to_have_count(0)


def by_finger_on_a_small_region(walk: Walk) -> None:
    page = walk.page
    walk.saved()
    page.goto(f"{walk.url}step/3/")
    walk.tap('svg[data-view="front"] [data-region="pubic"]')
    expect(page.locator("[data-mark]")).to_have_count(0)
    expect(page.locator("[data-part=status]")).to_have_text("Closer now. Tap the place.")
    room = page.locator('svg[data-view="front"] [data-region="pubic"]').bounding_box()
    assert room is not None
    assert min(room["width"], room["height"]) >= 44
    walk.tap('svg[data-view="front"] [data-region="pubic"]')
    expect(page.locator('[data-mark="pubic"][data-open]')).to_be_visible()


def test_axe_finds_nothing_on_the_pages_of_staff(
    live_server: Any, desk_page: Page, client_record: Client, owner: User, client: Any
) -> None:
    response = completed(client_record, ces_bladder="yes")
    client.force_login(owner)
    name = settings.SESSION_COOKIE_NAME
    desk_page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    flag = RedFlag.objects.get()
    for path in (
        f"/intake/responses/{response.pk}/",
        "/intake/flags/",
        f"/intake/flags/{flag.pk}/",
        "/settings/forms/",
        f"/settings/forms/{response.questionnaire_id}/",
    ):
        desk_page.goto(f"{live_server.url}{path}")
        look_by_day_and_night(desk_page, 1440, 390)
