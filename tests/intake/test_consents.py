"""Consent: wordings by version and language, frozen once given, asked again when they change, a copy, a way back."""

import datetime as dt
import json
import zipfile
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client as Browser
from django.urls import reverse

from clinic.audit.models import Event
from clinic.core import clock
from clinic.core.errors import Conflict, Missing, NotAllowed, Refused
from clinic.messaging import links
from clinic.messaging.models import ClientLink, OutboundMessage
from clinic.people.models import Client, User
from clinic.people.services.handing_out import export_everything
from intake import consent_texts
from intake.answers import answers_of
from intake.fhir import Answers, exact
from intake.fhir.answers import Signature
from intake.form_cache import form_of
from intake.models import Consent, ConsentText, Invitation, Response
from intake.services import complete_request, complete_response, open_drafts, save_answers, withdraw_consent
from intake.services.answer_documents import import_response
from intake.services.consent_texts import publish_text
from intake.services.consents import send_copy, withdraw_by_link
from tests.factories import ClientFactory
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


# Wordings


def test_a_new_wording_is_a_new_version_and_the_old_one_stays(owner: User) -> None:
    first = consent_texts.current("treatment", "en")
    second = reworded(owner)
    assert first is not None
    assert (first.version, second.version) == (1, 2)
    assert consent_texts.current("treatment", "en") == second
    assert ConsentText.objects.filter(kind="treatment").count() == 2


@pytest.mark.parametrize(
    "wish", [{"kind": "made-up"}, {"language": "tlh"}, {"title": " "}, {"text": "\x00 "}, {"text": "x" * 6001}]
)
def test_a_wording_that_is_none_is_refused(owner: User, wish: dict[str, str]) -> None:
    with pytest.raises(Refused):
        reworded(owner, **wish)


def test_the_same_words_are_not_published_twice_and_only_the_owner_publishes(owner: User, therapist: User) -> None:
    reworded(owner)
    with pytest.raises(Refused):
        reworded(owner)
    with pytest.raises(NotAllowed):
        reworded(therapist, text="Mine")


def test_the_database_changes_no_wording_and_no_consent_but_its_end(client_record: Client) -> None:
    signed(draft(client_record))
    consent = Consent.objects.get(kind="treatment")
    wrong = [
        lambda: ConsentText.objects.update(text="x"),
        lambda: ConsentText.objects.first().delete(),  # type: ignore[union-attr]
        lambda: Consent.objects.filter(pk=consent.pk).update(text="x"),
        lambda: Consent.objects.filter(pk=consent.pk).update(signature=None),
        lambda: Consent.objects.filter(pk=consent.pk).update(given_at=consent.given_at + dt.timedelta(days=1)),
        lambda: consent.delete(),
    ]
    for change in wrong:
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE intake_consent SET signed_name = 'x'")


def test_a_client_reads_and_signs_in_their_own_language(client: Browser, client_record: Client, owner: User) -> None:
    reworded(owner, language="de", text="Ich bin mit der Behandlung einverstanden.", title="Behandlung")
    Client.objects.filter(pk=client_record.pk).update(language="de")
    client_record.refresh_from_db()
    response = draft(client_record)
    assert response.consent_texts["treatment"] == str(ConsentText.objects.get(language="de").pk)
    signed(response)
    consent = Consent.objects.get(kind="treatment")
    assert (consent.language, consent.title, consent.text_version) == ("de", "Behandlung", "1")
    assert consent.text == "Ich bin mit der Behandlung einverstanden."
    assert Consent.objects.get(kind="privacy").language == "en"


# Signing


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


# Renewal


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


# The copy


def test_the_client_gets_a_mail_with_the_link_alone(client_record: Client) -> None:
    response = signed(draft(client_record))
    mail = OutboundMessage.objects.get(purpose="consent_copy")
    assert (mail.client, mail.link.object_id) == (client_record, response.pk)  # type: ignore[union-attr]
    text = f"{mail.subject} {mail.body}".lower()
    assert not any(word in text for word in ("bell", "treatment", "privacy", "health"))
    assert mail.calendar_file == ""
    assert send_copy(response=response, by=None) is None  # once a day is enough


def test_the_link_shows_the_words_and_the_signature_and_hands_out_a_pdf(client: Browser, client_record: Client) -> None:
    response = signed(draft(client_record))
    path = f"/c/{token_of(response)}/"
    page = client.get(path)
    body = page.content.decode()
    assert "I agree to an examination" in body
    assert 'd="M10 10L300 200 600 50M700 100h1"' in body
    assert (page["Referrer-Policy"], "no-store" in page["Cache-Control"]) == ("no-referrer", True)
    pdf = client.get(f"{path}consent.pdf")
    assert (pdf["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    assert pdf["X-Content-Type-Options"] == "nosniff"
    assert "Bell" not in pdf["Content-Disposition"]
    for answered in ("My right hip hurts", "Burning", "Outer hip"):
        assert answered not in body


def test_reading_the_copy_changes_nothing(client: Browser, client_record: Client) -> None:
    response = signed(draft(client_record))
    before = list(Consent.objects.values())
    for _ in range(20):
        client.get(f"/c/{token_of(response)}/")
        client.head(f"/c/{token_of(response)}/")
    assert list(Consent.objects.values()) == before


def test_what_is_handed_out_about_a_client_has_the_signed_copy(client_record: Client, owner: User) -> None:
    response = signed(draft(client_record))
    handed_out = zipfile.ZipFile(export_everything(client=client_record, by=owner).content)
    (name,) = [name for name in handed_out.namelist() if name.endswith(f"consents/Consent-{response.pk}.pdf")]
    assert handed_out.read(name).startswith(b"%PDF-")


def test_an_expired_or_revoked_link_to_a_copy_is_404(client: Browser, client_record: Client) -> None:
    response = signed(draft(client_record))
    path = f"/c/{token_of(response)}/"
    ClientLink.objects.filter(purpose="consent").update(expires_at=response.completed_at)
    assert client.get(path).status_code == 404
    assert client.get(f"{path}consent.pdf").status_code == 404


def test_odd_names_and_long_texts_still_make_a_pdf(client: Browser, client_record: Client, owner: User) -> None:
    reworded(owner, text="<b>Łódź</b> & <img src='http://x/'/> 漢字\n\n" * 120 + "end")
    response = signed(draft(client_record), signature=[Signature("</para><img src=x> 😀", "")])
    pdf = client.get(f"/c/{token_of(response)}/consent.pdf")
    assert pdf.status_code == 200
    assert pdf.content.count(b"/Type /Page\n") + pdf.content.count(b"/Type /Page ") >= 2


# Taking it back


def test_the_client_takes_one_consent_back_by_the_link(client: Browser, client_record: Client) -> None:
    response = signed(draft(client_record))
    consent = Consent.objects.get(kind="reminders")
    path = f"/c/{token_of(response)}/"
    assert client.get(f"{path}{consent.kind}/withdraw/").status_code == 405
    for _ in range(2):
        assert client.post(f"{path}{consent.kind}/withdraw/")["Location"] == path
    consent.refresh_from_db()
    assert (consent.withdrawn_at is not None, consent.withdrawn_by) == (True, None)
    assert "Taken back" in client.get(path).content.decode()
    assert not client_record.contact_preferences.get(purpose="reminder").is_allowed
    assert Event.objects.filter(action="consent.withdrawn", client_id=client_record.pk).count() == 1
    assert Consent.objects.standing().count() == 2


def test_a_link_takes_back_nobody_elses_consent(client: Browser, client_record: Client, location: Any) -> None:
    mine, theirs = signed(draft(client_record)), signed(draft(ClientFactory(locations=[location])))
    other = theirs.consents.get(kind="treatment")
    assert client.post(f"/c/{token_of(mine)}/made-up/withdraw/").status_code == 404
    assert client.post(f"/c/{token_of(mine)}/{other.pk}/withdraw/").status_code == 404
    with pytest.raises(Missing):
        withdraw_by_link(consent=other, link=ClientLink.objects.get(purpose="consent", object_id=mine.pk))
    other.refresh_from_db()
    assert other.withdrawn_at is None


def test_staff_note_that_a_consent_was_taken_back_once(
    client: Browser, client_record: Client, front_desk: User, stranger: User
) -> None:
    consent = signed(draft(client_record)).consents.get(kind="treatment")
    page = reverse("intake:consent-detail", args=[consent.pk])
    client.force_login(stranger)
    assert client.get(page).status_code == 404
    client.force_login(front_desk)
    assert "I agree to an examination" in client.get(page).content.decode()
    assert client.post(reverse("intake:consent-withdraw", args=[consent.pk]))["Location"] == page
    assert "noted by June Moreau" in client.get(page).content.decode()
    with pytest.raises(Conflict):
        withdraw_consent(consent=consent, by=front_desk)
    with pytest.raises(DatabaseError), transaction.atomic():
        Consent.objects.filter(pk=consent.pk).update(withdrawn_at=None)


def test_the_owner_publishes_a_wording_on_a_page(client: Browser, owner: User, therapist: User) -> None:
    page = reverse("intake:consent-text-edit", args=["treatment", "en"])
    client.force_login(therapist)
    assert client.get(page).status_code == 403
    client.force_login(owner)
    given = {"language": "de", "title": "Behandlung", "text": "Ja.", "needs_renewal": "on"}
    assert client.post(page, given).status_code == 302
    assert client.post(page, given).status_code == 422
    assert client.post(page, given | {"text": " "}).status_code == 422
    listed = client.get(reverse("intake:consent-text-list")).content.decode()
    assert "Behandlung" in listed
    assert "German" in listed
    assert client.get(reverse("intake:consent-text-edit", args=["made-up", "en"])).status_code == 404


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
