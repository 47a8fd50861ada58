"""Nothing a client wrote is lost: the check of the date of birth runs out, a tab is closed, the network is gone."""

from contextlib import suppress
from typing import Any
from unittest.mock import patch

import pytest
from django.http import QueryDict
from django.test import Client as Browser

from clinic.core import clock
from clinic.people.models import Client
from intake.answers import answers_of, situation_of
from intake.asked import asked_in
from intake.fhir import enabled_items
from intake.models import Response
from intake.parsing import parse_section
from intake.steps import steps_of
from intake.views.access import COOKIE
from tests.intake.factories import invitation_with_token
from tests.intake.walking import controls_of, something_for

pytestmark = pytest.mark.django_db

URLENCODED = "application/x-www-form-urlencoded"
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
    assert saved("reason.main") is None


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


class Interrupted:
    """A client on one screen after the other, interrupted on each."""

    def __init__(self, path: str) -> None:
        self.path, self.browser = path, Browser()
        self.pass_gate()

    def pass_gate(self) -> None:
        self.browser.post(self.path, {"born_on": BORN})

    def autosave(self, number: int, data: dict[str, Any]) -> Any:
        headers = {"Accept": "application/json"}
        return self.browser.post(f"{self.path}step/{number}/save/", data, headers=headers)

    def closed_tab(self, number: int, data: dict[str, Any]) -> None:
        """The last autosave went out as the tab was closed; the same browser comes back."""
        assert self.autosave(number, data).status_code == 200

    def expired_check(self, number: int, data: dict[str, Any]) -> None:
        """Neither autosave nor the button get through; the page that asks again holds everything."""
        self.browser.cookies.pop(COOKIE)
        assert self.autosave(number, data).status_code == 401
        held = controls_of(self.browser.post(f"{self.path}step/{number}/", {**data, "_stay": "1"}).content.decode())
        held["gate-born_on"] = BORN
        answer = self.browser.post(f"{self.path}step/{number}/", held.urlencode(), content_type=URLENCODED)
        assert answer["Location"] == f"{self.path}step/{number}/"

    def lost_network(self, number: int, data: dict[str, Any]) -> None:
        """Nothing arrives, then half of what was typed, and then what the device has kept."""
        with patch("intake.views.client.save_answers", side_effect=OSError("no network")), suppress(OSError):
            self.autosave(number, data)
        name = next(iter(data))
        self.autosave(number, {name: data[name]})
        assert self.autosave(number, data).status_code == 200

    def other_device(self, number: int, data: dict[str, Any]) -> None:
        """Begun here, gone on there."""
        assert self.autosave(number, data).status_code == 200
        self.browser = Browser()
        self.pass_gate()

    def without_script(self, number: int, data: dict[str, Any]) -> None:
        """Nothing is saved before the button is pressed, and then it is."""
        self.browser.post(f"{self.path}step/{number}/", data)


WAYS = ["closed_tab", "expired_check", "lost_network", "other_device", "without_script"]


@pytest.mark.parametrize(("slug", "way"), [*(("first-visit", way) for way in WAYS), ("before-visit", "without_script")])
def test_interrupted_on_every_screen_every_answer_is_there_afterwards(
    client_record: Client, way: str, slug: str
) -> None:
    _invitation, token = invitation_with_token(client_record, slug)
    client = Interrupted(f"/i/{token}/")
    number, seen = 1, set()
    while number not in seen:
        seen.add(number)
        step = steps_of([Response.objects.get()])[number - 1]
        data = something_for(step.section, answers_of(step.response))
        getattr(client, way)(number, data)
        given = parse_section(step.section, multi(data))
        assert not given.errors
        response = Response.objects.get()
        saved, is_sent = answers_of(response), response.status == "completed"
        enabled = enabled_items(step.form, saved, situation_of(response, clock.now().date()))
        for asked in asked_in(step.section, saved):
            if is_sent and asked.address not in enabled:
                continue  # what is not asked in the end is not sent
            assert saved.all(asked.address) == given.answers.all(asked.address), asked.address
            assert saved.marks.get(asked.address) == given.answers.marks.get(asked.address)
        if is_sent:
            break
        page = client.browser.get(f"{client.path}step/{number}/").content.decode()
        shown = parse_section(step.section, controls_of(page)).answers
        in_page = {a: v for a, v in shown.values.items() if v}
        assert in_page.items() <= {a: v for a, v in given.answers.values.items() if v}.items()
        assert shown.marks == given.answers.marks
        missing = {a for a, v in given.answers.values.items() if v and a in enabled} - in_page.keys()
        assert not missing, "and they stand in the page again"
        on = client.browser.post(f"{client.path}step/{number}/", data)["Location"]
        number = int(on.split("step/")[1].strip("/")) if "step/" in on else number
    assert Response.objects.get().status == "completed", "and the form goes on to its end"
    assert len(seen) > 1


def multi(data: dict[str, Any]) -> QueryDict:
    sent = QueryDict(mutable=True)
    for name, value in data.items():
        sent.setlist(name, [str(each) for each in value] if isinstance(value, list) else [str(value)])
    return sent
