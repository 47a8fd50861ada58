"""Wordings of consent: by version and language, frozen once they are published."""

import datetime as dt

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client as Browser
from django.urls import reverse

from clinic.core.errors import NotAllowed, Refused
from clinic.people.models import Client, User
from intake import consent_texts
from intake.models import Consent, ConsentText
from tests.intake.consenting import reworded, signed
from tests.intake.factories import (
    draft,
)

pytestmark = pytest.mark.django_db


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
