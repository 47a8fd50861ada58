"""The broker is away, or accepts and never answers: every page works as before, tries are counted, mail waits."""

import socket
import time
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from celery import Celery
from django.conf import LazySettings
from django.test import Client as Browser

from clinic.core import clock
from clinic.messaging import doorbell
from clinic.messaging.models import OutboundMessage
from clinic.people.models import Client, Practice, Role, Room, User
from scheduling.models import Appointment, Service
from tests import factories
from tests.permissions.objects import appointment, appointment_token, form_token, service  # noqa: F401  # fixtures
from tests.scheduling.conftest import berlin, work

PASSWORD = "correct horse battery"
# A page may wait this long for a broker that says nothing; for one that is away, not at all.
PATIENCE_SECONDS = 4


@pytest.fixture(params=["away", "silent"], autouse=True)
def broker(request: pytest.FixtureRequest, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A port where nobody listens, or where somebody does and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        if request.param == "silent":
            listener.listen()
        url = f"redis://127.0.0.1:{listener.getsockname()[1]}/0"
        caches = {**settings.CACHES, "broker": {**settings.CACHES["broker"], "LOCATION": url}}
        settings.CACHES = caches
        monkeypatch.setattr(doorbell, "current_app", Celery(broker=url, set_as_current=False))
        since = time.monotonic()
        yield
        assert time.monotonic() - since < PATIENCE_SECONDS + 1


def sign_in(browser: Browser, user: User, password: str = PASSWORD) -> Any:
    return browser.post("/accounts/login/", {"login": user.email, "password": password})


def test_the_right_password_opens(client: Browser, therapist: User) -> None:
    assert sign_in(client, therapist).status_code == 302
    assert client.get("/account/").status_code == 200


def test_wrong_passwords_are_counted_all_the_same(client: Browser, therapist: User) -> None:
    for _ in range(5):
        sign_in(client, therapist, "wrong")
    page = sign_in(client, therapist)
    assert "Too many" in str(page.context["form"].errors)


def test_a_code_from_the_app_opens_and_only_once(client: Browser, therapist: User) -> None:
    secret = generate_totp_secret()
    TOTP.activate(therapist, secret)
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    for browser, opens in ((client, True), (Browser(), False)):
        assert sign_in(browser, therapist)["Location"] == "/accounts/2fa/authenticate/"
        browser.post("/accounts/2fa/authenticate/", {"code": code})
        assert (browser.get("/account/").status_code == 200) is opens


def test_a_recovery_code_opens(client: Browser, therapist: User) -> None:
    TOTP.activate(therapist, generate_totp_secret())
    sign_in(client, therapist)
    client.post("/accounts/2fa/authenticate/", {"code": RecoveryCodes.activate(therapist).get_unused_codes()[0]})
    assert client.get("/account/").status_code == 200


def test_a_passkey_can_be_asked_for(client: Browser, practice: Practice) -> None:
    asked = client.get("/accounts/2fa/passkeys/login/", headers={"X-Requested-With": "XMLHttpRequest"})
    assert asked.status_code == 200
    assert client.post("/accounts/2fa/passkeys/login/", {"credential": "{}"}).status_code < 500


def test_a_new_password_can_be_asked_for(client: Browser, therapist: User) -> None:
    asked = client.post("/accounts/password/reset/", {"email": therapist.email})
    assert asked["Location"].endswith("/reset/done/")


def test_one_tap_opens_the_demo(client: Browser, practice: Practice) -> None:
    factories.UserFactory(email="owner@example.org", roles=[Role.OWNER])
    assert client.post("/demo/sign-in/", {"role": "owner"}).status_code == 302
    assert client.get("/settings/").status_code == 200


def test_the_calendar_and_the_api_answer(client: Browser, front_desk: User) -> None:
    client.force_login(front_desk)
    assert client.get("/calendar/").status_code == 200
    assert client.get("/api/v1/clients/").status_code == 200


def test_a_clients_own_pages_answer_and_take_what_is_sent(
    client: Browser,
    appointment_token: str,  # noqa: F811
    form_token: str,  # noqa: F811
) -> None:
    assert client.get(f"/a/{appointment_token}/").status_code == 200
    assert client.post(f"/a/{appointment_token}/confirm/").status_code == 302
    assert client.get(f"/i/{form_token}/").status_code == 200
    assert client.post(f"/i/{form_token}/", {"born_on": "1900-01-01"}).status_code < 500


def test_a_visit_is_booked_and_its_mail_waits(
    client: Browser,
    front_desk: User,
    therapist: User,
    client_record: Client,
    room: Room,
    service: Service,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(clock, "now", lambda: berlin(1, 8))
    work(therapist, room.location)
    client.force_login(front_desk)
    wish = {
        "client": str(client_record.pk),
        "service": str(service.pk),
        "slot": f"{berlin(2, 10).isoformat()}|{therapist.pk}|{room.pk}",
        "request_key": str(uuid.uuid4()),
    }
    assert client.post("/appointments/new/", wish).status_code == 302
    assert Appointment.objects.get().client == client_record
    assert OutboundMessage.objects.filter(purpose="booking", state="pending").exists()


def test_mail_that_is_due_at_once_is_left_to_the_next_sweep(
    client: Browser, front_desk: User, client_record: Client, django_capture_on_commit_callbacks: Any
) -> None:
    client.force_login(front_desk)
    with django_capture_on_commit_callbacks(execute=True) as rung:
        response = client.post(f"/intake/clients/{client_record.pk}/invite/")
    assert response.status_code == 302
    assert doorbell.ring in rung
    assert OutboundMessage.objects.due(clock.now()).filter(client=client_record).exists()


def test_the_health_page_names_it(client: Browser, db: None) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert (answer.json()["broker"], answer.json()["database"]) == ("unreachable", "ok")
