"""The audit log's page."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from clinic.audit import reads, services
from clinic.audit.models import Event
from clinic.core import clock
from clinic.people.models import Client, User

PAGE = "/audit/"


def actions_on(response: Any) -> list[str]:
    return [event.action for event, _client in response.context["rows"]]


def test_the_owner_sees_who_did_what_and_that_is_an_event_too(
    client: Browser, owner: User, therapist: User, client_record: Client
) -> None:
    services.read(therapist, client_record, client=client_record)
    client.force_login(owner)
    page = client.get(PAGE).content.decode()
    for words in ("client.read", "Amina Osei", "Marcus Bell"):
        assert words in page
    assert Event.objects.filter(action="audit.read", actor_id=owner.pk).exists()


@pytest.mark.parametrize("who", ["therapist", "front_desk", "stranger"])
def test_nobody_else_does(client: Browser, request: pytest.FixtureRequest, who: str) -> None:
    client.force_login(request.getfixturevalue(who))
    assert client.get(PAGE).status_code == 403


def test_filters_narrow_the_events(client: Browser, owner: User, therapist: User, client_record: Client) -> None:
    services.record(therapist, "note.signed", client_record, client=client_record)
    services.record(None, "audit.sealed")
    client.force_login(owner)
    assert actions_on(client.get(PAGE, {"person": str(therapist.pk)})) == ["note.signed"]
    assert "note.signed" not in actions_on(client.get(PAGE, {"person": "nobody"}))
    assert actions_on(client.get(PAGE, {"client": str(client_record.number)})) == ["note.signed"]
    assert actions_on(client.get(PAGE, {"action": "note.signed"})) == ["note.signed"]
    yesterday = (clock.now() - dt.timedelta(days=3)).date().isoformat()
    assert not actions_on(client.get(PAGE, {"from": yesterday, "to": yesterday}))


@pytest.mark.parametrize(
    "query",
    [
        {"person": "x"},
        {"client": "x"},
        {"client": "9" * 40},
        {"from": "0001-01-01", "to": "9999-12-31"},
        {"from": "tomorrow"},
        {"page": "-7"},
        {"action": "'; drop"},
    ],
)
def test_a_nonsensical_filter_is_no_error(client: Browser, owner: User, query: dict[str, str]) -> None:
    client.force_login(owner)
    assert client.get(PAGE, query).status_code == 200


def test_the_page_asks_as_many_questions_at_thirty_events_as_at_three(
    client: Browser, owner: User, client_record: Client
) -> None:
    def counted() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(PAGE)
        return len(captured)

    for number in range(3):
        services.record(owner, f"thing.{number}", client=client_record)
    client.force_login(owner)
    client.get(PAGE)
    few = counted()
    for number in range(30):
        services.record(owner, f"thing.{number}", client=client_record)
    assert counted() == few


def test_every_action_is_listed_once(owner: User) -> None:
    for action in ("b.two", "a.one", "b.two"):
        services.record(owner, action)
    assert reads.actions() == ["a.one", "b.two"]
