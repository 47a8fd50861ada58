"""Forms as files in the settings: in whole or not at all, out as they came, published, retired, brought back."""

import json

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clinic.audit.models import Event
from clinic.people.models import User
from intake.knowledge.forms import publish_ready_forms
from intake.models import Questionnaire
from intake.services.documents import publish_form, retire_form
from intake.services.editing import new_draft_of
from tests.intake.forms.conftest import SLEEP, upload

pytestmark = pytest.mark.django_db


def at(name: str, form: Questionnaire) -> str:
    return reverse(f"intake:questionnaire-{name}", args=[form.pk])


def test_a_file_becomes_a_draft_and_goes_out_byte_for_byte(desk: Browser) -> None:
    text = json.dumps(SLEEP, indent=3).encode()
    answer = upload(desk, text)
    form = Questionnaire.objects.get(slug="nights")
    assert (answer.status_code, answer["Location"]) == (302, at("detail", form))
    document = desk.get(at("document", form))
    assert document.content == text
    assert document["Content-Disposition"] == 'attachment; filename="nights-1.json"'
    assert desk.get(reverse("intake:questionnaire-list")).content.decode().count("Your nights") >= 1


def test_the_report_of_a_file_names_the_item_and_what_was_done(desk: Browser) -> None:
    document = {**SLEEP, "item": [{"linkId": "a", "type": "choice", "text": "Nothing to choose"}]}
    page = desk.get(upload(desk, document)["Location"]).content.decode()
    assert "There is nothing to choose from." in page
    assert "it cannot be published" in page
    assert "?item=a#item" in page


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"", "This is not JSON"),
        (b"{", "This is not JSON: line 1"),
        (b"\xff\xfe\x00", "This is not JSON in UTF-8"),
        (b" " * 2_000_001, "larger than 2 MB"),
        (b'{"resourceType": "Patient"}', "not a FHIR Questionnaire"),
        (b'{"resourceType": "Questionnaire", "item": [{"linkId": "<b>", "type": "slider"}]}', "&lt;b&gt;"),
    ],
)
def test_a_bad_file_is_refused_in_the_page_and_leaves_nothing(desk: Browser, text: bytes, words: str) -> None:
    before = Questionnaire.objects.count()
    answer = upload(desk, text)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "Nothing was imported" in answer.content.decode()
    assert Questionnaire.objects.count() == before


def test_no_file_is_a_plain_error(desk: Browser) -> None:
    assert desk.post(reverse("intake:questionnaire-upload")).status_code == 422


def test_what_we_call_a_pain_map_has_all_its_parts(desk: Browser) -> None:
    kind = {"url": "urn:palpate:fhir:item-kind", "valueString": "pain-map"}
    answer = upload(desk, {**SLEEP, "item": [{"linkId": "m", "type": "group", "text": "Where?", "extension": [kind]}]})
    assert answer.status_code == 422
    assert "needs the type group, and all its parts" in answer.content.decode()


def test_a_form_is_published_retired_and_brought_back_each_after_a_question(
    desk: Browser, draft: Questionnaire
) -> None:
    for name, status in (("publish", "published"), ("retire", "retired"), ("bring-back", "published")):
        assert desk.get(at(name, draft)).status_code == 200
        draft.refresh_from_db()
        assert draft.status != status, "asking changes nothing"
        assert desk.post(at(name, draft)).status_code == 302
        draft.refresh_from_db()
        assert draft.status == status
    assert Event.objects.filter(action__startswith="questionnaire.", object_id=str(draft.pk)).count() == 4


def test_what_cannot_be_asked_is_not_published_and_says_why_with_a_link(desk: Browser) -> None:
    upload(desk, {**SLEEP, "item": [{"linkId": "a", "type": "choice", "text": "Nothing to choose"}]})
    form = Questionnaire.objects.get(slug="nights")
    for answer in (desk.get(at("publish", form)), desk.post(at("publish", form))):
        assert "This form cannot be published yet" in answer.content.decode()
        assert "?item=a#item" in answer.content.decode()
    form.refresh_from_db()
    assert (answer.status_code, form.status) == (422, "draft")


def test_what_is_published_cannot_be_thrown_away_and_a_draft_can(desk: Browser, draft: Questionnaire) -> None:
    publish_form(form=draft, by=None)
    assert desk.post(at("discard", draft), follow=True).content.decode().count("Only a draft can be thrown away.")
    assert Questionnaire.objects.filter(pk=draft.pk).exists()
    desk.post(at("draft", draft))
    second = Questionnaire.objects.get(slug="nights", version=2)
    assert desk.post(at("discard", second))["Location"] == reverse("intake:questionnaire-list")
    assert not Questionnaire.objects.filter(pk=second.pk).exists()


def test_therapists_do_not_change_forms(client: Browser, draft: Questionnaire, therapist: User) -> None:
    client.force_login(therapist)
    for name in ("publish", "retire", "bring-back", "discard", "draft", "edit"):
        assert client.post(at(name, draft)).status_code == 403
    draft.refresh_from_db()
    assert draft.status == "draft"


def test_an_update_of_the_product_leaves_the_practices_own_versions_alone(owner: User) -> None:
    form = Questionnaire.objects.latest("follow-up")
    draft = new_draft_of(form=form, by=owner)
    Questionnaire.objects.filter(slug="before-visit").exclude(status="draft").update(title="Older")
    assert publish_ready_forms() == []
    publish_form(form=draft, by=owner)
    retire_form(form=Questionnaire.objects.latest("before-visit"), by=owner)
    assert publish_ready_forms() == []


def test_the_list_takes_as_many_queries_with_many_forms_as_with_few(desk: Browser) -> None:
    page = reverse("intake:questionnaire-list")
    desk.get(page)
    counts = []
    for number in (3, 27):
        Questionnaire.objects.bulk_create(
            Questionnaire(slug=f"form-{number}-{n}", version=1, title="A form", definition=SLEEP) for n in range(number)
        )
        with CaptureQueriesContext(connection) as counted:
            desk.get(page)
        counts.append(len(counted))
    assert counts[0] == counts[1]
