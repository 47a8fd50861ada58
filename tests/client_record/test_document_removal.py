"""Documents are taken out of sight, kept while the law asks for it, then deleted."""

import datetime as dt

import pytest
from django.urls import reverse

from clinic.audit.models import Event
from clinic.core import clock
from clinic.core.errors import Conflict, Missing, NotAllowed, Refused
from clinic.people.models import Document
from clinic.people.services.documents import delete_document, remove_document
from clinic.retention import delete_expired_documents
from clinic.tasks import delete_what_may_go
from tests.client_record.lives import keep
from tests.treatments.conftest import book

YEAR = dt.timedelta(days=366)


def address(name: str, document: Document) -> str:
    return reverse(f"people:{name}", args=[document.client_id, document.pk])


def test_a_removed_document_is_seen_by_nobody_and_its_file_stays(clinician, client_record, document, owner):
    answer = clinician.post(address("client-document-remove", document), {"cause": "twice", "note": "as scan and mail"})
    assert answer.url == reverse("people:client-detail", args=[client_record.pk])
    document.refresh_from_db()
    assert document.removal_note == "as scan and mail"
    assert document.file.storage.exists(document.file.name)
    page = reverse("people:client-detail", args=[client_record.pk])
    assert str(document.pk).encode() not in clinician.get(page, {"show": "documents"}).content
    assert clinician.get(address("client-document", document)).status_code == 404
    assert not Document.objects.visible_to(owner).exists()


def test_the_removal_is_recorded_with_its_cause_and_without_the_title(document, therapist):
    remove_document(document=document, cause="asked", by=therapist)
    event = Event.objects.get(action="document.removed")
    assert event.client_id == document.client_id
    assert event.changes == {"cause": "asked"}


def test_opening_the_page_asks_and_changes_nothing(clinician, document):
    page = clinician.get(address("client-document-remove", document))
    assert page.status_code == 200
    assert document.title.encode() in page.content
    document.refresh_from_db()
    assert document.removed_at is None


@pytest.mark.parametrize("typed", [{}, {"cause": ""}, {"cause": "because"}, {"cause": "twice", "note": "x" * 201}])
def test_without_a_cause_nothing_is_removed(clinician, document, typed):
    assert clinician.post(address("client-document-remove", document), typed).status_code == 422
    document.refresh_from_db()
    assert document.removed_at is None


def test_the_service_refuses_what_is_no_cause(document, therapist):
    with pytest.raises(Refused):
        remove_document(document=document, cause="because", by=therapist)


def test_a_document_is_removed_once(document, therapist):
    remove_document(document=document, cause="twice", by=therapist)
    with pytest.raises(Conflict):
        remove_document(document=document, cause="twice", by=therapist)


def test_the_front_desk_and_strangers_remove_nothing(client, document, front_desk, stranger):
    for user, status, error in ((front_desk, 403, NotAllowed), (stranger, 404, Missing)):
        client.force_login(user)
        assert client.post(address("client-document-remove", document), {"cause": "twice"}).status_code == status
        with pytest.raises(error):
            remove_document(document=document, cause="twice", by=user)
    document.refresh_from_db()
    assert document.removed_at is None


def test_a_document_is_not_removed_through_another_client(clinician, document, location):
    url = reverse("people:client-document-remove", args=[document.pk, document.pk])
    assert clinician.post(url, {"cause": "twice"}).status_code == 404


@pytest.fixture
def removed(document, therapist) -> Document:
    return remove_document(document=document, cause="asked", by=therapist)


def test_it_is_deleted_once_the_records_of_the_client_may_go(
    removed, client_record, therapist, room, django_capture_on_commit_callbacks
):
    book(client=client_record, therapist=therapist, room=room, starts_at=clock.now())
    years = client_record.locations.model._meta.apps.get_model("people", "Practice").objects.get().retention_years
    assert delete_expired_documents(clock.now() + (years - 1) * YEAR) == 0
    name, storage = removed.file.name, removed.file.storage
    with django_capture_on_commit_callbacks(execute=True):
        assert delete_expired_documents(clock.now() + (years + 1) * YEAR) == 1
    assert not Document.objects.exists()
    assert not storage.exists(name)
    assert Event.objects.get(action="document.deleted").client_id == client_record.pk


def test_whoever_was_never_treated_is_counted_from_the_day_the_document_came(removed):
    Document.objects.update(created_at=clock.now() - 20 * YEAR)
    assert delete_expired_documents(clock.now()) == 0, "thirty days for second thoughts"
    assert delete_expired_documents(clock.now() + dt.timedelta(days=31)) == 1


def test_what_was_not_removed_is_never_deleted(client_record, therapist, practice):
    document = keep(client_record, therapist, clock.now() - 60 * YEAR)
    delete_what_may_go()
    assert Document.objects.filter(pk=document.pk).exists()
    with pytest.raises(Conflict):
        delete_document(document=document)


def test_the_task_waits_for_the_first_run_of_a_practice(db):
    delete_what_may_go()
