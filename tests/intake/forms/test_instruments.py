"""Outcome measures as forms: the questions are the clinic's to bring, and without a permission nobody is asked them."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from clinic.audit.models import Event
from clinic.core.errors import NotAllowed, Refused
from clinic.people.models import User
from intake.knowledge import source
from intake.models import Measure, Questionnaire
from intake.services.documents import publish_form
from intake.services.editing import new_draft_of
from intake.services.instruments import begin_instrument, record_licence
from tests.intake.forms.conftest import SLEEP, upload

pytestmark = pytest.mark.django_db
LICENCE = {"holder": "The owners", "reference": "No. 17", "on": "2026-02-03", "scope": "Two sites, on screen."}


def at(name: str, code: str = "lefs") -> str:
    return reverse(f"intake:instrument-{name}", args=[code])


@pytest.fixture
def brought(desk: Browser) -> Questionnaire:
    """A draft with the questions of LEFS."""
    upload(desk, SLEEP, at("detail"))
    return Questionnaire.objects.get(slug="nights")


def test_every_measure_of_the_knowledge_is_listed_with_its_range_and_licence(desk: Browser) -> None:
    page = desk.get(reverse("intake:instrument-list")).content.decode()
    for entry in source.entries("outcome_measures"):
        shown = desk.get(at("detail", entry["code"]))
        assert shown.status_code == 200, entry["code"]
        assert at("detail", entry["code"]) in page
    lefs = desk.get(at("detail")).content.decode()
    for words in ("0 – 80", "20 items, 0 to 4, added", "The practice asks the owner for permission"):
        assert words in lefs


def test_no_text_of_an_instruments_items_is_shipped() -> None:
    forms = [form.definition for form in Questionnaire.objects.filter(origin="ready")]
    assert forms
    assert not Questionnaire.objects.exclude(measure=None).exists()
    for entry in source.entries("outcome_measures"):
        assert not {"items", "questions", "item_texts"} & entry.keys(), entry["code"]
        assert not isinstance(entry.get("scoring", {}).get("items"), list | dict), entry["code"]


def test_the_questions_belong_to_the_measure_and_wait_for_a_permission(desk: Browser, brought: Questionnaire) -> None:
    assert brought.measure is not None
    assert (brought.measure.code, brought.status) == ("lefs", "draft")
    refused = desk.post(reverse("intake:questionnaire-publish", args=[brought.pk]))
    assert refused.status_code == 422
    assert "record first who allowed the practice to use them" in refused.content.decode()
    assert desk.post(at("licence"), LICENCE)["Location"] == at("detail")
    brought.refresh_from_db()
    assert (brought.licence_holder, brought.licence_on) == ("The owners", dt.date(2026, 2, 3))
    desk.post(reverse("intake:questionnaire-publish", args=[brought.pk]))
    brought.refresh_from_db()
    assert brought.status == "published"
    assert Event.objects.filter(action="questionnaire.licence-recorded").exists()
    assert "The owners, No. 17" in desk.get(at("detail")).content.decode()


@pytest.mark.parametrize("missing", ["holder", "reference", "on", "scope"])
def test_a_permission_says_whose_it_is_under_which_number_since_when_and_for_what(
    desk: Browser, brought: Questionnaire, missing: str
) -> None:
    answer = desk.post(at("licence"), {**LICENCE, missing: " "})
    brought.refresh_from_db()
    assert (answer.status_code, brought.licence_holder) == (422, "")


def test_a_measure_that_needs_nobodys_permission_is_published_without_one(owner: User, desk: Browser) -> None:
    upload(desk, SLEEP, at("detail", "psfs"))
    form = publish_form(form=Questionnaire.objects.get(slug="nights"), by=owner)
    assert (form.status, form.measure_id) == ("published", Measure.objects.get(code="psfs").pk)


def test_the_next_version_keeps_the_measure_and_the_permission(owner: User, brought: Questionnaire) -> None:
    given: dict[str, Any] = {**LICENCE, "on": dt.date(2026, 2, 3)}
    record_licence(form=brought, by=owner, **given)
    second = new_draft_of(form=publish_form(form=brought, by=owner), by=owner)
    assert (second.measure_id, second.licence_reference) == (brought.measure_id, "No. 17")
    written = begin_instrument(measure=Measure.objects.get(code="lefs"), by=owner)
    written.refresh_from_db()
    assert (written.licence_holder, written.status) == ("The owners", "draft")


def test_a_file_that_is_a_published_form_already_does_not_become_an_instrument(
    desk: Browser, draft: Questionnaire, owner: User
) -> None:
    publish_form(form=draft, by=owner)
    draft.refresh_from_db()
    text = draft.source_text.encode()
    answer = upload(desk, text, at("detail"))
    assert (answer.status_code, "here already" in answer.content.decode()) == (422, True)
    draft.refresh_from_db()
    assert draft.measure is None


def test_a_bad_file_for_an_instrument_leaves_nothing(desk: Browser) -> None:
    answer = upload(desk, b"{", at("detail"))
    assert (answer.status_code, "This is not JSON" in answer.content.decode()) == (422, True)
    assert not Questionnaire.objects.exclude(measure=None).exists()


def test_only_the_owner_brings_instruments_and_records_permissions(brought: Questionnaire, therapist: User) -> None:
    with pytest.raises(NotAllowed):
        begin_instrument(measure=Measure.objects.get(code="lefs"), by=therapist)
    with pytest.raises(NotAllowed):
        record_licence(form=brought, holder="x", reference="x", on=None, scope="", by=therapist)
    with pytest.raises(Refused):
        publish_form(form=brought, by=None)
