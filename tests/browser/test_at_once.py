"""A question that hangs on an answer of its own page comes and goes with it, the network away or not."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from clinic.people.models import Client
from tests.browser.walk import Walk, look
from tests.intake.factories import invitation_with_token

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_question_goes_and_comes_back_with_its_answer_while_nothing_can_be_saved(
    live_server: Any, client_record: Client, new_context: Callable[..., BrowserContext]
) -> None:
    _invitation, token = invitation_with_token(client_record)
    page = new_context(has_touch=True).new_page()  # not watched: its requests are meant to fail
    walk = Walk(page, f"{live_server.url}/i/{token}/")
    walk.open()
    page.goto(f"{live_server.url}/i/{token}/step/5/")
    allergy, question = page.locator('[value="ci-allergy"]'), page.locator('[data-asked="allergy.what"]')
    allergy.check(force=True)
    expect(question).to_be_visible()
    page.route("**/save/", lambda route: route.abort("connectionaborted"))
    allergy.uncheck(force=True)
    expect(question).to_be_hidden()
    allergy.check(force=True)
    expect(question).to_be_visible()


def test_two_tabs_put_their_answers_together_and_ask_only_where_both_say_something_else(
    live_server: Any, client_record: Client, new_context: Callable[..., BrowserContext]
) -> None:
    _invitation, token = invitation_with_token(client_record)
    context = new_context(has_touch=True)  # not watched: a 409 is part of it
    page, other = context.new_page(), context.new_page()
    page.set_viewport_size({"width": 390, "height": 844})
    Walk(page, f"{live_server.url}/i/{token}/").open()
    page.goto(f"{live_server.url}/i/{token}/step/1/")
    other.goto(page.url)
    main, elsewhere = page.locator('[name="reason.main"]'), other.locator('[name="reason.main"]')
    other.locator('[name="duration"][value="6_to_12_weeks"]').check(force=True)
    elsewhere.fill("The left knee")
    expect(other.locator("[data-saved]")).to_have_attribute("data-state", "saved")
    main.fill("The right hip")
    notice = page.locator("[data-clash]")
    expect(notice).to_contain_text("The left knee")
    expect(page.locator('[name="duration"][value="6_to_12_weeks"]')).to_be_checked()
    expect(main).to_have_value("The right hip")
    look(page)
    notice.get_by_text("Take what was answered there").tap()
    expect(main).to_have_value("The left knee")
    expect(notice).to_have_count(0)
    expect(page.locator("[data-saved]")).to_have_attribute("data-state", "saved")
