"""Booking online on a phone, in a real browser whose clock shows another time than the clinic's."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from clinic.people.models import Location, Practice, Room, User
from scheduling.models import Appointment, BookingRules
from tests import factories
from tests.browser.conftest import PHONE
from tests.browser.walk import look_everywhere
from tests.scheduling.conftest import work

pytestmark = pytest.mark.django_db(transaction=True)
TYPED = {"Given name": "Nora", "Family name": "Field", "E-mail": "nora.field@example.org"}


@pytest.fixture
def phone_abroad(
    browser: Browser, browser_context_args: dict[str, Any], watch: Callable[[Page], Page]
) -> Iterator[Page]:
    """A phone in London, an hour behind Berlin."""
    context = browser.new_context(**{**browser_context_args, **PHONE, "timezone_id": "Europe/London"})
    yield watch(context.new_page())
    context.close()


def test_a_new_client_books_with_at_most_eight_taps(
    live_server: Any, phone_abroad: Page, practice: Practice, therapist: User, other_therapist: User, room: Room,
    location: Location,
) -> None:  # fmt: skip
    for each in (therapist, other_therapist):
        work(each, location)
    factories.ServiceFactory(name="Follow-up", duration_minutes=45, therapists=[therapist, other_therapist])
    BookingRules.objects.create(online_notice_hours=72)
    page, taps = phone_abroad, []

    def tap(target: Locator) -> None:
        taps.append(str(target))
        target.tap()

    page.goto(f"{live_server.url}/book/")
    tap(page.get_by_role("link", name="Follow-up"))
    tap(page.get_by_role("link", name="Anyone"))
    expect(page.get_by_text("Beside them stand those of your device (Europe/London)")).to_be_visible()
    times = page.get_by_role("group").first.get_by_role("button")
    here, there = re.findall(r"(\d\d):\d\d", times.first.inner_text())
    assert int(here) - int(there) == 1
    look_everywhere(page)
    tap(times.first)
    expect(page.get_by_role("timer")).to_contain_text("Kept for you for 9:")
    look_everywhere(page)
    for label, text in TYPED.items():
        tap(page.get_by_label(label))
        page.keyboard.type(text)
    tap(page.get_by_role("button", name="Book this time"))
    expect(page.get_by_role("heading", name="You are booked")).to_be_visible()
    assert len(taps) <= 7, taps  # and one more where there are several places
    assert Appointment.objects.get().client.given_name == "Nora"
