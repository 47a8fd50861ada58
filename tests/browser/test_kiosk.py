"""A tablet at the desk in a real browser: lent, left lying, handed back, and never out of its form."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from clinic.people.models import Client, Location, User
from intake.models import Invitation, KioskDevice, KioskTurn, Response
from intake.services import invite, kiosk
from tests.browser.walk import Walk, look
from tests.intake import factories as intake

pytestmark = pytest.mark.django_db(transaction=True)
TABLET = {"viewport": {"width": 820, "height": 1180}, "has_touch": True}


@pytest.fixture
def tablet(browser: Browser, browser_context_args: dict[str, Any], watch: Callable[[Page], Page]) -> Iterator[Page]:
    context = browser.new_context(**{**browser_context_args, **TABLET})
    yield watch(context.new_page())
    context.close()


@pytest.fixture
def enrolled(tablet: Page, live_server: Any, front_desk: User, location: Location) -> Page:
    """Staff sign in on the tablet and make it one for clients."""
    tablet.goto(f"{live_server.url}/accounts/login/")
    tablet.locator('[name="login"]').fill(front_desk.email)
    tablet.locator('[name="password"]').fill("correct horse battery")
    tablet.keyboard.press("Enter")
    tablet.wait_for_url(f"{live_server.url}/calendar/**")
    tablet.goto(f"{live_server.url}/settings/tablets/")
    look(tablet)
    tablet.get_by_label("Name").fill("Tablet 1")
    tablet.get_by_role("button", name="Sign me out and set it up").click()
    tablet.wait_for_url("**/kiosk/")
    return tablet


@pytest.fixture
def invitation(client_record: Client) -> Invitation:
    return invite(client=client_record, forms=["first-visit"], by=None)[0]


def send(invitation: Invitation, by: User) -> KioskTurn:
    return kiosk.send_to_tablet(invitation=invitation, device=KioskDevice.objects.get(), by=by)


def begin(page: Page) -> None:
    page.wait_for_url("**/k/**")
    page.get_by_label("Your date of birth").fill("1967-08-04")
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/step/1/")


def test_a_tablet_takes_a_form_goes_back_by_itself_and_shows_nobody_to_the_next(
    enrolled: Page, live_server: Any, invitation: Invitation, front_desk: User, client_record: Client
) -> None:
    page = enrolled
    look(page)
    page.goto(f"{live_server.url}/clients/")
    expect(page).to_have_url(f"{live_server.url}/kiosk/")
    turn = send(invitation, front_desk)
    begin(page)
    look(page)
    walk = Walk(page, f"{live_server.url}/k/{turn.pk}/")
    page.locator('[name="reason.main"]').fill("My right hip hurts")
    walk.saved()
    assert page.evaluate("Object.keys(localStorage).length") == 0
    page.goto(f"{live_server.url}/accounts/login/")
    expect(page).to_have_url(f"{live_server.url}/k/{turn.pk}/step/1/")  # by way of the neutral page
    expect(page.locator('[name="reason.main"]')).to_have_value("My right hip hurts")
    page.get_by_role("button", name="Stop and hand the tablet back").click()
    page.wait_for_url("**/kiosk/")
    page.go_back()
    expect(page).to_have_url(f"{live_server.url}/kiosk/")
    assert "My right hip hurts" not in page.content()
    assert client_record.given_name not in page.content()
    assert Response.objects.get().source == "kiosk"


def test_who_walks_away_is_asked_and_the_tablet_forgets_them(
    enrolled: Page, live_server: Any, invitation: Invitation, front_desk: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(KioskTurn, "idle_seconds", 2)
    monkeypatch.setattr(KioskTurn, "grace_seconds", 3)
    page = enrolled
    send(invitation, front_desk)
    begin(page)
    still = page.get_by_role("dialog", name="Are you still there?")
    expect(still).to_be_visible()
    look(page)
    page.get_by_role("button", name="Yes, go on").click()
    expect(still).to_be_hidden()
    page.wait_for_url("**/kiosk/", timeout=15_000)
    assert KioskTurn.objects.get().how == "idle"


def test_a_sent_form_says_thank_you_and_the_tablet_goes_back_by_itself(
    enrolled: Page, live_server: Any, invitation: Invitation, front_desk: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(KioskTurn, "return_seconds", 3)
    page = enrolled
    turn = send(invitation, front_desk)
    begin(page)
    invitation.refresh_from_db()
    response = Response.objects.get()
    intake_done(response)
    page.goto(f"{live_server.url}/k/{turn.pk}/done/")
    expect(page.get_by_text("Please hand the tablet back to the desk.")).to_be_visible()
    look(page)
    page.wait_for_url("**/kiosk/", timeout=10_000)


def intake_done(response: Response) -> None:
    from_form = intake.with_flags(intake.harmless_answers(), intake.form_of(response.questionnaire))
    intake.fill(response, from_form)
    response.refresh_from_db()
    intake.complete_response(response=response)
