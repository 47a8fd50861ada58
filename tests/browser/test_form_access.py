"""The whole first-visit form by keyboard alone, without scripts, and at twice the size."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from clinic.messaging import links
from clinic.people.models import Client
from intake.answers import answers_of
from intake.form_cache import form_of
from intake.models import PainDrawing, Response
from tests.browser.walk import HARMLESS, is_whole
from tests.intake.factories import draft, fill, harmless_answers, invitation_with_token, with_flags

pytestmark = pytest.mark.django_db(transaction=True)
MOST_STOPS = 150
NewContext = Callable[..., BrowserContext]

# What has the focus: enough of it for somebody who sees the page to know what to press.
HERE = """() => {
  const here = document.activeElement;
  const asked = here.closest("[data-asked]");
  const sheet = here.closest(".sheet");
  const group = [...(here.form?.elements ?? [])].filter((each) => each.name && each.name === here.name);
  return {
    tag: here.localName, type: here.type ?? "", name: here.name ?? "", value: here.value ?? "",
    does: here.dataset.does ?? "", region: here.dataset.region ?? "", role: here.getAttribute("role") ?? "",
    values: group.map((each) => each.value), isAnswered: group.some((each) => each.checked),
    isWanted: Boolean(asked) && !asked.querySelector(".optional"), isInSheet: Boolean(sheet),
    isNext: Boolean(here.closest(".next")), isSeen: here.checkVisibility({ visibilityProperty: true }),
  };
}"""


@pytest.fixture
def url(live_server: Any, client_record: Client) -> str:
    _invitation, token = invitation_with_token(client_record)
    return f"{live_server.url}/i/{token}/"


def test_the_whole_form_by_keyboard_alone(desk_page: Page, url: str, client_record: Client) -> None:
    page = desk_page
    page.goto(url)
    page.get_by_label("Your date of birth").focus()
    page.keyboard.type("08041967")
    page.keyboard.press("Enter")
    page.wait_for_url("**/step/1/")
    for _screen in range(20):
        before = page.url
        press_through(page)
        page.wait_for_function("before => location.href !== before", arg=before)
        page.wait_for_load_state("load")
        if "/done/" in page.url:
            break
    assert "/done/" in page.url
    assert Response.objects.get().status == "completed"
    (mark,) = PainDrawing.objects.for_client(client_record).get().marks.all()
    assert mark.intensity == 0


def press_through(page: Page) -> None:
    """From the top of a screen by Tab, answering what must be, to its button."""
    is_marked = False
    for _stop in range(MOST_STOPS):
        page.keyboard.press("Tab")
        here = page.evaluate(HERE)
        assert here["isSeen"] or here["tag"] == "body", here
        if here["isNext"]:
            page.keyboard.press("Enter")
            return
        if here["region"] and here["role"] == "checkbox" and not is_marked:
            is_marked = True
            page.keyboard.press("Enter")
            expect(page.locator(".sheet[data-open] h2")).to_be_focused()
        elif here["isInSheet"]:
            if ".intensity." in here["name"] and not here["isAnswered"]:
                page.keyboard.press("Space")
            elif here["does"] == "done":
                page.keyboard.press("Enter")
        elif here["isWanted"]:
            press(page, here)
    pytest.fail(f"{page.url}: its button was not reached")


def press(page: Page, here: dict[str, Any]) -> None:
    if here["type"] in {"radio", "checkbox"} and not here["isAnswered"] and here["values"]:
        wanted = next((value for value in HARMLESS if value in here["values"]), here["values"][0])
        if here["type"] == "checkbox":
            if here["value"] == wanted:
                page.keyboard.press("Space")
            return
        for _step in range(here["values"].index(wanted)):
            page.keyboard.press("ArrowRight")
        if wanted == here["value"]:
            page.keyboard.press("Space")
    elif here["tag"] == "textarea" or here["type"] == "text":
        page.keyboard.insert_text("Marcus Bell")


def test_the_whole_form_without_scripts(new_context: NewContext, url: str, client_record: Client) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(url)
    page.fill('[name="born_on"]', "1967-08-04")
    page.click("form button.button")
    for _screen in range(30):
        page.wait_for_load_state("load")
        if "/done/" in page.url:
            break
        fill_in(page)
        page.click(".next .button")
    assert "/done/" in page.url
    response = Response.objects.get()
    assert response.status == "completed"
    (mark,) = answers_of(response).all_marks()
    assert (mark.key, mark.intensity) == ("groin.left", 6)
    assert client_record.consents.exists()


def fill_in(page: Page) -> None:
    """What a screen without scripts requires: once the place is ticked, its sheet; then all the rest."""
    if page.locator(".region-list").count():
        strength = page.locator('[name="pain-map.intensity.groin.left"][value="6"]')
        if strength.count():
            strength.check()
        else:
            page.click(".region-list summary")
            page.check('input[type="checkbox"][value="groin.left"]')
        return
    for asked in page.locator(".questions .asked").all():
        if asked.locator(".optional, input:checked").count() or not asked.is_visible():
            continue
        ticks = asked.locator("input[type=radio], input[type=checkbox]")
        if ticks.count():
            harmless = asked.locator(", ".join(f'input[value="{value}"]' for value in HARMLESS))
            (harmless if harmless.count() else ticks).first.check(force=True)
        elif asked.locator("textarea, input.input").count():
            asked.locator("textarea, input.input").first.fill("Marcus Bell")


def test_at_twice_the_size_nothing_is_cut_off_or_covered(
    new_context: NewContext, live_server: Any, client_record: Client
) -> None:
    response = draft(client_record)
    form = form_of(response.questionnaire)
    fill(response, with_flags(harmless_answers(), form, ces_bladder="yes"))
    assert response.invitation
    url = f"{live_server.url}{links.path_of(response.invitation.link)}"
    page = new_context(device_scale_factor=2).new_page()
    page.set_viewport_size({"width": 640, "height": 450})
    page.goto(url)
    is_whole(page)
    page.get_by_label("Your date of birth").fill("1967-08-04")
    page.keyboard.press("Enter")
    page.wait_for_url("**/step/*/")
    for rest in (*(f"step/{number}/" for number in range(1, len(form.sections) + 1)), "advice/"):
        page.goto(f"{url}{rest}")
        is_whole(page)
    assert page.url.endswith("/advice/")
