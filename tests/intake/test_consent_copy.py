"""The copy of a consent: by a link, as a PDF, and to be handed out."""

import zipfile

import pytest
from django.test import Client as Browser

from clinic.messaging.models import ClientLink, OutboundMessage
from clinic.people.models import Client, User
from clinic.people.services.handing_out import export_everything
from intake.fhir.answers import Signature
from intake.models import Consent
from intake.services.consents import send_copy
from tests.intake.consenting import reworded, signed, token_of
from tests.intake.factories import (
    draft,
)

pytestmark = pytest.mark.django_db


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
