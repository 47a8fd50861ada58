"""The OpenAPI description and the API say the same."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client as Browser
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from clinic.people.models import Location, User
from tests.api.calls import browser_of

VERBS = ("get", "post", "patch", "put", "delete")


@pytest.fixture(scope="module")
def description() -> Any:
    return SchemaGenerator().get_schema(request=None, public=True)


def operations(description: Any) -> Iterator[tuple[str, str, Any]]:
    for path, item in description["paths"].items():
        for verb in VERBS:
            if verb in item:
                yield path, verb, item[verb]


def test_the_description_is_valid_and_each_call_says_what_it_does(description: Any) -> None:
    validate_schema(description)
    unsaid = [f"{verb} {path}" for path, verb, call in operations(description) if not call.get("description")]
    assert not unsaid
    names = [call["operationId"] for _path, _verb, call in operations(description)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("who", ["owner", "front_desk"])
def test_whatever_is_answered_to_an_empty_call_stands_in_the_description(
    description: Any, who: str, location: Location, request: pytest.FixtureRequest
) -> None:
    browser: Browser = browser_of(request.getfixturevalue(who))
    headers = {"If-Match": '"1"', "Idempotency-Key": str(uuid.uuid4())}
    wrong = []
    for path, verb, call in operations(description):
        for pk in {str(uuid.uuid4()), "x"}:
            url = path.replace("{id}", pk)
            answer = browser.generic(verb.upper(), url, "{}", content_type="application/json", headers=headers)
            if str(answer.status_code) not in call["responses"]:
                wrong.append(f"{verb} {url}: {answer.status_code} is not described")
            if answer.status_code >= 400 and not {"code", "message"} <= answer.json().keys():
                wrong.append(f"{verb} {url}: {answer.content[:80]!r}")
    assert not wrong, "\n".join(wrong)


def test_what_a_booking_names_is_found_through_the_api(
    front_desk: User, location: Location, room: Any, therapist: User, service: Any
) -> None:
    browser = browser_of(front_desk)
    for path, row in (
        ("locations/", location),
        (f"rooms/?location={location.pk}", room),
        (f"therapists/?services={service.pk}", therapist),
    ):
        found = browser.get(f"/api/v1/{path}").json()["results"]
        assert [each["id"] for each in found] == [str(row.pk)]
    assert browser.get("/api/v1/therapists/?email=a").status_code == 400
