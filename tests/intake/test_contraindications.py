"""What a client ticks becomes an alert with its effect on massage; what is no longer ticked is asked about."""

from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from clinic.audit.models import Event
from clinic.core.errors import Missing, Refused
from clinic.people.models import Alert, Client, User
from clinic.people.services.alerts import confirm_alert
from intake.form_cache import form_of
from intake.knowledge import source
from intake.models import Response
from intake.services import complete_response
from tests.intake.factories import draft, fill, harmless_answers, with_flags

pytestmark = pytest.mark.django_db
ENTRIES = {entry["code"]: entry for entry in source.entries("contraindications")}
KINDS = {
    "stop": "contraindication",
    "clearance": "contraindication",
    "local-avoid": "precaution",
    "modify": "precaution",
}


def ticked(client: Client, *codes: str, **more: str) -> Response:
    response = draft(client)
    answers = harmless_answers()
    answers.values["contraindications"] = list(codes) or ["none"]
    answers.values.update({name.replace("__", "."): [words] for name, words in more.items()})
    fill(response, with_flags(answers, form_of(response.questionnaire)))
    return complete_response(response=response)


def proposals(browser: Browser, client: Client) -> str:
    return browser.get(reverse("people:client-detail", args=[client.pk])).content.decode()


def test_every_contraindication_becomes_an_alert_with_the_effect_its_entry_names(client_record: Client) -> None:
    ticked(client_record, *ENTRIES, allergy__what="Latex")
    alerts = {alert.code: alert for alert in Alert.objects.open().filter(client=client_record)}
    assert set(alerts) == set(ENTRIES)
    for code, entry in ENTRIES.items():
        (action,) = {row["action"] for row in entry["rule"] if row["answer"] == "yes"}
        kind = "allergy" if code == "ci-allergy" else KINDS[action]
        assert (alerts[code].effect, alerts[code].kind, alerts[code].advice) == (action, kind, entry["advice_staff"])


def test_every_effect_of_the_vocabulary_occurs_and_has_words() -> None:
    actions = {row["action"] for entry in ENTRIES.values() for row in entry["rule"]}
    assert (
        actions == {"stop", "local-avoid", "modify", "clearance"} == set(source.read("meta")["vocabularies"]["massage"])
    )
    assert actions <= set(Alert.Effect.values)


def test_an_allergy_must_say_to_what_and_the_alert_says_so(client_record: Client) -> None:
    with pytest.raises(Refused) as refusal:
        ticked(client_record, "ci-allergy")
    assert refusal.value.details["items"] == ["allergy.what"]
    ticked(client_record, "ci-allergy", allergy__what="  Latex,\n arnica  ")
    assert Alert.objects.get(code="ci-allergy").label == "Allergy: Latex, arnica"


def test_a_very_long_allergy_is_cut_to_what_an_alert_can_hold(client_record: Client) -> None:
    ticked(client_record, "ci-allergy", allergy__what="x" * 200)
    assert len(Alert.objects.get(code="ci-allergy").label) <= 120


def test_what_staff_wrote_on_an_alert_stays_when_the_client_ticks_it_again(client_record: Client) -> None:
    ticked(client_record, "ci-anticoagulant")
    Alert.objects.update(label="Apixaban since March", effect="clearance")
    ticked(client_record, "ci-anticoagulant")
    alert = Alert.objects.get(code="ci-anticoagulant")
    assert (alert.label, alert.effect) == ("Apixaban since March", "clearance")


def test_what_is_no_longer_ticked_is_proposed_to_be_ended_and_goes_on_holding(
    client: Browser, client_record: Client, front_desk: User
) -> None:
    client.force_login(front_desk)
    ticked(client_record, "ci-fever", "ci-anticoagulant")
    assert "not ticked any more" not in proposals(client, client_record)
    ticked(client_record, "ci-anticoagulant")
    page = proposals(client, client_record)
    assert page.count("not ticked any more") == 1
    assert "Fever or acute illness:</strong> not ticked any more" in page
    fever = Alert.objects.get(code="ci-fever")
    assert fever.ended_at is None
    client.post(reverse("people:client-alert-end", args=[client_record.pk, fever.pk]))
    assert "not ticked any more" not in proposals(client, client_record)


def test_an_alert_that_still_holds_is_asked_about_again_only_after_the_next_form(
    client: Browser, client_record: Client, front_desk: User
) -> None:
    client.force_login(front_desk)
    ticked(client_record, "ci-implants")
    ticked(client_record)
    alert = Alert.objects.get(code="ci-implants")
    assert client.post(reverse("intake:alert-confirm", args=[alert.pk])).status_code == 302
    assert "not ticked any more" not in proposals(client, client_record)
    assert Event.objects.filter(action="alert.confirmed", client_id=client_record.pk).exists()
    ticked(client_record)
    assert "not ticked any more" in proposals(client, client_record)


def test_alerts_that_staff_added_are_never_doubted(
    client: Browser, client_record: Client, front_desk: User, stranger: User
) -> None:
    alert = Alert.objects.create(client=client_record, kind="precaution", effect="modify", label="Afraid of needles")
    ticked(client_record)
    client.force_login(front_desk)
    assert "not ticked any more" not in proposals(client, client_record)
    with pytest.raises(Missing):
        confirm_alert(alert=alert, by=stranger)


def test_nobody_elsewhere_decides_about_an_alert(client: Browser, client_record: Client, stranger: User) -> None:
    ticked(client_record, "ci-fever")
    alert: Any = Alert.objects.get()
    client.force_login(stranger)
    assert client.post(reverse("intake:alert-confirm", args=[alert.pk])).status_code == 404
