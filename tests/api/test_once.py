"""A key keeps a request from counting twice; a version keeps a change from hiding another."""

import datetime as dt
import uuid
from typing import Any

import pytest

from clinic.core import clock
from clinic.core.errors import Refused
from clinic.people.models import User
from scheduling.models import AnsweredRequest, Appointment
from scheduling.services.requests import answer_once, forget_answers
from tests.api.calls import book, browser_of


def test_a_key_brings_the_first_answer_again_even_when_the_visit_has_changed_since(
    front_desk: User, wish: dict[str, Any]
) -> None:
    key, browser = uuid.uuid4(), browser_of(front_desk)
    first = book(browser, wish, key)
    Appointment.objects.update(status="cancelled")
    again = book(browser, wish, key)
    assert (again.status_code, again.json(), again["ETag"]) == (201, first.json(), first["ETag"])


@pytest.mark.parametrize("other", [{"note": "by the window"}, {"starts_at": "2027-03-10T13:00:00Z"}])
def test_a_key_with_any_other_body_is_refused(front_desk: User, wish: dict[str, Any], other: dict[str, Any]) -> None:
    key, browser = uuid.uuid4(), browser_of(front_desk)
    book(browser, wish, key)
    answer = book(browser, wish | other, key)
    assert (answer.status_code, answer.json()["code"]) == (422, "key-reused")
    assert Appointment.objects.count() == 1


def test_a_key_is_the_callers_own(front_desk: User, owner: User, wish: dict[str, Any]) -> None:
    key = uuid.uuid4()
    book(browser_of(front_desk), wish, key)
    assert book(browser_of(owner), wish, key).json()["code"] == "clash"


def test_a_refused_request_may_be_sent_again_with_its_key(front_desk: User, wish: dict[str, Any]) -> None:
    key, browser = uuid.uuid4(), browser_of(front_desk)
    assert book(browser, wish | {"starts_at": "2027-03-11T11:00:00Z"}, key).status_code == 422
    assert not AnsweredRequest.objects.exists()
    assert book(browser, wish, key).status_code == 201


def test_what_is_written_and_its_answer_stand_or_fall_together(owner: User) -> None:
    def write() -> Any:
        User.objects.filter(pk=owner.pk).update(name="Other")
        raise Refused("no")

    with pytest.raises(Refused):
        answer_once(key=uuid.uuid4(), fingerprint="x", by=owner, write=write)
    owner.refresh_from_db()
    assert owner.name != "Other"


def test_answers_are_forgotten_after_two_days(owner: User) -> None:
    answer_once(key=uuid.uuid4(), fingerprint="x", by=owner, write=lambda: (201, {"id": 1}))
    assert forget_answers(now=clock.now() + dt.timedelta(hours=47)) == 0
    assert forget_answers(now=clock.now() + dt.timedelta(hours=49)) == 1
