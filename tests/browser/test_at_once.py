"""A question that hangs on an answer of its own page comes and goes with it, the network away or not."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from clinic.people.models import Client
from tests.browser.walk import Walk
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
