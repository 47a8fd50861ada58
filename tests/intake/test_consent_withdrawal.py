"""Consent taken back, by the client or noted by staff."""

from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client as Browser
from django.urls import reverse

from clinic.audit.models import Event
from clinic.core.errors import Conflict, Missing
from clinic.messaging.models import ClientLink
from clinic.people.models import Client, User
from intake.models import Consent
from intake.services import withdraw_consent
from intake.services.consents import withdraw_by_link
from tests.factories import ClientFactory
from tests.intake.consenting import signed, token_of
from tests.intake.factories import (
    draft,
)

pytestmark = pytest.mark.django_db


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
