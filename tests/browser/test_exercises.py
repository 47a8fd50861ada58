"""A client ticks exercises on a telephone; a dead network loses no tick."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from clinic.messaging import links
from clinic.people.models import Client, Location, User
from intake.models import Condition, Exercise
from tests.browser.walk import look
from treatments.models import Adherence
from treatments.services import open_episode, prescribe, programme_link

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def address(client_record: Client, location: Location, therapist: User, live_server: Any) -> str:
    condition = Condition.objects.get(code="gluteal-tendinopathy")
    episode = open_episode(client=client_record, condition=condition, side="right", location=location, by=therapist)
    for code in ("glute-bridge", "bird-dog"):
        prescribe(episode=episode, exercise=Exercise.objects.get(code=code), by=therapist, sets=3, reps=8)
    return f"{live_server.url}{links.path_of(programme_link(client_record))}"


def test_a_client_ticks_on_a_phone_and_a_dead_network_loses_no_tick(
    phone_page: Page, address: str, new_context: Callable[..., Any]
) -> None:
    page = phone_page
    page.goto(address)
    bridge, dog = page.locator(".exercise").all()
    bridge.locator(".tick").tap()
    expect(page.get_by_text("1 of 2")).to_be_visible()
    bridge.locator('label:has([value="8"])').tap()
    expect(page.get_by_text("Stop this exercise for today and tell us.")).to_be_visible()
    look(page)

    # As a telephone without a network has it; a browser that is cut off would report it as an error of the page.
    page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError('offline')) }")
    dog.locator(".tick").tap()
    expect(page.get_by_text("Not sent yet.")).to_be_visible()
    expect(dog.locator(".tick")).to_have_attribute("aria-pressed", "true")
    assert Adherence.objects.count() == 1
    page.reload()
    expect(page.get_by_text("2 of 2")).to_be_visible()
    assert sorted(Adherence.objects.values_list("prescription__exercise__code", "pain_after")) == [
        ("bird-dog", None),
        ("glute-bridge", 8),
    ]

    plain = new_context(java_script_enabled=False).new_page()
    plain.goto(address)
    plain.locator(".exercise").last.locator(".tick").click()
    expect(plain.get_by_text("1 of 2")).to_be_visible()
