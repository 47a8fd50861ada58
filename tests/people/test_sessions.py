"""Sessions end: when idle, when old, when the member is deactivated. Polling does not keep them alive."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.test import Client as Browser
from django.utils import timezone

from clinic.core import clock
from clinic.people.models import User

IDLE, ABSOLUTE = 900, 12 * 3600
Later = Callable[[int], None]


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Later:
    """Moves the clock forward by seconds."""
    shift = dt.timedelta()

    def move(seconds: int) -> None:
        nonlocal shift
        shift += dt.timedelta(seconds=seconds)

    monkeypatch.setattr(clock, "now", lambda: timezone.now() + shift)
    return move


@pytest.fixture
def signed_in(client: Browser, therapist: User, settings: LazySettings) -> Browser:
    settings.SESSION_IDLE_SECONDS, settings.SESSION_ABSOLUTE_SECONDS = IDLE, ABSOLUTE
    client.force_login(therapist)
    assert client.get("/signed-in/").status_code == 200
    return client


def test_a_session_ends_after_fifteen_idle_minutes(signed_in: Browser, later: Later) -> None:
    later(IDLE)
    response = signed_in.get("/signed-in/?tab=2")
    assert response.status_code == 302
    assert response["Location"] == "/accounts/login/?next=/signed-in/%3Ftab%3D2"
    assert "_auth_user_id" not in signed_in.session


def test_work_keeps_a_session_alive(signed_in: Browser, later: Later) -> None:
    for _ in range(5):
        later(IDLE - 60)
        assert signed_in.get("/signed-in/").status_code == 200


def test_no_amount_of_work_keeps_a_session_beyond_twelve_hours(signed_in: Browser, later: Later) -> None:
    for _ in range(ABSOLUTE // 600 - 1):
        later(600)
        assert signed_in.get("/signed-in/").status_code == 200
    later(600)
    assert signed_in.get("/signed-in/").status_code == 302


@pytest.mark.parametrize("how", [{"headers": {"X-Background": "1"}}, {"query_params": {"poll": "1"}}])
def test_polling_never_prolongs_a_session(signed_in: Browser, later: Later, how: dict[str, dict[str, str]]) -> None:
    for _ in range(IDLE // 60 - 1):
        later(60)
        assert signed_in.get("/signed-in/", **how).status_code == 200
    later(60)
    assert signed_in.get("/signed-in/").status_code == 302


@pytest.mark.parametrize(
    "headers",
    [{"HX-Request": "true"}, {"Accept": "application/json"}, {"X-Background": "1"}],
    ids=["htmx", "fetch", "background"],
)
def test_a_script_gets_401_and_where_to_sign_in(signed_in: Browser, later: Later, headers: dict[str, str]) -> None:
    later(IDLE)
    response = signed_in.get("/signed-in/", headers=headers)
    assert response.status_code == 401
    assert response["X-Sign-In"] == "/accounts/login/?next=/signed-in/"
    assert b"nothing you wrote is lost" in response.content


def test_a_form_sent_too_late_leads_back_to_the_page_it_was_on(signed_in: Browser, later: Later) -> None:
    later(IDLE)
    response = signed_in.post("/signed-in/", headers={"Referer": "http://testserver/settings/staff/?all=1"})
    assert response["Location"] == "/accounts/login/?next=/settings/staff/%3Fall%3D1"


def test_a_foreign_referer_is_not_followed(signed_in: Browser, later: Later) -> None:
    later(IDLE)
    response = signed_in.post("/signed-in/", headers={"Referer": "https://evil.example/"})
    assert response["Location"] == "/accounts/login/?next=/"


def test_deactivation_ends_every_session_at_once(signed_in: Browser, therapist: User) -> None:
    User.objects.filter(pk=therapist.pk).update(is_active=False)
    assert signed_in.get("/signed-in/").status_code == 302
