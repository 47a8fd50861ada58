"""Consent given: what was shown is what is kept, and nothing is sent without the signature it asks for."""

import json

import pytest
from django.test import Client as Browser
from django.urls import reverse

from clinic.core.errors import Refused
from clinic.people.models import Client, User
from intake import consent_texts
from intake.fhir import exact
from intake.fhir.answers import Signature
from intake.form_cache import form_of
from intake.models import Consent, Response
from intake.services import complete_request, complete_response
from intake.services.answer_documents import import_response
from tests.intake.consenting import STROKES, signed
from tests.intake.factories import (
    completed,
    draft,
    fill,
    form_data,
    harmless_answers,
    invitation_with_token,
    with_flags,
)

pytestmark = pytest.mark.django_db


def test_what_was_shown_is_what_is_kept_with_the_signature(client_record: Client) -> None:
    signed(draft(client_record))
    consent = Consent.objects.get(kind="privacy")
    assert consent.consent_text == consent_texts.current("privacy", "en")
    assert consent.consent_text is not None
    assert (consent.text, consent.signed_name) == (consent.consent_text.text, "Marcus Bell")
    assert consent.signature["strokes"][0] == [10, 10, 300, 200, 600, 50]


NO_SIGNATURE: list[dict[str, str]] = [
    {},
    {"signature.name": "  "},
    {"signature": ""},
    {"signature": '{"strokes": []}'},
    {"signature": '{"strokes": [[5]]}'},
    {"signature": "null"},
    {"signature": "data:image/png;base64,AAAA"},
]


@pytest.mark.parametrize("unsigned", NO_SIGNATURE, ids=str)
def test_no_hand_made_post_sends_a_form_without_its_signature(
    client: Browser, client_record: Client, unsigned: dict[str, str]
) -> None:
    invitation, token = invitation_with_token(client_record)
    path = f"/i/{token}/"
    client.post(path, {"born_on": "1967-08-04"})
    response = Response.objects.get(invitation=invitation)
    given = with_flags(harmless_answers(), form_of(response.questionnaire))
    del given.values["signature"]
    fill(response, given)
    data = {key: value for key, value in form_data(given).items() if key.startswith("consent.")}
    answer = client.post(f"{path}step/9/", data | unsigned)
    assert answer.status_code == 422
    response.refresh_from_db()
    assert (response.status, Consent.objects.count()) == ("draft", 0)
    with pytest.raises(Refused):
        complete_response(response=response)
    with pytest.raises(Refused):
        complete_request(responses=[response])


def test_answers_from_a_file_without_a_signature_are_not_taken_in(client_record: Client, owner: User) -> None:
    response = signed(draft(client_record))
    document = json.loads(exact.dumps(response.answers))
    for section in document["item"]:
        section["item"] = [row for row in section["item"] if row["linkId"] != "signature"]
    taken_in, report = import_response(text=json.dumps(document).encode(), client=client_record, by=owner)
    assert taken_in is None
    assert [problem.link_id for problem in report.problems] == ["signature"]
    assert Consent.objects.count() == 3


def test_a_drawn_signature_alone_is_enough(client_record: Client) -> None:
    assert signed(draft(client_record), signature=[Signature("", STROKES)]).status == "completed"


def test_the_signature_is_drawn_for_staff_beside_the_answers(
    client: Browser, client_record: Client, therapist: User
) -> None:
    response = signed(draft(client_record))
    client.force_login(therapist)
    page = client.get(reverse("intake:response-detail", args=[response.pk])).content.decode()
    assert 'd="M10 10L300 200 600 50M700 100h1"' in page
    assert "Marcus Bell" in page


def test_a_consent_completed_in_the_old_way_still_has_its_words(client_record: Client) -> None:
    response = completed(client_record)
    assert {consent.title for consent in response.consents.all()} == {"Treatment", "Privacy"}
