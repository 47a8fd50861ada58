"""Forms and answers come in whole or not at all, and go out as they came."""

import json
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from clinic.audit.models import Event
from clinic.core.errors import Conflict, NotAllowed, Refused
from clinic.people.models import Client, Location, User
from intake.fhir import exact
from intake.models import PainDrawing, Questionnaire, RedFlag, Response, ValueSet
from intake.services.answer_documents import export_response, import_response
from intake.services.documents import (
    bring_back,
    export_questionnaire,
    import_questionnaire,
    publish_form,
    retire_form,
)
from tests import factories
from tests.api.test_api import browser_of
from tests.intake.factories import completed

pytestmark = pytest.mark.django_db

FORMS, ANSWERS = "/api/v1/questionnaires/", "/api/v1/questionnaire-responses/"
SLEEP = """{
  "resourceType": "Questionnaire", "status": "draft",
  "url": "https://clinic.example/forms/sleep", "version": "2026.1", "name": "sleep", "title": "Your sleep",
  "extension": [{"url": "https://elsewhere.example/unknown", "valueDecimal": 1.10}],
  "item": [
    {"linkId": "hours", "type": "decimal", "text": "Hours", "required": true,
     "extension": [{"url": "http://hl7.org/fhir/StructureDefinition/maxValue", "valueDecimal": 24.0}]},
    {"linkId": "tired", "type": "boolean", "text": "Tired?",
     "enableWhen": [{"question": "hours", "operator": "<", "answerDecimal": 7.50}]}
  ]
}
"""


def sleep(**changes: Any) -> bytes:
    return exact.dumps({**exact.loads(SLEEP), **changes}).encode()


def answered(*rows: dict[str, Any], **changes: Any) -> bytes:
    document = {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": "https://clinic.example/forms/sleep|2026.1",
        "status": "completed",
        "authored": "2026-01-02T10:00:00+01:00",
        "item": list(rows),
    }
    return exact.dumps({**document, **changes}).encode()


HOURS = {"linkId": "hours", "answer": [{"valueDecimal": Decimal("6.50")}]}


@pytest.fixture
def form(owner: User) -> Questionnaire:
    found = import_questionnaire(text=SLEEP.encode(), by=owner, publish=True).questionnaire
    assert found is not None
    return found


@pytest.fixture
def stranger_client(other_location: Location) -> Client:
    return factories.ClientFactory(locations=[other_location])


def test_a_form_goes_out_byte_for_byte_as_it_came_in(form: Questionnaire) -> None:
    form.refresh_from_db()
    assert export_questionnaire(form) == SLEEP.encode()
    assert "1.10" in exact.dumps(form.definition)
    assert (form.slug, form.version, form.title, form.status) == ("sleep", 1, "Your sleep", "published")


def test_the_same_form_twice_is_one_version_and_a_changed_one_is_the_next(form: Questionnaire, owner: User) -> None:
    again = import_questionnaire(text=SLEEP.encode(), by=owner)
    assert (again.questionnaire, again.is_new) == (form, False)
    changed = import_questionnaire(text=sleep(title="Your nights"), by=owner).questionnaire
    assert changed is not None
    assert (changed.slug, changed.version, changed.status) == ("sleep", 2, "draft")


def test_another_form_of_the_same_name_gets_a_slug_of_its_own(form: Questionnaire, owner: User) -> None:
    other = import_questionnaire(text=sleep(url="https://other.example/sleep"), by=owner).questionnaire
    assert other is not None
    assert other.slug == "sleep-2"


@pytest.mark.parametrize(
    ("text", "code", "link_id"),
    [
        (b"{", "invalid-json", ""),
        (b"\xff\xfe", "invalid-json", ""),
        (b"[" * 100_000, "invalid-json", ""),
        (b'{"a": NaN}', "invalid-json", ""),
        (b'{"resourceType": "Questionnaire", "title": "\\u0000"}', "invalid-json", ""),
        (b" " * 2_000_001, "too-large", ""),
        (b'{"resourceType": "Patient"}', "not-a-questionnaire", ""),
        (sleep(item=[{"linkId": "a", "type": "coding"}]), "r5", "a"),
        (sleep(versionAlgorithmString="semver"), "r5", ""),
        (sleep(item=[{"linkId": "a", "type": "slider"}]), "unknown-type", "a"),
        (sleep(item=[{"linkId": "a", "type": "string"}] * 2), "duplicate-link-id", "a"),
        (sleep(item=[{"linkId": "a", "type": "group", "item": [{"type": "string"}]}]), "link-id", ""),
        (sleep(item=[{"linkId": "a", "type": "string", "text": ""}]), "schema", "a"),
        (sleep(item=[{"linkId": "a", "type": "string", "colour": "red"}]), "schema", "a"),
        (sleep(item="x"), "schema", ""),
    ],
)
def test_what_cannot_be_read_leaves_nothing_and_says_where(owner: User, text: bytes, code: str, link_id: str) -> None:
    before = Questionnaire.objects.count()
    imported = import_questionnaire(text=text, by=owner, publish=True)
    assert imported.questionnaire is None
    assert next((p.code, p.link_id) for p in imported.report.problems) == (code, link_id)
    assert imported.report.problems[0].done == "Nothing was imported."
    assert (Questionnaire.objects.count(), ValueSet.objects.count()) == (before, 0)


@pytest.mark.parametrize(
    ("item", "code"),
    [
        ({"enableWhen": [{"question": "b", "operator": "=", "answerString": "x"}]}, "cycle"),
        ({"enableWhen": [{"question": "nowhere", "operator": "=", "answerString": "x"}]}, "unknown-question"),
        ({"enableWhen": [{"question": "b", "operator": "~", "answerString": "x"}]}, "bad-operator"),
        ({"type": "choice", "answerValueSet": "https://nowhere.example/vs"}, "value-set-missing"),
    ],
)
def test_a_form_that_cannot_be_asked_stays_a_draft(owner: User, item: dict[str, Any], code: str) -> None:
    asking = {"question": "a", "operator": "exists", "answerBoolean": True}
    text = sleep(
        item=[{"linkId": "a", "type": "string", **item}, {"linkId": "b", "type": "string", "enableWhen": [asking]}]
    )
    imported = import_questionnaire(text=text, by=owner, publish=True)
    assert imported.questionnaire is not None
    assert imported.questionnaire.status == "draft"
    assert imported.questionnaire.report[0]["code"] == code
    with pytest.raises(Refused) as refusal:
        publish_form(form=imported.questionnaire, by=owner)
    assert refusal.value.details["report"][0]["link_id"] == "a"


def test_a_bundle_brings_its_value_sets_and_a_version_of_one_never_changes(owner: User) -> None:
    value_set = {
        "resourceType": "ValueSet",
        "status": "active",
        "url": "https://clinic.example/vs",
        "version": "1",
        "compose": {"include": [{"system": "s", "concept": [{"code": "a", "display": "Ah"}]}]},
    }
    item = {"linkId": "a", "type": "choice", "answerValueSet": "https://clinic.example/vs|1"}

    def bundle(held: dict[str, Any]) -> bytes:
        questionnaire = exact.loads(sleep(item=[item]))
        return exact.dumps(
            {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": questionnaire}, {"resource": held}]}
        ).encode()

    imported = import_questionnaire(text=bundle(value_set), by=owner, publish=True)
    assert imported.questionnaire is not None
    assert imported.questionnaire.status == "published"
    other = {**value_set, "compose": {"include": [{"system": "s", "concept": [{"code": "b"}]}]}}
    assert import_questionnaire(text=bundle(other), by=owner).report.problems[0].code == "value-set"


def test_a_published_form_and_its_source_are_frozen(form: Questionnaire) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        Questionnaire.objects.filter(pk=form.pk).update(source_text="{}")


def test_a_retired_form_is_asked_no_more_in_any_version_until_it_is_brought_back(
    form: Questionnaire, owner: User
) -> None:
    newer = import_questionnaire(text=sleep(title="Your nights"), by=owner, publish=True).questionnaire
    assert newer is not None
    retire_form(form=newer, by=owner)
    assert Questionnaire.objects.latest("sleep") is None
    with pytest.raises(Conflict):
        retire_form(form=newer, by=owner)
    bring_back(form=form, by=owner)
    assert Questionnaire.objects.latest("sleep") == form


def test_only_the_owner_takes_in_and_publishes_forms(form: Questionnaire, therapist: User) -> None:
    with pytest.raises(NotAllowed):
        import_questionnaire(text=SLEEP.encode(), by=therapist)
    with pytest.raises(NotAllowed):
        retire_form(form=form, by=therapist)


def test_answers_go_out_as_they_came_in_and_twice_is_once(
    form: Questionnaire, client_record: Client, therapist: User
) -> None:
    text = answered(HOURS, {"linkId": "tired", "answer": [{"valueBoolean": True}]}, language="en")
    response, report = import_response(text=text, client=client_record, by=therapist)
    assert response is not None, report
    response.refresh_from_db()
    assert exact.loads(export_response(response)) == exact.loads(text)
    assert "6.50" in export_response(response).decode()
    assert (response.source, response.status, response.questionnaire) == ("file", "completed", form)
    assert import_response(text=text, client=client_record, by=therapist)[0] == response
    assert Event.objects.filter(action="response.imported", client_id=client_record.pk).count() == 1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (answered(HOURS, status="in-progress"), "not-completed"),
        (answered(HOURS, questionnaire="https://clinic.example/forms/sleep|2027"), "unknown-form"),
        (answered(), "missing"),
        (answered({"linkId": "elsewhere", "answer": [{"valueString": "x"}]}), "unknown-item"),
        (answered({"linkId": "hours", "answer": [{"valueString": "x"}]}), "wrong-type"),
        (answered({"linkId": "hours", "answer": [{"valueDecimal": 25}]}), "out-of-range"),
        (answered({"linkId": "hours", "answer": [{"valueDecimal": 8}, {"valueDecimal": 9}]}), "too-many"),
        (answered(HOURS, HOURS), "too-many"),
        (answered(HOURS, colour="red"), "schema"),
    ],
)
def test_answers_that_do_not_fit_the_form_are_left_out_whole(
    form: Questionnaire, client_record: Client, therapist: User, text: bytes, code: str
) -> None:
    response, report = import_response(text=text, client=client_record, by=therapist)
    assert response is None
    assert report.problems[0].code == code
    assert not Response.objects.exists()


def test_an_answer_to_what_is_not_asked_is_refused(form: Questionnaire, client_record: Client, owner: User) -> None:
    rested = {"linkId": "hours", "answer": [{"valueDecimal": 8}]}
    text = answered(rested, {"linkId": "tired", "answer": [{"valueBoolean": True}]})
    _response, report = import_response(text=text, client=client_record, by=owner)
    assert [(p.code, p.link_id) for p in report.problems] == [("not-asked", "tired")]


def test_answers_of_another_client_are_refused(
    form: Questionnaire, client_record: Client, stranger_client: Client, owner: User
) -> None:
    text = answered(HOURS, subject={"reference": f"Patient/{stranger_client.pk}"})
    assert import_response(text=text, client=client_record, by=owner)[1].problems[0].code == "other-subject"


def test_taken_in_answers_raise_flags_and_draw_as_if_given_here(
    client_record: Client, stranger_client: Client, therapist: User
) -> None:
    document = completed(client_record, ces_bladder="yes").answers
    assert document["subject"] == {"reference": f"Patient/{client_record.pk}"}
    text = exact.dumps({key: value for key, value in document.items() if key != "subject"}).encode()
    response, report = import_response(text=text, client=stranger_client, by=None)
    assert response is not None, report
    assert RedFlag.objects.filter(response=response, urgency="emergency").count() == 1
    assert PainDrawing.objects.get(response=response).marks.count() == 1


def test_the_api_takes_in_gives_out_publishes_and_retires(owner: User, therapist: User, client_record: Client) -> None:
    browser = browser_of(owner)
    made = browser.post(FORMS, SLEEP.encode(), content_type="application/fhir+json")
    assert made.status_code == 201, made.content
    here = f"{FORMS}{made.json()['id']}/"
    assert browser.post(FORMS, SLEEP.encode(), content_type="application/json").status_code == 200
    assert browser.get(f"{here}document/").content == SLEEP.encode()
    assert browser.post(f"{here}publish/").json()["status"] == "published"
    assert browser.post(f"{here}publish/").status_code == 409
    refused = browser.post(FORMS, b"{", content_type="application/fhir+json")
    assert (refused.status_code, refused.json()["details"]["report"][0]["code"]) == (422, "invalid-json")
    assert browser_of(therapist).post(FORMS, SLEEP.encode(), content_type="application/json").status_code == 403

    clinician = browser_of(therapist)
    url = f"{ANSWERS}?client={client_record.pk}"
    kept = clinician.post(url, answered(HOURS), content_type="application/fhir+json")
    assert kept.status_code == 201, kept.content
    assert [row["id"] for row in clinician.get(url).json()["results"]] == [kept.json()["id"]]
    read = clinician.get(f"{ANSWERS}{kept.json()['id']}/")
    assert exact.loads(read.content) == exact.loads(answered(HOURS))
    assert Event.objects.filter(action="response.read", actor_id=therapist.pk).count() == 1
    assert browser.post(f"{here}retire/").json()["status"] == "retired"
    assert browser.post(f"{here}bring-back/").json()["status"] == "published"


def test_somebody_elses_client_takes_no_answers(form: Questionnaire, client_record: Client, stranger: User) -> None:
    url = f"{ANSWERS}?client={client_record.pk}"
    assert browser_of(stranger).post(url, answered(HOURS), content_type="application/json").status_code == 404
    assert browser_of(stranger).get(url).status_code == 404


def test_the_commands_do_the_same(client_record: Client, tmp_path: Path) -> None:
    file, out, err = tmp_path / "form.json", StringIO(), StringIO()
    file.write_bytes(SLEEP.encode())
    call_command("import_form", str(file), "--publish", stdout=out, stderr=err)
    assert "sleep version 1: published." in out.getvalue()
    given = StringIO()
    call_command("export_form", "sleep", stdout=given)
    assert given.getvalue() == SLEEP
    file.write_bytes(answered(HOURS))
    out = StringIO()
    call_command("import_response", str(file), "--client", str(client_record.number), stdout=out)
    given = StringIO()
    call_command("export_response", str(Response.objects.get().pk), stdout=given)
    assert json.loads(given.getvalue())["item"][0]["linkId"] == "hours"
    file.write_bytes(b"{")
    with pytest.raises(CommandError, match="Nothing was imported"):
        call_command("import_form", str(file), stderr=err)
    assert "invalid-json" not in err.getvalue()
    assert "This is not JSON: line 1" in err.getvalue()
