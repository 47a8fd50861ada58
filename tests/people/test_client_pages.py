import datetime as dt
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clinic.audit.models import Event
from clinic.people.models import Client, Document
from clinic.people.services import documents
from tests import factories
from tests.people.test_client_records import EICAR, PDF

HTMX = {"HX-Request": "true"}


def url(name: str, *args) -> str:
    return reverse(f"people:{name}", args=args)


@pytest.fixture
def desk(client: Browser, front_desk) -> Browser:
    client.force_login(front_desk)
    return client


@pytest.fixture
def clinician(client: Browser, therapist) -> Browser:
    client.force_login(therapist)
    return client


def test_the_list_shows_clients_in_alphabetical_order(desk, location):
    for family in ("Øre", "Adams", "Bell"):
        factories.ClientFactory(family_name=family, locations=[location])
    page = desk.get(url("client-list"))
    assert [client.family_name for client in page.context["rows"]] == ["Adams", "Bell", "Øre"]


def test_the_list_takes_as_many_queries_for_thirty_clients_as_for_three(desk, location):
    factories.ClientFactory.create_batch(3, locations=[location])
    desk.get(url("client-list"))
    with CaptureQueriesContext(connection) as few:
        desk.get(url("client-list"))
    factories.ClientFactory.create_batch(27, locations=[location])
    with CaptureQueriesContext(connection) as many:
        desk.get(url("client-list"))
    assert len(many) == len(few)


def test_an_empty_list_says_what_to_do_next(desk, practice):
    assert b"No clients yet" in desk.get(url("client-list")).content
    page = desk.get(url("client-list"), {"q": "Joan Whitlock"})
    assert b"Nobody found" in page.content
    assert b"?name=Joan+Whitlock" in page.content


def test_suggestions_come_as_options_with_number_and_birth_date(desk, client_record):
    page = desk.get(url("client-search"), {"q": "mar"}, headers=HTMX)
    html = page.content.decode()
    assert 'role="listbox"' in html
    assert url("client-detail", client_record.pk) in html
    assert "#1" in html
    assert Event.objects.get(action="client.searched").changes == {"shown": 1}


def test_suggestions_can_pick_a_client_for_a_form(desk, client_record):
    page = desk.get(url("client-search"), {"q": "bell", "pick": "1", "next": "/appointments/new/?day=1"}, headers=HTMX)
    assert f'href="/appointments/new/?day=1&amp;client={client_record.pk}"' in page.content.decode()
    assert f'data-value="{client_record.pk}"' in page.content.decode()


@pytest.mark.parametrize("target", ["https://evil.example", "//evil.example", "javascript:alert(1)", "x"])
def test_picking_never_leads_elsewhere(desk, client_record, target):
    page = desk.get(url("client-search"), {"q": "bell", "pick": "1", "next": target}, headers=HTMX)
    assert f'href="?client={client_record.pk}"' in page.content.decode()


def test_without_htmx_searching_is_a_whole_page(desk, client_record):
    page = desk.get(url("client-search"), {"q": "bell"})
    assert b"<html" in page.content
    assert b"Bell, Marcus" in page.content


def test_adding_a_client_leads_to_their_page(desk, location):
    answer = desk.post(url("client-create"), {"given_name": "Joan", "phone": "+12025550142", "location": location.pk})
    assert answer.url == url("client-detail", Client.objects.get().pk)


def test_a_possible_duplicate_is_shown_before_a_client_is_added(desk, client_record, location):
    typed = {"given_name": "Marcus", "family_name": "Bel", "email": client_record.email, "location": location.pk}
    page = desk.post(url("client-create"), typed)
    assert page.status_code == 422
    assert b"This is the one" in page.content
    assert Client.objects.count() == 1
    desk.post(url("client-create"), {**typed, "anyway": "1"})
    assert Client.objects.count() == 2


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"given_name": "Joan"},
        {"given_name": "Joan", "phone": "12"},
        {"given_name": "Joan", "email": "nonsense"},
        {"given_name": "J" * 81, "email": "j@example.org"},
        {"given_name": "Jo\x00an", "email": "j@example.org"},
        {"given_name": "Joan", "email": "j@example.org", "born_on": "3000-01-01"},
        {"given_name": "Joan", "email": "j@example.org", "born_on": "0001-01-01"},
        {"given_name": "Joan", "email": "j@example.org", "location": "x"},
        {"given_name": "Joan", "email": "j@example.org", "location": str(uuid.uuid4())},
    ],
)
def test_what_cannot_be_right_comes_back_with_its_errors(desk, location, typed):
    page = desk.post(url("client-create"), {"location": str(location.pk), **typed})
    assert page.status_code == 422
    assert page.context["form"].errors
    assert not Client.objects.exists()


def test_nobody_adds_a_client_to_a_location_out_of_sight(desk, other_location):
    typed = {"given_name": "Joan", "email": "j@example.org", "location": str(other_location.pk)}
    assert desk.post(url("client-create"), typed).status_code == 422


def test_the_page_of_a_client_is_recorded_as_read(desk, client_record):
    assert desk.get(url("client-detail", client_record.pk)).status_code == 200
    assert Event.objects.get(action="client.read").client_id == client_record.pk


def test_the_front_desk_gets_no_clinical_sections(desk, client_record):
    html = desk.get(url("client-detail", client_record.pk)).content.decode()
    assert "/appointments/" in html
    assert "episodes" not in html
    assert "Documents" not in html


def test_a_therapist_gets_the_clinical_sections(clinician, client_record):
    html = clinician.get(url("client-detail", client_record.pk)).content.decode()
    assert "No open episode" in html
    assert "Documents" in html


def test_the_page_of_a_merged_record_leads_to_the_kept_one(desk, client_record, location):
    other = factories.ClientFactory(locations=[location])
    Client.objects.filter(pk=other.pk).update(merged_into=client_record)
    assert desk.get(url("client-detail", other.pk)).url == url("client-detail", client_record.pk)


def test_script_in_a_name_is_only_text(desk, location):
    client = factories.ClientFactory(given_name="<script>alert(1)</script>", locations=[location])
    for address in (url("client-detail", client.pk), url("client-list"), url("client-edit", client.pk)):
        assert b"<script>alert" not in desk.get(address).content


@pytest.mark.parametrize(
    "name", ["client-detail", "client-edit", "client-preferences", "client-alert-create", "client-document-create"]
)
def test_a_client_of_another_location_does_not_exist(client, stranger, client_record, name):
    client.force_login(stranger)
    assert client.get(url(name, client_record.pk)).status_code == 404
    assert client.post(url(name, client_record.pk)).status_code in (404, 405)


@pytest.mark.parametrize("name", ["client-archive", "client-restore"])
def test_a_client_of_another_location_cannot_be_archived(client, stranger, client_record, name):
    client.force_login(stranger)
    assert client.post(url(name, client_record.pk)).status_code == 404
    client_record.refresh_from_db()
    assert not client_record.is_archived


def test_archiving_offers_to_undo(desk, client_record):
    page = desk.post(url("client-archive", client_record.pk), follow=True)
    assert url("client-restore", client_record.pk).encode() in page.content


def test_an_alert_is_added_and_ended(desk, client_record):
    desk.post(
        url("client-alert-create", client_record.pk), {"kind": "allergy", "effect": "modify", "label": "Latex allergy"}
    )
    alert = client_record.alerts.get()
    assert b"Latex allergy" in desk.get(url("client-detail", client_record.pk)).content
    desk.post(url("client-alert-end", client_record.pk, alert.pk))
    alert.refresh_from_db()
    assert alert.ended_at is not None


def test_an_alert_is_not_ended_through_another_client(desk, client_record, location):
    alert = factories.AlertFactory(client=client_record)
    other = factories.ClientFactory(locations=[location])
    assert desk.post(url("client-alert-end", other.pk, alert.pk)).status_code == 404


def test_preferences_cover_every_message_of_their_kind(desk, client_record):
    desk.post(url("client-preferences", client_record.pk), {"email-booking": "on", "email-forms": "on"})
    declined = client_record.contact_preferences.filter(is_allowed=False).values_list("purpose", flat=True)
    assert set(declined) == {"reminder", "follow_up", "waitlist_offer", "exercises"}


def test_a_document_is_downloaded_never_shown_and_the_download_is_recorded(clinician, client_record, therapist):
    document = documents.add_document(
        client=client_record, kind="other", upload=SimpleUploadedFile("a.pdf", PDF), title='Ré"port\r\nX', by=therapist
    )
    answer = clinician.get(url("client-document", client_record.pk, document.pk))
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert b"".join(answer.streaming_content) == PDF
    assert Event.objects.get(action="document.read").object_id == str(document.pk)


def test_documents_are_for_those_who_treat(desk, client_record, therapist):
    document = documents.add_document(
        client=client_record, kind="other", upload=SimpleUploadedFile("a.pdf", PDF), by=therapist
    )
    assert desk.get(url("client-document", client_record.pk, document.pk)).status_code == 403


def test_a_document_of_another_location_does_not_exist(client, stranger, client_record, therapist):
    document = documents.add_document(
        client=client_record, kind="other", upload=SimpleUploadedFile("a.pdf", PDF), by=therapist
    )
    client.force_login(stranger)
    assert client.get(url("client-document", client_record.pk, document.pk)).status_code == 404


@pytest.mark.parametrize("content", [b"<svg onload=alert(1)>", b"<html>", EICAR, b"PK\x03\x04", b"\xff\xd8\xff"])
def test_an_upload_that_is_no_document_comes_back_with_an_error(clinician, client_record, content):
    upload = SimpleUploadedFile("../../x.pdf", content, content_type="application/pdf")
    page = clinician.post(url("client-document-create", client_record.pk), {"file": upload, "kind": "other"})
    assert page.status_code == 422
    assert not Document.objects.exists()


def test_an_upload_leads_back_to_the_client(clinician, client_record):
    upload = SimpleUploadedFile("Referral.pdf", PDF)
    answer = clinician.post(url("client-document-create", client_record.pk), {"file": upload, "kind": "referral"})
    assert answer.url == url("client-detail", client_record.pk)
    assert b"Referral" in clinician.get(answer.url).content


def test_merging_asks_first_and_then_leads_to_the_kept_record(desk, client_record, location):
    other = factories.ClientFactory(
        given_name="Mark", family_name="Bell", born_on=dt.date(1967, 8, 4), locations=[location]
    )
    address = url("client-merge", client_record.pk)
    assert b"Mark Bell" in desk.get(address).content
    assert b"Are these one person?" in desk.get(address, {"client": str(other.pk)}).content
    assert Client.objects.filter(merged_into=None).count() == 2
    assert desk.post(address, {"client": str(other.pk)}).url == url("client-detail", client_record.pk)


@pytest.mark.parametrize(
    ("chosen", "status"), [("nonsense", 404), ("5b0f3c1e-9d0a-4c57-8f7e-2f6f1f0f7a11", 404), ("itself", 422)]
)
def test_a_merge_with_nobody_or_itself_is_refused(desk, client_record, chosen, status):
    chosen = str(client_record.pk) if chosen == "itself" else chosen
    assert desk.post(url("client-merge", client_record.pk), {"client": chosen}).status_code == status
    assert desk.get(url("client-merge", client_record.pk), {"client": chosen}).status_code == status


def test_therapists_do_not_merge(clinician, client_record):
    assert clinician.get(url("client-merge", client_record.pk)).status_code == 403


@pytest.mark.parametrize("query", ["q=%FF", "q=" + "a" * 3000, "page=x", "page=-1", "page=99999", "show=x", "q=%25%27"])
def test_odd_addresses_are_harmless(desk, client_record, query):
    for name in ("client-list", "client-search", "client-create"):
        for headers in ({}, HTMX):
            assert desk.get(f"{url(name)}?{query}", headers=headers).status_code in (200, 400)
