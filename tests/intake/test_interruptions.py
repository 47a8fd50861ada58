"""Nothing a client wrote is lost when the check of the date of birth has run out meanwhile."""

from typing import Any

import pytest
from django.test import Client as Browser

from clinic.people.models import Client
from intake.answers import answers_of
from intake.models import Response
from intake.views.access import COOKIE
from tests.intake.factories import invitation_with_token

pytestmark = pytest.mark.django_db

BORN, WRONG = "1967-08-04", "1967-08-05"
ACTIVITY = "psfs:0/psfs.activity"
WRITTEN = {
    "reason.main": 'The hip "clicks" <when>\nI walk & sit',
    "duration": "under_6_weeks",
    "psfs:rows": "1",
    ACTIVITY: "Stairs & hills",
}


@pytest.fixture
def path(client: Browser, client_record: Client) -> str:
    """A form that was begun, in a browser whose check has run out."""
    _invitation, token = invitation_with_token(client_record)
    client.post(f"/i/{token}/", {"born_on": BORN})
    client.cookies.pop(COOKIE)
    return f"/i/{token}/"


def hidden_fields(html: str) -> dict[str, str]:
    from_page: dict[str, str] = {}
    for part in html.split('<input type="hidden" name="')[1:]:
        name, _, rest = part.partition('" value="')
        from_page[name] = rest.partition('">')[0]
    return from_page


def saved(link_id: str) -> Any:
    return answers_of(Response.objects.get()).one(link_id)


def test_what_was_sent_stands_in_the_page_that_asks_again(client: Browser, path: str) -> None:
    asked = client.post(f"{path}step/1/", WRITTEN)
    assert asked.status_code == 200
    html = asked.content.decode()
    assert "Are you still there?" in html
    assert "&quot;clicks&quot; &lt;when&gt;" in hidden_fields(html)["reason.main"]
    assert saved("reason.main") is None, "nothing is taken before the check"


def test_with_the_right_date_it_is_saved_and_the_form_goes_on(client: Browser, path: str) -> None:
    answer = client.post(f"{path}step/1/", {**WRITTEN, "gate-born_on": BORN})
    assert answer.status_code in (302, 422), "on, or back to what is missing on the page"
    assert saved("reason.main") == WRITTEN["reason.main"]
    assert saved(ACTIVITY) == WRITTEN[ACTIVITY]
    assert client.get(f"{path}step/1/").status_code == 200, "and the check holds again"


def test_with_a_wrong_date_nothing_is_taken_and_nothing_is_lost(client: Browser, path: str) -> None:
    refused = client.post(f"{path}step/1/", {**WRITTEN, "gate-born_on": WRONG})
    assert refused.status_code == 422
    assert "That is not the date we have" in refused.content.decode()
    assert set(WRITTEN) <= set(hidden_fields(refused.content.decode()))
    assert saved("reason.main") is None


def test_the_tries_are_counted_there_too(client: Browser, path: str) -> None:
    for _ in range(5):
        answer = client.post(f"{path}step/1/", {**WRITTEN, "gate-born_on": WRONG})
    assert answer.status_code == 403
    assert client.post(f"{path}step/1/", {**WRITTEN, "gate-born_on": BORN}).status_code != 302
    assert Response.objects.get().answers == {}


def test_autosave_is_told_to_ask_again_and_takes_nothing(client: Browser, path: str) -> None:
    answer = client.post(f"{path}step/1/save/", WRITTEN, headers={"Accept": "application/json"})
    assert answer.status_code == 401
    assert answer.json()["code"] == "ask-again"
    assert saved("reason.main") is None


def test_the_button_of_that_notice_saves_and_stays_on_the_page(client: Browser, path: str) -> None:
    answer = client.post(f"{path}step/1/", {**WRITTEN, "_stay": "1", "gate-born_on": BORN})
    assert answer["Location"] == f"{path}step/1/"
    assert saved("reason.main") == WRITTEN["reason.main"]
    assert 'name="_stay"' in client.get(f"{path}step/1/").content.decode()


def test_opening_a_page_without_the_check_leads_to_the_gate(client: Browser, path: str) -> None:
    assert client.get(f"{path}step/1/")["Location"] == path
