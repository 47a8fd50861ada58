"""Consents as the tests give and reword them."""

from typing import Any

from clinic.messaging import links
from clinic.messaging.models import ClientLink
from clinic.people.models import User
from intake.fhir.answers import Signature
from intake.form_cache import form_of
from intake.models import ConsentText, Response
from intake.services import complete_response
from intake.services.consent_texts import publish_text
from tests.intake.factories import (
    fill,
    harmless_answers,
    with_flags,
)

STROKES = '{"width":1000,"height":320,"strokes":[[10,10,300,200,600,50],[700,100]]}'
AGREED = {"consent.treatment": [True], "consent.privacy": [True], "consent.reminders": [True]}


def reworded(by: User, kind: str = "treatment", text: str = "New words.", **wish: Any) -> ConsentText:
    wishes = {"language": "en", "title": "Treatment", "needs_renewal": True} | wish
    return publish_text(kind=kind, text=text, by=by, **wishes)


def signed(response: Response, **changes: Any) -> Response:
    given = with_flags(harmless_answers(), form_of(response.questionnaire))
    given.values.update(AGREED | {"signature": [Signature("Marcus Bell", STROKES)]} | changes)
    fill(response, given)
    return complete_response(response=response)


def token_of(response: Response) -> str:
    link = ClientLink.objects.get(purpose="consent", object_id=response.pk)
    return links.token_of(link)
