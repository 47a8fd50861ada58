"""Signing in by e-mail, and what a stranger at the door can learn: nothing."""

import time

import pytest
from django.conf import LazySettings
from django.core import mail
from django.test import Client as Browser

from clinic.audit.models import Event
from clinic.people.models import User

PASSWORD = "correct horse battery"


def sign_in(browser: Browser, email: str, password: str = PASSWORD, **extra: str) -> int:
    return browser.post("/accounts/login/", {"login": email, "password": password}, **extra).status_code


def wait_for_mail() -> None:
    """Mail leaves in a thread of its own."""
    for _ in range(100):
        if mail.outbox:
            return
        time.sleep(0.02)


def test_the_right_password_opens(client: Browser, therapist: User) -> None:
    assert sign_in(client, "AMINA@example.org") == 302
    assert client.get("/account/").status_code == 200
    assert Event.objects.filter(action="session.began", actor_id=therapist.pk).exists()


def test_wrong_password_and_unknown_person_look_alike(client: Browser, therapist: User) -> None:
    known = client.post("/accounts/login/", {"login": therapist.email, "password": "wrong"})
    unknown = client.post("/accounts/login/", {"login": "nobody@example.org", "password": "wrong"})
    errors = [page.context["form"].non_field_errors() for page in (known, unknown)]
    assert errors[0] == errors[1]
    assert Event.objects.filter(action="session.refused").count() == 2


def test_a_deactivated_member_cannot_sign_in(client: Browser, therapist: User) -> None:
    User.objects.filter(pk=therapist.pk).update(is_active=False)
    sign_in(client, therapist.email)
    assert client.get("/account/").status_code == 302


@pytest.mark.parametrize(
    "path", ["signup/", "email/", "confirm-email/", "password/set/", "social/signup/", "3rdparty/", ""]
)
def test_unused_doors_do_not_exist(client: Browser, db: None, path: str) -> None:
    assert client.get(f"/accounts/{path}").status_code == 404


def test_many_wrong_passwords_lock_the_account_for_a_while(client: Browser, therapist: User) -> None:
    for _ in range(5):
        sign_in(client, therapist.email, "wrong")
    page = client.post("/accounts/login/", {"login": therapist.email, "password": PASSWORD})
    assert "Too many" in str(page.context["form"].errors)


def test_a_spoofed_forwarded_address_changes_nothing(client: Browser, therapist: User) -> None:
    statuses = [
        sign_in(client, f"p{n}@example.org", "wrong", headers={"X-Forwarded-For": f"203.0.113.{n}"}) for n in range(31)
    ]
    assert statuses[-1] == 429


def test_behind_a_trusted_proxy_each_address_counts_for_itself(
    client: Browser, db: None, settings: LazySettings
) -> None:
    settings.TRUSTED_PROXY_COUNT = 1
    statuses = [
        sign_in(client, f"p{n}@example.org", "wrong", headers={"X-Forwarded-For": f"10.0.0.1, 203.0.113.{n}"})
        for n in range(31)
    ]
    assert set(statuses) == {200}


def test_a_reset_is_mailed_with_our_own_address_and_works_once(client: Browser, therapist: User) -> None:
    assert client.post("/accounts/password/reset/", {"email": therapist.email})["Location"].endswith("/reset/done/")
    wait_for_mail()
    (message,) = mail.outbox
    link = next(line for line in message.body.splitlines() if line.startswith("http"))
    assert link.startswith("http://127.0.0.1:8000/accounts/password/reset/key/")
    path = client.get(link.removeprefix("http://127.0.0.1:8000"))["Location"]
    new = {"password1": "four words nobody pairs", "password2": "four words nobody pairs"}
    assert client.post(path, new)["Location"].endswith("/key/done/")
    assert sign_in(Browser(), therapist.email, new["password1"]) == 302
    again = Browser().get(link.removeprefix("http://127.0.0.1:8000"))
    assert b"does not work any more" in again.content


def test_asking_for_a_reset_tells_nobody_who_exists(client: Browser, therapist: User) -> None:
    known = client.post("/accounts/password/reset/", {"email": therapist.email})
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@example.org"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    wait_for_mail()
    assert [message.to for message in mail.outbox] == [[therapist.email]]


def test_a_weak_new_password_is_refused(client: Browser, therapist: User) -> None:
    client.force_login(therapist)
    data = {"oldpassword": PASSWORD, "password1": "short", "password2": "short"}
    client.post("/accounts/password/change/", data)
    assert sign_in(Browser(), therapist.email) == 302


def test_a_form_from_a_page_that_hides_its_origin_is_ours_when_the_browser_says_so(therapist: User) -> None:
    browser = Browser(enforce_csrf_checks=True)
    token = browser.get("/accounts/login/").cookies["csrftoken"].value
    data = {"login": therapist.email, "password": PASSWORD, "csrfmiddlewaretoken": token}
    hidden = {"Origin": "null"}
    foreign = browser.post("/accounts/login/", data, headers={**hidden, "Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 403
    ours = browser.post("/accounts/login/", data, headers={**hidden, "Sec-Fetch-Site": "same-origin"})
    assert ours.status_code == 302


def test_without_the_token_no_form_is_taken(therapist: User) -> None:
    browser = Browser(enforce_csrf_checks=True)
    browser.get("/accounts/login/")
    response = browser.post(
        "/accounts/login/", {"login": therapist.email, "password": PASSWORD}, headers={"Origin": "null"}
    )
    assert response.status_code == 403


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_signing_in_never_leads_to_another_site(client: Browser, therapist: User, target: str) -> None:
    data = {"login": therapist.email, "password": PASSWORD, "next": target}
    assert client.post("/accounts/login/", data)["Location"] == "/"
