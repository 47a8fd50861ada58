"""Asking, answering, sending, and what follows."""

import datetime as dt

import pytest
from django.db import DatabaseError, transaction

from clinic.audit.models import Event
from clinic.core.errors import Conflict, Missing, NotAllowed, Refused
from clinic.messaging import links
from clinic.messaging.models import OutboundMessage
from clinic.people.models import Client, User
from intake.answers import answers_of, summary
from intake.fhir import Answers
from intake.form_cache import form_of
from intake.models import Consent, Invitation, PainDrawing, Questionnaire, RedFlag, Response
from intake.scores import nprs
from intake.services import (
    CheckResult,
    acknowledge_flag,
    check_birth_date,
    complete_response,
    invite,
    note_doctor_has_seen,
    open_drafts,
    save_answers,
    send_invitation,
    withdraw_consent,
)
from tests.intake.factories import MARK, completed, draft, fill, harmless_answers, with_flags

pytestmark = pytest.mark.django_db


def section(response: Response, link_id: str):  # type: ignore[no-untyped-def]
    return form_of(response.questionnaire).by_link_id[link_id]


def test_a_form_is_asked_for_with_a_secret_that_is_kept_nowhere(client_record: Client, therapist: User) -> None:
    invitation, token = invite(client=client_record, forms=["first-visit"], by=therapist)
    assert links.resolve(token, purpose="intake") == invitation.link
    assert invitation.state == "missing"
    assert token not in str(vars(invitation.link))
    assert invitation.location == client_record.locations.get()


def test_a_form_nobody_published_is_refused(client_record: Client, therapist: User) -> None:
    with pytest.raises(Refused):
        invite(client=client_record, forms=["made-up"], by=therapist)
    assert not Invitation.objects.exists()


def test_staff_of_elsewhere_cannot_ask_a_client_for_a_form(client_record: Client, stranger: User) -> None:
    with pytest.raises(Missing):
        invite(client=client_record, forms=["first-visit"], by=stranger)


def test_the_mail_with_the_link_waits_in_the_outbox_once_a_day(client_record: Client, therapist: User) -> None:
    invitation, _token = invite(client=client_record, forms=["first-visit"], by=therapist)
    assert send_invitation(invitation=invitation, by=therapist) is not None
    assert send_invitation(invitation=invitation, by=therapist) is None
    message = OutboundMessage.objects.get(purpose="intake")
    assert (message.client, message.link) == (client_record, invitation.link)


def test_five_wrong_dates_of_birth_lock_the_link_even_for_the_right_one(client_record: Client) -> None:
    invitation, _token = invite(client=client_record, forms=["first-visit"], by=None)
    wrong = dt.date(1990, 1, 1)
    results = [check_birth_date(invitation=invitation, born_on=wrong) for _ in range(6)]
    assert results == [CheckResult.WRONG] * 4 + [CheckResult.LOCKED] * 2
    assert check_birth_date(invitation=invitation, born_on=client_record.born_on) is CheckResult.LOCKED  # type: ignore[arg-type]


def test_without_a_date_of_birth_on_record_the_one_given_is_kept_for_staff(client_record: Client) -> None:
    Client.objects.filter(pk=client_record.pk).update(born_on=None)
    client_record.refresh_from_db()
    invitation, _token = invite(client=client_record, forms=["first-visit"], by=None)
    assert check_birth_date(invitation=invitation, born_on=dt.date(1970, 5, 5)) is CheckResult.PASSED
    invitation.refresh_from_db()
    assert invitation.claimed_born_on == dt.date(1970, 5, 5)
    client_record.refresh_from_db()
    assert client_record.born_on is None


def test_answers_are_kept_as_a_fhir_response_that_reads_back_the_same(client_record: Client) -> None:
    response = draft(client_record)
    given = with_flags(harmless_answers(), form_of(response.questionnaire))
    fill(response, given)
    response.refresh_from_db()
    assert response.answers["resourceType"] == "QuestionnaireResponse"
    assert response.answers["questionnaire"] == "urn:palpate:form:first-visit|1"
    kept = answers_of(response)
    assert kept.marks == given.marks
    assert {k: v for k, v in given.values.items() if k in kept.values} == kept.values
    assert response.invitation.state == "started"  # type: ignore[union-attr]


def test_an_answer_to_what_is_not_asked_counts_for_nothing_and_is_not_sent(client_record: Client) -> None:
    response = draft(client_record)
    safety = section(response, "safety")
    saved = save_answers(response=response, section=safety, given=Answers({"flag.hernia-stuck": ["hard_or_painful"]}))
    assert saved.raised == []
    answers = with_flags(harmless_answers(), form_of(response.questionnaire), hernia_stuck="hard_or_painful")
    fill(response, answers)
    sent = complete_response(response=response)
    assert answers_of(sent).one("flag.hernia-stuck") is None
    assert not RedFlag.objects.exists()


def test_a_form_with_something_required_missing_is_not_sent(client_record: Client) -> None:
    response = draft(client_record)
    answers = with_flags(harmless_answers(), form_of(response.questionnaire))
    del answers.values["signature"]
    fill(response, answers)
    with pytest.raises(Refused) as refusal:
        complete_response(response=response)
    assert refusal.value.details == {"section": "consent", "items": ["signature"]}
    response.refresh_from_db()
    assert response.status == "draft"


@pytest.mark.parametrize(
    "missing", ["reason.main", "nprs.average", "contraindications", "flag.ces-bladder", "consent.privacy"]
)
def test_nothing_required_can_be_left_out(client_record: Client, missing: str) -> None:
    response = draft(client_record)
    answers = with_flags(harmless_answers(), form_of(response.questionnaire))
    del answers.values[missing]
    fill(response, answers)
    with pytest.raises(Refused) as refusal:
        complete_response(response=response)
    assert refusal.value.details["items"] == [missing]


def test_a_marked_place_without_its_strength_is_asked_for(client_record: Client) -> None:
    response = draft(client_record)
    answers = with_flags(harmless_answers(), form_of(response.questionnaire))
    answers.marks["pain-map"] = [type(MARK)("groin", "left")]
    fill(response, answers)
    with pytest.raises(Refused) as refusal:
        complete_response(response=response)
    assert refusal.value.details["section"] == "map"


def test_a_sent_form_leaves_drawing_consents_scores_and_a_done_request(client_record: Client) -> None:
    response = completed(client_record)
    (mark,) = PainDrawing.objects.for_client(client_record).get().marks.all()
    assert (mark.key, mark.intensity, mark.qualities, mark.spreads_to) == (MARK.key, 7, ["burning"], MARK.spreads_to)
    assert {c.kind: c.text_version for c in Consent.objects.all()} == {"treatment": "1", "privacy": "1"}
    assert {c.signed_name for c in Consent.objects.all()} == {"Marcus Bell"}
    assert response.scores == {"nprs.now": 4, "nprs.worst": 7, "nprs.average": 5}
    assert nprs(response) == {"now": 4, "worst": 7, "average": 5}
    assert Invitation.objects.get().state == "done"
    assert Response.objects.latest_for(client_record) == response
    assert not client_record.contact_preferences.filter(is_allowed=True).exists()


def test_a_sent_form_cannot_be_answered_or_sent_again(client_record: Client) -> None:
    response = completed(client_record)
    with pytest.raises(Conflict):
        save_answers(response=response, section=section(response, "reason"), given=Answers())
    with pytest.raises(Conflict):
        complete_response(response=response)
    assert PainDrawing.objects.count() == 1


def test_contraindications_become_alerts_with_their_effect_once(client_record: Client) -> None:
    for _ in range(2):
        response = draft(client_record)
        answers = with_flags(harmless_answers(), form_of(response.questionnaire))
        answers.values["contraindications"] = ["ci-anticoagulant", "ci-cancer", "ci-allergy"]
        answers.values["allergy.what"] = ["Latex"]
        fill(response, answers)
        complete_response(response=response)
    alerts = {a.code: (a.kind, a.effect) for a in client_record.alerts.open()}
    assert alerts == {
        "ci-anticoagulant": ("precaution", "modify"),
        "ci-cancer": ("contraindication", "clearance"),
        "ci-allergy": ("allergy", "modify"),
    }
    assert client_record.alerts.count() == 3


def test_an_emergency_answer_raises_a_flag_and_a_mail_to_staff_without_a_health_fact(
    client_record: Client, owner: User, therapist: User
) -> None:
    invitation, _token = invite(client=client_record, forms=["first-visit"], by=therapist)
    (response,) = open_drafts(invitation=invitation)
    saved = save_answers(
        response=response, section=section(response, "safety"), given=Answers({"flag.ces-bladder": ["yes"]})
    )
    (flag,) = saved.raised
    assert (flag.rule.code, flag.urgency, flag.client) == ("ces-bladder", "emergency", client_record)
    mails = OutboundMessage.objects.filter(purpose="staff_flag")
    assert {mail.recipient for mail in mails} == {owner, therapist}
    for mail in mails:
        text = f"{mail.subject} {mail.body}".lower()
        assert not any(word in text for word in ("bladder", "urine", "marcus", "bell", "numb"))
    assert Event.objects.filter(action="flag.raised", client_id=client_record.pk).exists()


def test_the_same_emergency_answer_saved_again_tells_nobody_twice(client_record: Client, owner: User) -> None:
    response = draft(client_record)
    given = Answers({"flag.ces-bladder": ["yes"]})
    for _ in range(3):
        saved = save_answers(response=response, section=section(response, "safety"), given=given)
    assert saved.raised == []
    assert RedFlag.objects.count() == 1
    assert OutboundMessage.objects.filter(purpose="staff_flag").count() == 1


def test_an_answer_changed_afterwards_leaves_its_flag_standing(client_record: Client) -> None:
    response = draft(client_record)
    for answer in ("yes", "no"):
        save_answers(
            response=response, section=section(response, "safety"), given=Answers({"flag.ces-bladder": [answer]})
        )
    flag = RedFlag.objects.get()
    assert flag.taken_back_at is not None
    assert list(RedFlag.objects.unacknowledged()) == [flag]
    saved = save_answers(
        response=response, section=section(response, "safety"), given=Answers({"flag.ces-bladder": ["yes"]})
    )
    assert saved.raised == [flag]
    assert saved.raised[0].taken_back_at is None


def test_an_acknowledged_flag_that_becomes_graver_is_open_again(client_record: Client, therapist: User) -> None:
    response = draft(client_record)
    safety = section(response, "safety")
    save_answers(response=response, section=safety, given=Answers({"flag.major-trauma": ["yes_can_walk"]}))
    acknowledge_flag(flag=RedFlag.objects.get(), by=therapist, action_taken="Rang the client.")
    save_answers(response=response, section=safety, given=Answers({"flag.major-trauma": ["yes_cannot_bear_weight"]}))
    flag = RedFlag.objects.get()
    assert (flag.urgency, flag.acknowledged_at) == ("emergency", None)


def test_numbness_on_the_saddle_raises_a_flag_once_the_client_leaves_the_map(client_record: Client) -> None:
    response = draft(client_record)
    given = Answers(marks={"pain-map": [type(MARK)("saddle", qualities=("numbness",), intensity=3)]})
    assert save_answers(response=response, section=section(response, "map"), given=given).raised == []
    (flag,) = save_answers(response=response, section=section(response, "map"), given=given, is_settled=True).raised
    assert flag.rule.code == "ces-saddle"


def test_a_doctor_having_seen_it_does_not_acknowledge_the_flag(client_record: Client) -> None:
    response = draft(client_record)
    save_answers(response=response, section=section(response, "safety"), given=Answers({"flag.ces-bowel": ["yes"]}))
    assert note_doctor_has_seen(response=response) == 1
    assert RedFlag.objects.unacknowledged().get().seen_by_doctor_at is not None


def test_a_flag_is_acknowledged_with_what_was_done_and_by_one_person(
    client_record: Client, therapist: User, front_desk: User
) -> None:
    completed(client_record, ces_bladder="yes")
    flag = RedFlag.objects.get()
    with pytest.raises(Refused):
        acknowledge_flag(flag=flag, by=therapist, action_taken="  ")
    acknowledge_flag(flag=flag, by=therapist, action_taken="Rang at 14:10, went to hospital.")
    with pytest.raises(Conflict):
        acknowledge_flag(flag=flag, by=front_desk, action_taken="Me too")
    flag.refresh_from_db()
    assert (flag.acknowledged_by, flag.action_taken) == (therapist, "Rang at 14:10, went to hospital.")


def test_staff_of_elsewhere_cannot_acknowledge(client_record: Client, stranger: User) -> None:
    completed(client_record, ces_bladder="yes")
    with pytest.raises(Missing):
        acknowledge_flag(flag=RedFlag.objects.get(), by=stranger, action_taken="x")


def test_the_database_refuses_an_acknowledgement_that_does_not_say_who_and_what(client_record: Client) -> None:
    response = completed(client_record, ces_bladder="yes")
    with pytest.raises(DatabaseError), transaction.atomic():
        RedFlag.objects.update(acknowledged_at=response.completed_at)


def test_a_published_form_cannot_be_changed_or_deleted() -> None:
    form = Questionnaire.objects.latest("first-visit")
    for change in (lambda: Questionnaire.objects.filter(pk=form.pk).update(definition={}), form.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    form.refresh_from_db()
    assert form.definition["resourceType"] == "Questionnaire"


def test_consent_is_withdrawn_once(client_record: Client, front_desk: User) -> None:
    completed(client_record)
    consent = Consent.objects.get(kind="treatment")
    withdraw_consent(consent=consent, by=front_desk)
    with pytest.raises(Conflict):
        withdraw_consent(consent=consent, by=front_desk)


def test_nobody_without_a_role_withdraws_consent(client_record: Client) -> None:
    completed(client_record)
    with pytest.raises(NotAllowed):
        withdraw_consent(consent=Consent.objects.get(kind="treatment"), by=User.objects.create(email="x@example.org"))


def test_the_answers_that_matter_are_said_in_words(client_record: Client) -> None:
    said = dict(summary(completed(client_record)))
    assert said["Reason"] == "My right hip hurts"
    assert said["Since"] == "6 to 12 weeks"
    assert said["Average pain"] == "5 of 10"
    assert said["Where it hurts"] == "Outer hip, right 7 of 10, spreading to Calf, right"
    assert "Sits" not in said


def test_the_form_for_the_follow_up_asks_one_thing(client_record: Client) -> None:
    response = draft(client_record, "follow-up")
    fill(response, Answers({"nprs.average": [2]}))
    response = complete_response(response=response)
    assert nprs(response) == {"now": None, "worst": None, "average": 2}
