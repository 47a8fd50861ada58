"""A form, its pages and an owner who opens them."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client as Browser
from django.urls import reverse

from clinic.people.models import User
from intake.models import Questionnaire
from intake.services.documents import import_questionnaire

Send = Callable[..., HttpResponse]
FOREIGN = {"url": "https://elsewhere.example/kept", "valueString": "as it was"}
SLEEP: dict[str, Any] = {
    "resourceType": "Questionnaire",
    "status": "draft",
    "url": "https://clinic.example/forms/nights",
    "version": "2026.1",
    "name": "nights",
    "title": "Your nights",
    "extension": [FOREIGN],
    "item": [
        {
            "linkId": "page",
            "type": "group",
            "text": "Sleep",
            "item": [
                {"linkId": "tired", "type": "boolean", "text": "Are you tired?", "extension": [FOREIGN]},
                {
                    "linkId": "why",
                    "type": "choice",
                    "text": "Why?",
                    "answerOption": [
                        {"valueCoding": {"system": "https://codes.example", "code": "noise", "display": "Noise"}},
                        {"valueCoding": {"system": "https://codes.example", "code": "pain", "display": "Pain"}},
                    ],
                    "enableWhen": [{"question": "tired", "operator": "=", "answerBoolean": True}],
                },
                {"linkId": "hours", "type": "integer", "text": "Hours"},
            ],
        }
    ],
}


def upload(browser: Browser, document: Any, address: str = "") -> HttpResponse:
    """Send a document, or bytes, as a file."""
    text = document if isinstance(document, bytes) else json.dumps(document).encode()
    file = SimpleUploadedFile("form.json", text, content_type="application/json")
    answer: HttpResponse = browser.post(address or reverse("intake:questionnaire-upload"), {"file": file})
    return answer


@pytest.fixture
def draft(owner: User) -> Questionnaire:
    found = import_questionnaire(text=json.dumps(SLEEP).encode(), by=owner).questionnaire
    assert found is not None
    return found


@pytest.fixture
def desk(client: Browser, owner: User) -> Browser:
    """The owner's browser."""
    client.force_login(owner)
    return client


@pytest.fixture
def send(desk: Browser, draft: Questionnaire) -> Send:
    """POST one step of the editor, from the newest version unless told."""

    def post(name: str, item: str = "", **data: Any) -> HttpResponse:
        draft.refresh_from_db()
        query = {"item": item} if item else {}
        answer: HttpResponse = desk.post(
            reverse(f"intake:{name}", args=[draft.pk], query=query), {"version": draft.edit_version, **data}
        )
        draft.refresh_from_db()
        return answer

    return post
