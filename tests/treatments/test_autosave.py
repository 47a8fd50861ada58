"""What a note answers to the script that saves it while it is typed."""

import json

from django.test import Client as Browser

from tests.treatments.browsing import typed, url
from treatments.models import SessionNote


def test_autosave_counts_the_version_up_and_says_when(signed_in: Browser, draft: SessionNote) -> None:
    answer = signed_in.post(
        url("note-draft", draft.pk), typed(draft, plan="Walk", version=""), headers={"If-Match": f'"{draft.version}"'}
    )
    assert answer.status_code == 200
    assert answer.json()["version"] == draft.version + 1
    assert answer["ETag"] == f'"{draft.version + 1}"'
    assert answer.json()["errors"] == {}


def test_autosave_without_a_version_is_refused(signed_in: Browser, draft: SessionNote) -> None:
    for headers in ({}, {"If-Match": "*"}, {"If-Match": "one"}):
        assert signed_in.post(url("note-draft", draft.pk), typed(draft), headers=headers).status_code == 428


def test_autosave_over_a_stale_version_returns_both_texts(signed_in: Browser, draft: SessionNote) -> None:
    old = {"If-Match": f'"{draft.version}"'}
    signed_in.post(url("note-draft", draft.pk), typed(draft, plan="From the tablet"), headers=old)
    answer = signed_in.post(url("note-draft", draft.pk), typed(draft, plan="From the desk"), headers=old)
    assert answer.status_code == 412
    details = answer.json()["details"]
    assert (details["yours"], details["theirs"]) == ({"plan": "From the desk"}, {"plan": "From the tablet"})


def test_autosave_of_a_wrong_number_saves_the_rest_and_names_it(signed_in: Browser, draft: SessionNote) -> None:
    answer = signed_in.post(
        url("note-draft", draft.pk),
        typed(draft, plan="Kept") | {"rom-hip-flexion-right": "720"},
        headers={"If-Match": str(draft.version)},
    )
    assert list(answer.json()["errors"]) == ["rom-hip-flexion-right"]
    assert SessionNote.objects.get(pk=draft.pk).plan == "Kept"


def test_autosave_after_the_session_is_over_says_401(client: Browser, draft: SessionNote) -> None:
    headers = {"If-Match": str(draft.version), "HX-Request": "true", "Accept": "application/json"}
    assert client.post(url("note-draft", draft.pk), typed(draft), headers=headers).status_code == 401


def test_autosave_of_a_signed_note_is_refused(signed_in: Browser, signed: SessionNote) -> None:
    headers = {"If-Match": str(signed.version)}
    answer = signed_in.post(url("note-draft", signed.pk), typed(signed, plan="Other"), headers=headers)
    assert (answer.status_code, json.loads(answer.content)["code"]) == (409, "note-signed")
