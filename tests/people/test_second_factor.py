"""A second factor for everybody, kept encrypted, and no way round it."""

import base64
import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from cryptography.fernet import InvalidToken
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.test import Client as Browser

from clinic.people import vault
from clinic.people.models import Practice, User
from scheduling.models import OutsideCalendar

PASSWORD = "correct horse battery"
ALMOST = '{"id": "a", "rawId": "b", "type": "public-key", "response": {}}'
MALFORMED = ["", "{}", "[]", "null", '"x"', "{", '{"id": 1}', ALMOST, "[" * 50_000, "9" * 5000]


@pytest.fixture(autouse=True)
def real_practice(practice: Practice, settings: LazySettings) -> None:
    settings.DEMO = False
    settings.ACCOUNT_RATE_LIMITS = False
    Practice.objects.update(is_demo=False)


@pytest.fixture
def signed_in(client: Browser, therapist: User) -> Browser:
    """By password alone."""
    client.post("/accounts/login/", {"login": therapist.email, "password": PASSWORD})
    return client


def code_for(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


@pytest.mark.parametrize("path", ["/", "/calendar/", "/clients/", "/account/", "/accounts/password/change/"])
def test_without_one_every_page_leads_to_enrolment(signed_in: Browser, path: str) -> None:
    response = signed_in.get(path, follow=path == "/")
    last = response.redirect_chain[-1][0] if path == "/" else response["Location"]
    assert last == "/accounts/2fa/"


@pytest.mark.parametrize("headers", [{"HX-Request": "true"}, {"Accept": "application/json"}])
def test_a_script_is_refused_and_told_where_to_enrol(signed_in: Browser, headers: dict[str, str]) -> None:
    response = signed_in.get("/clients/", headers=headers)
    assert (response.status_code, response["HX-Redirect"]) == (403, "/accounts/2fa/")


def test_enrolment_shows_no_rail(signed_in: Browser) -> None:
    page = signed_in.get("/accounts/2fa/")
    assert page.status_code == 200
    assert b'class="rail"' not in page.content


def test_signing_out_is_possible_before_enrolment(signed_in: Browser) -> None:
    assert signed_in.post("/accounts/logout/")["Location"] == "/accounts/login/"


def test_enrolling_an_app_opens_the_product_and_gives_recovery_codes(signed_in: Browser, therapist: User) -> None:
    page = signed_in.get("/accounts/2fa/totp/activate/")
    secret = page.context["form"].secret
    assert b"data:image/svg+xml;base64," in page.content
    assert b"style=" not in page.content
    done = signed_in.post("/accounts/2fa/totp/activate/", {"code": code_for(secret)})
    assert done["Location"] == "/accounts/2fa/recovery-codes/"
    page = signed_in.get("/accounts/2fa/recovery-codes/")
    codes = page.context["unused_codes"]
    assert len(codes) == 10
    assert signed_in.get("/account/").status_code == 200


def test_a_wrong_code_enrols_nothing(signed_in: Browser, therapist: User) -> None:
    signed_in.get("/accounts/2fa/totp/activate/")
    signed_in.post("/accounts/2fa/totp/activate/", {"code": "000000"})
    assert not Authenticator.objects.filter(user=therapist).exists()


def test_the_next_sign_in_asks_for_the_code(client: Browser, therapist: User) -> None:
    secret = generate_totp_secret()
    TOTP.activate(therapist, secret)
    step = client.post("/accounts/login/", {"login": therapist.email, "password": PASSWORD})
    assert step["Location"] == "/accounts/2fa/authenticate/"
    assert client.get("/account/").status_code == 302
    assert client.get("/accounts/2fa/authenticate/").status_code == 200
    client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert client.get("/account/").status_code == 302
    client.post("/accounts/2fa/authenticate/", {"code": code_for(secret)})
    assert client.get("/account/").status_code == 200


def test_a_recovery_code_lets_in_once(client: Browser, therapist: User) -> None:
    TOTP.activate(therapist, generate_totp_secret())
    code = RecoveryCodes.activate(therapist).get_unused_codes()[0]
    for expected in (200, 302):
        client.post("/accounts/login/", {"login": therapist.email, "password": PASSWORD})
        client.post("/accounts/2fa/authenticate/", {"code": code})
        assert client.get("/account/").status_code == expected
        client.post("/accounts/logout/")


def test_the_database_holds_no_readable_seed(therapist: User) -> None:
    secret = generate_totp_secret()
    TOTP.activate(therapist, secret)
    RecoveryCodes.activate(therapist)
    stored = " ".join(str(row.data) for row in Authenticator.objects.filter(user=therapist))
    assert secret not in stored
    for row in Authenticator.objects.filter(user=therapist):
        kept = row.data.get("secret") or row.data["seed"]
        assert base64.urlsafe_b64decode(kept)[0] == 0x80, "a Fernet token"


def test_one_command_brings_every_secret_under_the_new_key(settings: LazySettings, therapist: User) -> None:
    settings.FIELD_KEYS = ["first key of a clinic, long enough to be one"]
    app, codes = TOTP.activate(therapist, "JBSWY3DPEHPK3PXP"), RecoveryCodes.activate(therapist)
    printed = codes.get_unused_codes()
    address = vault.encrypt("https://calendar.example.org/private.ics")
    calendar = OutsideCalendar.objects.create(therapist=therapist, label="Private", address=address)
    settings.FIELD_KEYS = ["second key", *settings.FIELD_KEYS]
    call_command("rotate_field_key")

    settings.FIELD_KEYS = ["second key"]
    app, codes = (Authenticator.objects.get(pk=kept.instance.pk) for kept in (app, codes))
    calendar.refresh_from_db()
    assert vault.decrypt(app.data["secret"]) == "JBSWY3DPEHPK3PXP"
    assert RecoveryCodes(codes).get_unused_codes() == printed
    assert vault.decrypt(calendar.address) == "https://calendar.example.org/private.ics"
    with pytest.raises(InvalidToken):
        vault.decrypt(address)


def test_keys_are_not_rotated_by_halves(settings: LazySettings, therapist: User) -> None:
    settings.FIELD_KEYS = ["first key"]
    app = TOTP.activate(therapist, "JBSWY3DPEHPK3PXP").instance
    settings.FIELD_KEYS = ["a key that is lost"]
    RecoveryCodes.activate(therapist)
    settings.FIELD_KEYS = ["second key", "first key"]
    with pytest.raises(CommandError, match="OLD_FIELD_KEYS"):
        call_command("rotate_field_key")
    assert Authenticator.objects.get(pk=app.pk).data == app.data


def test_the_last_second_factor_cannot_be_removed(client: Browser, therapist: User) -> None:
    secret = generate_totp_secret()
    TOTP.activate(therapist, secret)
    client.post("/accounts/login/", {"login": therapist.email, "password": PASSWORD})
    client.post("/accounts/2fa/authenticate/", {"code": code_for(secret)})
    client.post("/accounts/2fa/totp/deactivate/")
    assert Authenticator.objects.filter(user=therapist, type="totp").exists()


@pytest.mark.parametrize("credential", MALFORMED, ids=lambda text: text[:20] or "nothing")
@pytest.mark.parametrize("path", ["/accounts/2fa/passkeys/add/", "/accounts/2fa/passkeys/login/"])
def test_a_malformed_passkey_is_no_server_error(signed_in: Browser, path: str, credential: str) -> None:
    signed_in.get(path)
    if path.endswith("login/"):
        signed_in.post("/accounts/logout/")
    assert signed_in.post(path, {"credential": credential, "name": "x"}).status_code < 500


def test_the_passkey_pages_hold_no_inline_script(signed_in: Browser) -> None:
    page = signed_in.get("/accounts/2fa/passkeys/add/").content.decode()
    tags = re.findall(r"<script[^>]*>", page)
    assert [tag for tag in tags if "data-allauth-onload" in tag], "allauth's data blocks are among them"
    assert [tag for tag in tags if " src=" not in tag and 'type="application/json"' not in tag] == []
