"""A closed tab without a network, a check that ran out: what a client wrote on the phone comes back, on every page."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import pytest
from playwright.sync_api import Browser, expect

from clinic.people.models import Client
from intake.answers import answers_of
from intake.models import Response
from intake.views.access import COOKIE
from tests.browser.conftest import PHONE
from tests.browser.walk import Walk, look
from tests.intake.factories import invitation_with_token

pytestmark = pytest.mark.django_db(transaction=True)

WRITTEN = 'Sharp when I climb stairs, "deep inside" & worse at night'


@pytest.fixture
def walk(
    live_server: Any, client_record: Client, browser: Browser, browser_context_args: dict[str, Any]
) -> Iterator[Walk]:
    """On a page that is not watched: its requests are meant to fail."""
    _invitation, token = invitation_with_token(client_record)
    context = browser.new_context(**{**browser_context_args, **PHONE})
    walk = Walk(context.new_page(), f"{live_server.url}/i/{token}/")
    walk.open()
    yield walk
    context.close()


@contextmanager
def nothing_saved() -> Iterator[None]:
    """Saving fails at the server: what a closing tab still sends is past the reach of the browser's own routes."""
    with patch("intake.views.client.save_answers", side_effect=OSError("not now")):
        yield


def saved(link_id: str) -> Any:
    return answers_of(Response.objects.get()).one(link_id)


def test_answers_that_never_arrived_are_offered_when_the_form_is_opened_again(walk: Walk) -> None:
    page, context = walk.page, walk.page.context
    with nothing_saved():
        page.locator('[name="reason.main"]').fill(WRITTEN)
        walk.choose("duration", "6_to_12_weeks")
        expect(page.locator("[data-saved]")).to_have_attribute("data-state", "failed")
        page.close()
        assert saved("reason.main") is None
        again = context.new_page()
        again.goto(f"{walk.url}step/1/")
        offer = again.locator("[data-kept]")
        expect(offer).to_be_visible()
    look(again)
    offer.get_by_role("button", name="Put them back").tap()
    expect(again.locator('[name="reason.main"]')).to_have_value(WRITTEN)
    expect(offer).to_be_hidden()
    assert (saved("reason.main"), saved("duration")) == (WRITTEN, "6_to_12_weeks")
    assert again.evaluate("localStorage.length") == 0, "what has arrived is not kept on the device"


def test_marks_on_the_map_come_back_as_well_and_what_arrived_is_neither_offered_nor_kept(walk: Walk) -> None:
    page, context = walk.page, walk.page.context
    walk.harmless_until_map()
    expect(page.locator("[data-kept]")).to_be_hidden()
    assert page.evaluate("localStorage.length") == 0
    with nothing_saved():
        walk.mark("right", "lateral-hip.right", 7)
        expect(page.locator("[data-saved]")).to_have_attribute("data-state", "failed")
        page.close()
        again = context.new_page()
        again.goto(f"{walk.url}step/3/")
        offer = again.locator("[data-kept]")
        expect(offer).to_be_visible()
    offer.get_by_role("button", name="Put them back").tap()
    expect(again.locator(".place")).to_contain_text("Outer hip, right: 7 of 10")
    (mark,) = answers_of(Response.objects.get()).all_marks()
    assert (mark.key, mark.intensity) == ("lateral-hip.right", 7)


def test_when_the_check_ran_out_the_page_asks_once_more_and_keeps_every_answer(walk: Walk) -> None:
    page = walk.page
    page.context.clear_cookies(name=COOKIE)
    page.locator('[name="reason.main"]').fill(WRITTEN)
    walk.choose("duration", "6_to_12_weeks")
    notice = page.locator("[data-ask-again]")
    expect(notice).to_be_visible()
    look(page)
    notice.get_by_role("button", name="Go on").tap()
    expect(page.get_by_role("heading", name="Are you still there?")).to_be_visible()
    look(page)
    page.get_by_label("Your date of birth").fill("1967-08-04")
    page.get_by_role("button", name="Continue").tap()
    page.wait_for_url("**/step/1/")
    expect(page.locator('[name="reason.main"]')).to_have_value(WRITTEN)
    assert (saved("reason.main"), saved("duration")) == (WRITTEN, "6_to_12_weeks")
