import datetime as dt
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from clinic.audit.models import Event
from clinic.core.errors import Conflict, Missing, NotAllowed, Refused
from clinic.people import uploads
from clinic.people.models import Alert, Client, ContactPreference, Document
from clinic.people.services import alerts, clients, documents
from clinic.people.services.duplicates import possible_duplicates
from tests import factories

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 20), **details) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size, "teal").save(target, format=kind, **details)
    return target.getvalue()


def actions(client: Client) -> list[str]:
    return list(Event.objects.filter(client_id=client.pk).order_by("pk").values_list("action", flat=True))


def test_a_name_and_one_contact_are_enough_to_add_a_client(location, front_desk):
    client = clients.add_client(given_name="Joan", phone="+12025550142", location=location, by=front_desk)
    assert client.full_name == "Joan"
    assert list(client.locations.all()) == [location]
    assert actions(client) == ["client.added"]


def test_client_numbers_come_from_the_database_and_never_repeat(location, front_desk):
    one, two = (
        clients.add_client(given_name=name, email=f"{name}@example.org", location=location, by=front_desk)
        for name in ("ann", "bea")
    )
    assert two.number > one.number >= 101


@pytest.mark.parametrize(
    ("details", "code"),
    [({"email": "x@example.org"}, "name-missing"), ({"given_name": "Joan"}, "contact-missing")],
)
def test_a_client_without_name_or_contact_is_refused(location, front_desk, details, code):
    with pytest.raises(Refused) as refusal:
        clients.add_client(location=location, by=front_desk, **details)
    assert refusal.value.code == code


def test_nobody_adds_clients_to_a_location_they_do_not_work_at(location, stranger):
    with pytest.raises(Missing):
        clients.add_client(given_name="Joan", email="j@example.org", location=location, by=stranger)


def test_a_change_is_recorded_by_its_fields_not_its_values(client_record, front_desk):
    clients.change_client(client=client_record, by=front_desk, preferred_name="Marc", email=client_record.email)
    event = Event.objects.get(action="client.changed")
    assert event.changes == {"fields": ["preferred_name"]}


def test_a_change_that_changes_nothing_leaves_no_event(client_record, front_desk):
    clients.change_client(client=client_record, by=front_desk, given_name="Marcus")
    assert actions(client_record) == []


def test_a_client_cannot_lose_the_last_contact(client_record, front_desk):
    with pytest.raises(Refused):
        clients.change_client(client=client_record, by=front_desk, email="", phone="")


def test_somebody_elses_client_cannot_be_changed(client_record, stranger):
    with pytest.raises(Missing):
        clients.change_client(client=client_record, by=stranger, given_name="Mallory")


def test_archiving_can_be_undone(client_record, front_desk):
    clients.archive_client(client=client_record, by=front_desk)
    assert not Client.objects.current().filter(pk=client_record.pk).exists()
    clients.restore_client(client=client_record, by=front_desk)
    assert Client.objects.current().filter(pk=client_record.pk).exists()
    assert actions(client_record) == ["client.archived", "client.restored"]


def test_what_a_client_declines_is_kept_by_channel_and_purpose(client_record, front_desk):
    allowed = {("email", "reminder"): False, ("email", "booking"): True}
    assert clients.set_contact_preferences(client=client_record, allowed=allowed, by=front_desk) == ["email/reminder"]
    assert ContactPreference.objects.get().is_allowed is False
    assert clients.set_contact_preferences(client=client_record, allowed=allowed, by=front_desk) == []


def test_an_alert_ends_and_comes_back(client_record, front_desk):
    alert = alerts.add_alert(client=client_record, kind="allergy", effect="modify", label="Latex", by=front_desk)
    alerts.end_alert(alert=alert, by=front_desk)
    assert not Alert.objects.open().exists()
    alerts.reopen_alert(alert=alert, by=front_desk)
    assert Alert.objects.open().get() == alert
    assert actions(client_record) == ["alert.added", "alert.ended", "alert.reopened"]


@pytest.fixture
def known(location):
    return factories.ClientFactory(
        given_name="Tomás",
        family_name="Herrera",
        email="tomas@example.org",
        phone="+12025550137",
        born_on=dt.date(1967, 8, 4),
        locations=[location],
    )


@pytest.mark.parametrize(
    ("details", "reason"),
    [
        ({"given_name": "X", "email": "TOMAS@example.org"}, "same e-mail"),
        ({"given_name": "X", "phone": "+12025550137"}, "same phone"),
        ({"given_name": "Tomas", "family_name": "Herrera"}, "same name"),
        ({"given_name": "Herrera", "family_name": "Tomas"}, "same name"),
        ({"given_name": "Tomas", "family_name": "Herera"}, "similar name"),
    ],
)
def test_a_possible_duplicate_is_shown_with_its_reason(known, front_desk, details, reason):
    (found,) = possible_duplicates(by=front_desk, **details)
    assert found.client == known
    assert [str(each) for each in found.reasons] == [reason]


def test_the_same_birth_date_and_a_similar_name_is_a_strong_reason(known, front_desk):
    (found,) = possible_duplicates(
        by=front_desk, given_name="Thomas", family_name="Herera", born_on=dt.date(1967, 8, 4)
    )
    assert [str(each) for each in found.reasons] == ["similar name", "same birth date"]


def test_a_birth_date_alone_makes_no_duplicate(known, front_desk):
    assert possible_duplicates(by=front_desk, given_name="Nora", born_on=dt.date(1967, 8, 4)) == []


def test_duplicates_at_other_locations_stay_hidden(known, stranger):
    assert possible_duplicates(by=stranger, email="tomas@example.org") == []


def test_a_pdf_is_kept_under_a_name_that_tells_nothing(client_record, therapist):
    upload = SimpleUploadedFile("../../etc/Referral_letter.pdf", PDF)
    document = documents.add_document(client=client_record, kind="referral", upload=upload, by=therapist)
    assert document.title == "Referral letter"
    assert document.media_type == "application/pdf"
    assert document.file.name.startswith("documents/")
    assert "eferral" not in document.file.name
    assert document.size_bytes == len(PDF)
    assert actions(client_record) == ["document.added"]


def test_a_picture_is_drawn_anew_without_what_it_hid(client_record, therapist):
    exif = Image.Exif()
    exif[0x010F] = "Secret camera"
    content = picture(exif=exif) + b"<script>alert(1)</script>"
    upload = SimpleUploadedFile("x-ray.jpg", content)
    document = documents.add_document(client=client_record, kind="imaging", upload=upload, by=therapist)
    kept = document.file.read()
    assert kept.startswith(b"\xff\xd8\xff")
    assert b"Secret camera" not in kept
    assert b"<script>" not in kept


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "JPEG"])
def test_the_usual_pictures_are_taken(kind):
    assert uploads.clean(picture(kind)).media_type == f"image/{kind.lower()}"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("picture.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
        ("letter.pdf", b"<!doctype html><script>alert(1)</script>"),
        ("letter.pdf", EICAR),
        ("scan.png", b"\x89PNG\r\n\x1a\nnot a picture"),
        ("scan.jpg", b"\xff\xd8\xff\xe0"),
        ("scan.webp", b"RIFF\x00\x00\x00\x00WEBPVP8 "),
        ("archive.pdf", b"PK\x03\x04zip"),
        ("empty.pdf", b""),
    ],
)
def test_what_is_no_pdf_or_picture_is_refused_whatever_its_name(client_record, therapist, name, content):
    with pytest.raises(Refused):
        documents.add_document(
            client=client_record, kind="other", upload=SimpleUploadedFile(name, content), by=therapist
        )
    assert not Document.objects.exists()


def test_a_file_of_more_than_ten_megabytes_is_refused(client_record, therapist):
    upload = SimpleUploadedFile("big.pdf", PDF + b"0" * uploads.MAX_BYTES)
    with pytest.raises(Refused) as refusal:
        documents.add_document(client=client_record, kind="other", upload=upload, by=therapist)
    assert refusal.value.code == "file-too-large"


def test_a_picture_with_too_many_pixels_is_refused():
    with pytest.raises(Refused):
        uploads.clean(picture("PNG", (10_000, 6_000)))


def test_the_front_desk_adds_no_documents(client_record, front_desk):
    with pytest.raises(NotAllowed):
        documents.add_document(
            client=client_record, kind="other", upload=SimpleUploadedFile("a.pdf", PDF), by=front_desk
        )


def test_a_merged_record_takes_no_more_changes(client_record, location, front_desk):
    other = factories.ClientFactory(locations=[location])
    Client.objects.filter(pk=other.pk).update(merged_into=client_record)
    with pytest.raises(Conflict):
        clients.change_client(client=other, by=front_desk, given_name="New")
