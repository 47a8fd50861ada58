"""Consent asked again: its wording has changed, or it has run out."""

import datetime as dt

import pytest
from django.test import Client as Browser
from django.urls import reverse

from clinic.core import clock
from clinic.core.errors import Refused
from clinic.people.models import Client, User
from intake import consent_texts
from intake.answers import answers_of
from intake.fhir import Answers
from intake.fhir.answers import Signature
from intake.form_cache import form_of
from intake.models import Consent, ConsentText, Invitation, Response
from intake.services import complete_request, complete_response, open_drafts, save_answers, withdraw_consent
from tests.intake.consenting import reworded, signed
from tests.intake.factories import (
    draft,
    fill,
    form_data,
    harmless_answers,
    invitation_with_token,
    with_flags,
)

pytestmark = pytest.mark.django_db


def test_a_changed_wording_is_asked_for_with_the_next_form_and_only_that_one(
    client_record: Client, owner: User
) -> None:
    signed(draft(client_record))
    text = reworded(owner, kind="privacy", text="New privacy.", title="Privacy")
    assert consent_texts.due(client_record) == [text]
    invitation, _token = invitation_with_token(client_record, "before-visit", purpose="before_visit")
    before, renewal = open_drafts(invitation=invitation)
    assert (before.questionnaire.slug, renewal.questionnaire.slug) == ("before-visit", "consent")
    assert renewal.consent_texts == {"privacy": str(text.pk)}
    (page,) = form_of(renewal.questionnaire).sections
    given = Answers({"consent.privacy": [True], "signature": [Signature("Marcus Bell")]})
    save_answers(response=renewal, section=page, given=given, is_settled=True)
    assert complete_response(response=renewal).status == "completed"
    assert consent_texts.due(client_record) == []
    assert Consent.objects.filter(kind="treatment").count() == 1
    wish = client_record.contact_preferences.get(purpose="reminder")
    assert wish.is_allowed  # nobody asked about it this time


def test_a_consent_runs_out_and_is_asked_for_with_the_next_form(
    client_record: Client, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed(draft(client_record))
    text = reworded(owner, kind="privacy", text="For two years.", needs_renewal=False, renew_after_months=24)
    given_at = Consent.objects.get(kind="privacy").given_at
    assert consent_texts.due(client_record) == []
    end = consent_texts.months_after(given_at, 24)
    assert consent_texts.due(client_record, until=end - dt.timedelta(days=1)) == []
    (renewal,) = consent_texts.renewals(client_record, until=end)
    assert (renewal.text, renewal.runs_out_at) == (text, end)
    monkeypatch.setattr(clock, "now", lambda: end - dt.timedelta(days=20))  # it runs out while the link is open
    invitation, _token = invitation_with_token(client_record, "before-visit", purpose="before_visit")
    _before, asked = open_drafts(invitation=invitation)
    assert asked.consent_texts == {"privacy": str(text.pk)}
    monkeypatch.setattr(clock, "now", lambda: end - dt.timedelta(days=60))
    invitation, _token = invitation_with_token(client_record, "before-visit", purpose="before_visit")
    assert len(open_drafts(invitation=invitation)) == 1


@pytest.mark.parametrize(
    ("given", "months", "end"),
    [("2026-01-31", 13, "2027-02-28"), ("2024-02-29", 12, "2025-02-28"), ("2026-11-22", 3, "2027-02-22")],
)
def test_months_end_on_the_same_day_or_the_last_of_the_month(given: str, months: int, end: str) -> None:
    at = dt.datetime.fromisoformat(f"{given}T09:00:00+00:00")
    assert consent_texts.months_after(at, months).date().isoformat() == end


@pytest.mark.parametrize("months", [0, 2, 121, -24])
def test_a_period_nobody_could_mean_is_refused(owner: User, months: int) -> None:
    with pytest.raises(Refused):
        reworded(owner, renew_after_months=months)


def test_the_period_is_set_on_the_settings_page(client: Browser, owner: User) -> None:
    client.force_login(owner)
    path = reverse("intake:consent-text-edit", args=["privacy", "en"])
    words = {"language": "en", "title": "Privacy", "text": "For two years."}
    assert client.post(path, {**words, "renew_after_months": "2"}).status_code == 422
    assert client.post(path, {**words, "renew_after_months": "24"}).status_code == 302
    assert "24 months" in client.get(reverse("intake:consent-text-list")).content.decode()
    assert client.post(path, {**words, "renew_after_months": ""}).status_code == 302  # the same words, for good
    assert ConsentText.objects.filter(kind="privacy").first().renew_after_months is None  # type: ignore[union-attr]


def test_what_is_asked_for_again_and_left_out_is_taken_back(client_record: Client, owner: User) -> None:
    signed(draft(client_record))
    reworded(owner, kind="reminders", text="New reminders.", title="Reminders")
    invitation, _token = invitation_with_token(client_record, "before-visit", purpose="before_visit")
    _before, renewal = open_drafts(invitation=invitation)
    (page,) = form_of(renewal.questionnaire).sections
    given = Answers({"signature": [Signature("Marcus Bell")]})
    save_answers(response=renewal, section=page, given=given, is_settled=True)
    complete_response(response=renewal)
    assert consent_texts.due(client_record) == []
    assert not Consent.objects.standing().filter(kind="reminders").exists()
    assert not client_record.contact_preferences.get(purpose="reminder").is_allowed


def test_the_clients_page_says_what_is_to_be_renewed_and_sends_it_with_one_tap(
    client: Browser, client_record: Client, owner: User, front_desk: User
) -> None:
    signed(draft(client_record))
    client.force_login(front_desk)
    path = f"/clients/{client_record.pk}/"
    assert "Send consent to renew" not in client.get(path).content.decode()
    reworded(owner)
    page = client.get(path).content.decode()
    assert page.count("to be agreed to again") == 1
    assert "Send consent to renew" in page
    client.post(reverse("intake:client-invite", args=[client_record.pk]), {"form": "consent"})
    invitation = Invitation.objects.latest("created_at")
    (asked,) = open_drafts(invitation=invitation)
    assert list(asked.consent_texts) == ["treatment"]


def test_the_next_form_that_asks_for_consents_anyway_is_enough(client_record: Client, owner: User) -> None:
    signed(draft(client_record))
    reworded(owner)
    invitation, _token = invitation_with_token(client_record)
    assert [each.questionnaire.slug for each in open_drafts(invitation=invitation)] == ["first-visit"]


def test_a_corrected_spelling_asks_nobody_again(client_record: Client, owner: User) -> None:
    signed(draft(client_record))
    reworded(owner, needs_renewal=False)
    assert consent_texts.due(client_record) == []
    text = reworded(owner, text="Newer words.", needs_renewal=True)
    reworded(owner, text="Newer words, spelled right.", needs_renewal=False)
    (due,) = consent_texts.due(client_record)
    assert (due.version, text.version) == (4, 3)


def test_who_took_a_consent_back_is_not_asked_again(client_record: Client, owner: User) -> None:
    signed(draft(client_record))
    withdraw_consent(consent=Consent.objects.get(kind="treatment"), by=owner)
    reworded(owner)
    assert consent_texts.due(client_record) == []


def test_words_that_change_while_a_form_is_filled_in_are_shown_before_it_is_sent(
    client: Browser, client_record: Client, owner: User
) -> None:
    invitation, token = invitation_with_token(client_record)
    path = f"/i/{token}/"
    client.post(path, {"born_on": "1967-08-04"})
    response = Response.objects.get(invitation=invitation)
    given = with_flags(harmless_answers(), form_of(response.questionnaire))
    fill(response, given)
    text = reworded(owner, text="Quite other words.")
    data = {key: value for key, value in form_data(given).items() if key.startswith(("consent.", "signature"))}
    assert client.post(f"{path}step/9/", data)["Location"] == f"{path}step/9/"
    assert not Consent.objects.exists()
    page = client.get(f"{path}step/9/").content.decode()
    assert "Quite other words." in page
    assert "The wording is new." in page
    response.refresh_from_db()
    assert answers_of(response).one("consent.treatment") is None
    assert answers_of(response).one("consent.privacy") is True
    assert client.post(f"{path}step/9/", data)["Location"] == f"{path}done/"
    assert Consent.objects.get(kind="treatment").consent_text == text


def test_a_gap_in_the_last_form_of_a_request_closes_none_of_them(client_record: Client, owner: User) -> None:
    signed(draft(client_record))
    reworded(owner)
    invitation, _token = invitation_with_token(client_record, "before-visit", purpose="before_visit")
    before, renewal = open_drafts(invitation=invitation)
    fill(before, with_flags(harmless_answers(), form_of(before.questionnaire)))
    with pytest.raises(Refused):
        complete_request(responses=[before, renewal])
    before.refresh_from_db()
    assert before.status == "draft"
    assert Invitation.objects.get(pk=invitation.pk).state == "started"
