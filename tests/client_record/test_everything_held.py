"""Everything that is held about a client, in one file."""

import datetime as dt
import io
import json
import zipfile
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.urls import reverse

from clinic.audit.models import Event
from clinic.core import clock
from clinic.core.errors import NotAllowed
from clinic.people.models import Client, Document
from clinic.people.record import held
from clinic.people.services.documents import remove_document
from clinic.people.services.handing_out import export_everything
from clinic.people.services.merging import merge_clients
from tests import factories
from tests.client_record.lives import PDF, keep, live
from treatments.services import add_addendum


def opened(client: Client, owner: Any) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(export_everything(client=client, by=owner).content.read()))


def data(archive: zipfile.ZipFile, area: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(archive.read(f"data/{area}.json"))
    return found


def leads_to_a_client(model: type[models.Model], known: set[type[models.Model]]) -> bool:
    fields = (field for field in model._meta.get_fields() if field.concrete and (field.many_to_one or field.one_to_one))
    return any(field.related_model in known for field in fields)


def models_of_a_client() -> set[type[models.Model]]:
    """Client, what points at it, what points at that, and so on. Join tables come with their many-to-many fields."""
    known: set[type[models.Model]] = {Client}
    while found := {model for model in apps.get_models() if model not in known and leads_to_a_client(model, known)}:
        known |= found
    return known


def test_every_model_that_leads_to_a_client_is_handed_out_or_left_out_with_a_reason():
    told = {table.model for table in held.tables()}
    forgotten = models_of_a_client() - told - held.left_out().keys()
    assert forgotten == set(), "say in your app's client_record what is held, or why it is left out"
    assert not told & held.left_out().keys()
    assert all(len(reason) > 20 for reason in held.left_out().values())


@pytest.mark.parametrize("table", held.tables(), ids=lambda table: table.name)
def test_what_a_table_names_is_there(table):
    names = {field.name for field in table.model._meta.get_fields()}
    assert {*table.title, *table.secret, *([table.under] if table.under else [])} <= names
    list(table.model._base_manager.none().filter(**{f"{table.path}__in": []}))


def test_it_holds_rows_of_every_kind_a_page_to_read_and_the_documents(client_record, owner, lived):
    lived(1, 3)
    archive = opened(client_record, owner)
    assert data(archive, "people")["client"][0]["given_name"] == "Marcus"
    assert len(data(archive, "visits")["appointment"]) == 2
    assert data(archive, "treatments")["sessionnote"][0]["plan"] == "Heel raises."
    assert data(archive, "treatments")["techniqueapplied"][0]["technique"]["name"]
    assert len(data(archive, "scores")["score"]) == 2
    assert len(data(archive, "messages")["outboundmessage"]) == 2
    documents = [name for name in archive.namelist() if name.startswith("documents/")]
    assert [archive.read(name) for name in documents] == [PDF, PDF]
    page = archive.read("everything.html").decode()
    for words in ("Marcus Bell", "Heel raises.", "Alert of day 1", "Amina Osei", *documents):
        assert words in page


def test_answers_leave_as_fhir_resources(client_record, owner, response):
    archive = opened(client_record, owner)
    (name,) = [name for name in archive.namelist() if name.startswith("fhir/QuestionnaireResponse-")]
    assert json.loads(archive.read(name))["resourceType"] == "QuestionnaireResponse"
    assert any(
        json.loads(archive.read(n))["resourceType"] == "Questionnaire" for n in archive.namelist() if "fhir/Q" in n
    )


def test_signed_notes_come_with_their_addenda(client_record, owner, signed, therapist):
    add_addendum(note=signed, text="Rang: the knee is better.", by=therapist)
    archive = opened(client_record, owner)
    assert data(archive, "treatments")["addendum"][0]["text"] == "Rang: the knee is better."
    assert "Rang: the knee is better." in archive.read("everything.html").decode()


def test_the_trail_says_who_opened_the_record_and_keeps_staffs_addresses_back(owners, client_record, owner):
    owners.get(reverse("people:client-detail", args=[client_record.pk]))
    archive = opened(client_record, owner)
    (event,) = [each for each in data(archive, "trail")["event"] if each["action"] == "client.read"]
    assert event["who"] == "Olive Owner"
    assert owner.email not in archive.read("data/trail.json").decode()


def test_no_secret_is_in_it(client_record, owner, message, response):
    archive = opened(client_record, owner)
    everything = b"".join(archive.read(name) for name in archive.namelist())
    assert b"token_digest" not in everything
    for link in client_record.links.all():
        assert link.token_digest.encode() not in everything


def test_it_holds_nothing_of_anybody_else(client_record, owner, therapist, room, location):
    other = factories.ClientFactory(given_name="Zebedee", locations=[location])
    live(other, therapist=therapist, room=room, days=[1])
    archive = opened(client_record, owner)
    everything = b"".join(archive.read(name) for name in archive.namelist())
    assert b"Zebedee" not in everything
    assert str(other.pk).encode() not in everything


def test_records_merged_into_it_are_in_it(client_record, signed, owner, location, front_desk):
    kept = factories.ClientFactory(given_name="Mark", family_name="Bell", locations=[location])
    merge_clients(keep=kept, merge=client_record, by=front_desk)
    archive = opened(kept, owner)
    assert len(data(archive, "people")["client"]) == 2
    assert data(archive, "treatments")["sessionnote"][0]["id"] == str(signed.pk)


def test_a_removed_document_is_still_held_but_not_one_about_somebody_else(client_record, owner, therapist):
    twice, theirs = (keep(client_record, therapist, clock.now(), title=title) for title in ("Twice", "Of Joan"))
    remove_document(document=twice, cause=Document.Removal.TWICE, by=therapist)
    remove_document(document=theirs, cause=Document.Removal.NOT_THEIRS, by=therapist)
    archive = opened(client_record, owner)
    assert len([name for name in archive.namelist() if name.startswith("documents/")]) == 1
    page = archive.read("everything.html").decode() + archive.read("data/people.json").decode()
    assert "Twice" in page
    assert "Of Joan" not in page


def test_a_file_that_is_gone_does_not_stop_it(client_record, owner, document):
    document.file.storage.delete(document.file.name)
    assert "missing" in opened(client_record, owner).read("data/people.json").decode()


def test_script_in_a_name_is_only_text_in_the_page(location, owner):
    client = factories.ClientFactory(given_name="<script>alert(1)</script>", locations=[location])
    assert b"<script>" not in opened(client, owner).read("everything.html")


def test_the_owner_gets_a_file_named_by_number_and_the_making_is_recorded(owners, client_record):
    made = owners.post(reverse("people:client-export", args=[client_record.pk]))
    today = clock.now().astimezone(client_record.locations.get().zone).date()
    assert made["Content-Disposition"] == f'attachment; filename="client-1-{today}.zip"'
    assert made["Cache-Control"] == "no-store"
    assert zipfile.is_zipfile(io.BytesIO(b"".join(made.streaming_content)))
    event = Event.objects.get(action="client.exported")
    assert event.client_id == client_record.pk
    assert event.changes["client"] == 1
    page = owners.get(reverse("people:client-detail", args=[client_record.pk]))
    assert b"Made once" in page.content


def test_nobody_but_the_owner_makes_it(client, client_record, therapist, front_desk):
    for user in (therapist, front_desk):
        client.force_login(user)
        assert client.post(reverse("people:client-export", args=[client_record.pk])).status_code == 403
        assert b"Make the file" not in client.get(reverse("people:client-detail", args=[client_record.pk])).content
        with pytest.raises(NotAllowed):
            export_everything(client=client_record, by=user)
    assert not Event.objects.filter(action="client.exported").exists()


def test_looking_at_the_address_makes_nothing(owners, client_record):
    assert owners.get(reverse("people:client-export", args=[client_record.pk])).status_code == 405


def test_a_merged_record_is_handed_out_with_the_kept_one_alone(owners, client_record, location):
    other = factories.ClientFactory(locations=[location])
    Client.objects.filter(pk=other.pk).update(merged_into=client_record)
    assert owners.post(reverse("people:client-export", args=[other.pk])).status_code == 404


def test_times_are_those_of_the_clients_location(client_record, owner, therapist, room):
    live(client_record, therapist=therapist, room=room, days=[1])
    at = (clock.now().replace(hour=9, minute=0) - dt.timedelta(days=1)).astimezone(room.location.zone)
    assert f"{at:%H:%M}" in opened(client_record, owner).read("everything.html").decode()
