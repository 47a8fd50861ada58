"""The way in, in a real browser: authenticator app, recovery code, passkey, a lost session, a forgotten password."""

import datetime as dt
import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.conf import LazySettings
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import CDPSession, Page, expect

from clinic.core import clock
from clinic.people.models import Client, Practice, User
from tests.browser.conftest import Mailbox
from tests.browser.walk import look

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "correct horse battery"
INSIDE = re.compile(r"/calendar/")
THIS_DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(autouse=True)
def real_practice(practice: Practice, settings: LazySettings) -> None:
    """Outside the demo: nobody gets in without a second factor."""
    settings.DEMO = False
    settings.ACCOUNT_RATE_LIMITS = False
    Practice.objects.update(is_demo=False)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Moves the server's clock forward by seconds."""

    def move(seconds: int) -> None:
        monkeypatch.setattr(clock, "now", lambda: timezone.now() + dt.timedelta(seconds=seconds))

    return move


def code_for(secret: str, *, ahead: int = 0) -> str:
    """What the app shows now, or `ahead` steps later: no code opens twice."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + ahead))


def enter_password(page: Page, url: str, user: User) -> None:
    page.goto(f"{url}{reverse('account_login')}")
    look(page)
    page.get_by_label("E-mail").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def enter_code(page: Page, code: str) -> None:
    page.wait_for_url("**/2fa/authenticate/")
    look(page)
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Go on").click()


def sign_out(page: Page) -> None:
    page.wait_for_load_state("networkidle")  # what a page fetches for itself would be cut off, and say so
    page.get_by_role("button", name=re.compile("Your account")).click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/accounts/login/")


def with_passkeys(page: Page) -> CDPSession:
    """Gives the browser a fingerprint reader whose owner always agrees."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": THIS_DEVICE})
    return session


def test_an_authenticator_app_is_set_up_and_then_asked_for(desk_page: Page, live_server: Any, therapist: User) -> None:
    page = desk_page
    enter_password(page, live_server.url, therapist)
    page.wait_for_url("**/accounts/2fa/")
    look(page)
    page.get_by_role("link", name="An authenticator app").click()
    look(page)
    secret = page.locator("code.secret").text_content() or ""
    page.get_by_label("Code from the app").fill(code_for(secret))
    page.get_by_role("button", name="Done").click()
    page.wait_for_url("**/recovery-codes/")
    look(page)
    page.get_by_role("link", name="I have them, go on").click()
    expect(page).to_have_url(INSIDE)
    sign_out(page)
    enter_password(page, live_server.url, therapist)
    enter_code(page, code_for(secret))
    expect(page).to_have_url(INSIDE)


def test_a_recovery_code_lets_in_once_and_never_again(desk_page: Page, live_server: Any, therapist: User) -> None:
    page = desk_page
    secret = generate_totp_secret()
    TOTP.activate(therapist, secret)
    enter_password(page, live_server.url, therapist)
    enter_code(page, code_for(secret))
    expect(page).to_have_url(INSIDE)
    page.goto(f"{live_server.url}{reverse('mfa_index')}")
    look(page)
    page.get_by_role("link", name="Make codes").click()
    look(page)
    page.get_by_role("button", name="Make new ones").click()
    code = page.locator(".codes code").first.text_content() or ""
    sign_out(page)
    enter_password(page, live_server.url, therapist)
    enter_code(page, code)
    expect(page).to_have_url(INSIDE)
    page.goto(f"{live_server.url}{reverse('mfa_index')}")
    expect(page.get_by_text("9 codes left")).to_be_visible()
    sign_out(page)
    enter_password(page, live_server.url, therapist)
    enter_code(page, code)
    expect(page.get_by_text("Incorrect code.").first).to_be_visible()
    look(page)
    expect(page).to_have_url(re.compile(r"/2fa/authenticate/$"))


def test_a_passkey_is_added_and_opens_without_a_password(desk_page: Page, live_server: Any, therapist: User) -> None:
    page = desk_page
    session = with_passkeys(page)
    enter_password(page, live_server.url, therapist)
    page.get_by_role("link", name="A passkey").click()
    look(page)
    page.get_by_label("Name").fill("Reception computer")
    page.get_by_role("button", name="Add the passkey").click()
    page.wait_for_url("**/recovery-codes/**")
    page.goto(f"{live_server.url}{reverse('mfa_list_webauthn')}")
    expect(page.get_by_role("cell", name="Reception computer")).to_be_visible()
    look(page)
    sign_out(page)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(INSIDE)
    session.detach()


def test_a_passkey_may_be_the_second_step(desk_page: Page, live_server: Any, therapist: User) -> None:
    page = desk_page
    with_passkeys(page)
    enter_password(page, live_server.url, therapist)
    page.get_by_role("link", name="A passkey").click()
    page.get_by_label("Sign in with it alone").uncheck()
    page.get_by_role("button", name="Add the passkey").click()
    page.wait_for_url("**/recovery-codes/**")
    sign_out(page)
    enter_password(page, live_server.url, therapist)
    page.wait_for_url("**/2fa/authenticate/")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(INSIDE)


def test_a_passkey_the_browser_refuses_is_said_in_words(desk_page: Page, live_server: Any, therapist: User) -> None:
    page = desk_page
    page.goto(f"{live_server.url}{reverse('account_login')}".replace("localhost", "127.0.0.1"))
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("The passkey did not work here.")).to_be_visible()


def type_the_way_in(page: Page, user: User, code: str) -> None:
    """The cursor waits in the first field of each step."""
    page.keyboard.type(user.email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/2fa/authenticate/")
    expect(page.get_by_label("Code")).to_be_focused()
    page.keyboard.type(code)
    page.keyboard.press("Enter")


def test_sign_in_takes_typing_and_nothing_else(desk_page: Page, live_server: Any, therapist: User) -> None:
    page = desk_page
    secret = generate_totp_secret()
    TOTP.activate(therapist, secret)
    page.goto(f"{live_server.url}{reverse('account_login')}")
    expect(page.get_by_label("E-mail")).to_be_focused()
    type_the_way_in(page, therapist, code_for(secret))
    expect(page).to_have_url(INSIDE)


def test_after_the_time_out_one_signs_in_on_top_of_the_page_and_goes_on(
    context: Any, live_server: Any, front_desk: User, later: Callable[[int], None]
) -> None:
    """By keyboard alone. The page is not watched: its refused requests are meant."""
    secret = generate_totp_secret()
    TOTP.activate(front_desk, secret)
    page = context.new_page()
    page.clock.install()
    enter_password(page, live_server.url, front_desk)
    enter_code(page, code_for(secret))
    page.goto(f"{live_server.url}{reverse('people:client-create')}")
    page.get_by_label("Given name").fill("Ida")
    page.get_by_label("Family name").fill("Moreno")
    later(16 * 60)
    page.clock.fast_forward("01:05")  # the page asks for red flags by itself
    dialog = page.get_by_role("dialog", name="You were signed out")
    expect(dialog).to_be_visible()
    look(page)
    with page.expect_popup() as opened:
        page.keyboard.press("Enter")
    popup = opened.value
    popup.wait_for_load_state()
    look(popup)
    with popup.expect_event("close"):
        type_the_way_in(popup, front_desk, code_for(secret, ahead=1))
    expect(dialog).to_be_hidden()
    expect(page.get_by_label("Given name")).to_have_value("Ida")
    page.get_by_label("E-mail").fill("ida@example.org")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/clients/[0-9a-f-]{36}/"))
    assert Client.objects.get().family_name == "Moreno"


def test_a_form_sent_after_the_time_out_stays_on_the_page(
    context: Any, live_server: Any, front_desk: User, later: Callable[[int], None]
) -> None:
    """Before the page has noticed by itself, as when a computer wakes."""
    TOTP.activate(front_desk, secret := generate_totp_secret())
    page = context.new_page()
    enter_password(page, live_server.url, front_desk)
    enter_code(page, code_for(secret))
    page.goto(f"{live_server.url}{reverse('people:client-create')}")
    page.get_by_label("Given name").fill("Ida")
    later(16 * 60)
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="You were signed out")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_label("Given name")).to_have_value("Ida")
    page.context.set_offline(True)
    page.get_by_role("button", name="Add client").click()
    expect(page.get_by_text("No connection.")).to_be_visible()
    expect(page.get_by_label("Given name")).to_have_value("Ida")


def test_a_forgotten_password_is_set_anew_by_mail(
    desk_page: Page, live_server: Any, therapist: User, mailbox: Mailbox, settings: LazySettings
) -> None:
    page = desk_page
    TOTP.activate(therapist, generate_totp_secret())
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", int(mailbox.url.rsplit(":", 1)[1])
    settings.BASE_URL = live_server.url
    page.goto(f"{live_server.url}{reverse('account_login')}")
    page.get_by_role("link", name="Forgot your password?").click()
    look(page)
    page.get_by_label("E-mail").fill(therapist.email)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Look in your mail")).to_be_visible()
    look(page)
    mail = mailbox.wait_for(1)
    assert mail["To"] == therapist.email
    body = mail.get_body(preferencelist=("plain",))
    link = re.search(r"https?://\S+/password/reset/key/\S+", body.get_content() if body else "")
    assert link
    page.goto(link.group())
    look(page)
    page.get_by_label("New password").fill("a brand new horse battery")
    page.get_by_label("The same again").fill("a brand new horse battery")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your password is set")).to_be_visible()
    look(page)
    page.goto(link.group())
    expect(page.get_by_role("heading", name="This link does not work any more")).to_be_visible()
    look(page)
    therapist.refresh_from_db()
    assert therapist.check_password("a brand new horse battery")
