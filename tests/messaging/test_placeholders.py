"""Wordings take placeholders of a fixed list and nothing else."""

import datetime as dt

import pytest

from clinic.core.errors import Missing, NotAllowed, Refused
from clinic.messaging import placeholders, wording_services, wordings
from clinic.messaging.default_wordings import DEFAULTS
from clinic.messaging.models import MessageTemplate, Purpose
from clinic.people.models import Client, Location, User

ATTACKS = [
    "{{7*7}}",
    "{7*7}",
    "{0}",
    "{}",
    "{name.__class__.__mro__}",
    "{name!r}",
    "{name:>1000000000}",
    "{password}",
    "{NAME}",
    "{% load x %}{name",
    "name}",
    "{clinic[0]}",
]


@pytest.mark.parametrize("text", ATTACKS)
def test_anything_but_a_known_placeholder_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        placeholders.check(text, allowed=placeholders.NAMES)


@pytest.mark.parametrize("text", ATTACKS)
def test_an_attack_that_got_into_the_table_all_the_same_does_nothing(text: str) -> None:
    values = dict.fromkeys(placeholders.NAMES, "value")
    assert placeholders.fill(f"{text} here", {**values, "password": "secret"}).count("49") == 0
    assert "class" not in placeholders.fill(text, values).replace("__class__", "")


def test_a_value_cannot_bring_a_placeholder_of_its_own() -> None:
    assert placeholders.inert("{link}\r\nBcc: x") == "(link) Bcc: x"


def test_a_paragraph_without_its_value_is_left_out() -> None:
    text = "Hello {name},\n\nCall {phone}.\n\nBye"
    assert placeholders.fill(text, {"name": "Sam", "phone": ""}) == "Hello Sam,\n\nBye"


@pytest.mark.parametrize("purpose", Purpose.values)
def test_every_purpose_has_a_wording_that_passes_its_own_rules(purpose: str) -> None:
    subject, body = (str(text) for text in DEFAULTS[purpose])
    wording_services.check_wording(purpose=purpose, language="en", subject=subject, body=body)


@pytest.mark.parametrize("purpose", Purpose.values)
def test_no_wording_says_a_health_fact_or_a_name_in_its_subject(purpose: str) -> None:
    subject, body = (str(text).lower() for text in DEFAULTS[purpose])
    assert "{name}" not in subject
    for word in ("pain", "hip", "flag", "injury", "symptom", "treat", "diagnos", "urgent"):
        assert word not in subject + body


def test_a_time_that_comes_twice_says_which_of_the_two_it_is(location: Location) -> None:
    summer, winter = (dt.datetime(2026, 10, 25, hour, 30, tzinfo=dt.UTC) for hour in (0, 1))
    assert wordings.when(summer, location, "en") == "Sunday 25 October 2026, 02:30 (CEST)"
    assert wordings.when(winter, location, "en") == "Sunday 25 October 2026, 02:30 (CET)"


def test_time_is_said_in_the_zone_of_the_location_with_its_name(location: Location, client_record: Client) -> None:
    at = dt.datetime(2026, 3, 19, 9, 15, tzinfo=dt.UTC)
    wording = wordings.default_of(Purpose.BOOKING, "en")
    _subject, body = wordings.render(wording=wording, location=location, person=client_record, about_at=at)
    assert "Thursday 19 March 2026, 10:15 (CET)" in body
    assert "Harbour Street, 1 Harbour Street" in body


def test_a_hostile_name_stays_a_name(location: Location, client_record: Client) -> None:
    client_record.preferred_name = "{link}\r\nSubject: x"
    wording = wordings.default_of(Purpose.BOOKING, "en")
    subject, body = wordings.render(wording=wording, location=location, person=client_record)
    assert "\n" not in subject
    assert "Hello (link) Subject: x," in body


def test_the_practice_says_it_in_its_own_words(front_desk: User, location: Location, client_record: Client) -> None:
    wording_services.save_wording(
        purpose=Purpose.REMINDER, language="en", subject="See you at {clinic}", body="Hi {name}", by=front_desk
    )
    wording = wordings.wording_of(Purpose.REMINDER, "en")
    subject, body = wordings.render(wording=wording, location=location, person=client_record)
    assert (subject, body) == ("See you at Harbour Hip Clinic", "Hi Marcus\n")
    wording_services.reset_wording(purpose=Purpose.REMINDER, language="en", by=front_desk)
    assert not wordings.wording_of(Purpose.REMINDER, "en").is_own


@pytest.mark.parametrize(
    ("subject", "body", "field"),
    [
        ("Hello {name}", "x", "subject"),
        ("Hello {link}", "x", "subject"),
        ("x", "{{7*7}}", "body"),
        ("x", "{unknown}", "body"),
    ],
)
def test_a_wording_with_a_wrong_placeholder_is_not_saved(front_desk: User, subject: str, body: str, field: str) -> None:
    with pytest.raises(Refused) as refusal:
        wording_services.save_wording(
            purpose=Purpose.REMINDER, language="en", subject=subject, body=body, by=front_desk
        )
    assert refusal.value.details == {"field": field}
    assert not MessageTemplate.objects.exists()


def test_a_question_needs_its_link(front_desk: User) -> None:
    with pytest.raises(Refused):
        wording_services.save_wording(
            purpose=Purpose.FOLLOW_UP, language="en", subject="x", body="How are you?", by=front_desk
        )


def test_staff_always_hear_of_what_cannot_wait(front_desk: User) -> None:
    saved = wording_services.save_wording(
        purpose=Purpose.STAFF_FLAG, language="en", subject="x", body="y", is_active=False, by=front_desk
    )
    assert saved.is_active


def test_a_therapist_does_not_change_wordings_and_nobody_an_unknown_one(therapist: User, front_desk: User) -> None:
    with pytest.raises(NotAllowed):
        wording_services.save_wording(purpose=Purpose.REMINDER, language="en", subject="x", body="y", by=therapist)
    with pytest.raises(Missing):
        wording_services.save_wording(purpose="spam", language="en", subject="x", body="y", by=front_desk)
