"""Photos and documents of a note: kept as uploads are, part of what is signed, and then there for good."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from clinic.core.errors import Conflict, DomainError, NotAllowed, Refused
from clinic.people.models import Client, Document, Location, User
from clinic.people.services.documents import add_document, remove_document
from tests import factories
from treatments.models import NoteFile, SessionNote
from treatments.reads.files import files_of, free_documents
from treatments.services import sign_note
from treatments.services.files import MOST_FILES, add_file, attach_document, caption_file, take_out

PDF = b"%PDF-1.4\n%letter"
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@pytest.fixture(autouse=True)
def kept_in(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def picture(size: tuple[int, int] = (900, 600), kind: str = "JPEG", **options: Any) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size, "salmon").save(target, kind, **options)
    return target.getvalue()


def upload(content: bytes = PDF, name: str = "letter.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def more(note: SessionNote, by: User, count: int) -> None:
    """Files straight into the table."""
    rows = [
        Document(
            client=note.client,
            title="Scan",
            media_type="application/pdf",
            size_bytes=1,
            sha256=f"{each}",
            file="x",
            added_by=by,
        )
        for each in range(count)
    ]
    documents = Document.objects.bulk_create(rows)
    NoteFile.objects.bulk_create(NoteFile(note=note, document=each, position=1) for each in documents)


def address(name: str, *parts: Any) -> str:
    return reverse(f"treatments:note-{name}", args=[getattr(part, "pk", part) for part in parts])


@pytest.fixture
def photo(draft: SessionNote, therapist: User) -> NoteFile:
    return add_file(note=draft, upload=upload(picture(), "IMG_2031.jpg"), caption="Standing, from behind", by=therapist)


def test_a_photo_is_kept_with_the_client_and_the_note_without_the_place_it_was_taken_at(
    draft: SessionNote, therapist: User
) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8825)[2] = (52.0, 30.0, 0.0)
    taken = picture(exif=exif.tobytes())
    assert Image.open(io.BytesIO(taken)).getexif()
    file = add_file(note=draft, upload=upload(taken, "../../IMG_2031.jpg"), by=therapist)
    assert file.document.client == draft.client
    assert file.document.title == "IMG 2031"
    with file.document.file.open() as kept:
        assert not Image.open(kept).getexif()
    assert SessionNote.objects.get(pk=draft.pk).version == draft.version


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        ("x.jpg", b"<html><script>alert(1)</script></html>"),
        ("x.pdf", EICAR),
        ("x.zip", b"PK\x03\x04" + b"\0" * 100),
        ("x.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 50),
        ("x.png", picture((10_000, 6_000), "PNG")),  # some KB that would be 180 MB
        ("x.pdf", PDF + b"0" * 10 * 1024 * 1024),
        ("x.pdf", b""),
    ],
    ids=["svg", "html", "eicar", "zip", "broken", "bomb", "large", "empty"],
)
def test_what_is_no_picture_and_no_pdf_is_not_kept(
    draft: SessionNote, therapist: User, name: str, content: bytes
) -> None:
    with pytest.raises(Refused):
        add_file(note=draft, upload=upload(content, name), by=therapist)
    assert not Document.objects.exists()
    assert not NoteFile.objects.exists()


def test_the_same_file_sent_twice_is_there_once(draft: SessionNote, therapist: User, photo: NoteFile) -> None:
    again = add_file(note=draft, upload=upload(picture(), "again.jpg"), by=therapist)
    assert again == photo
    assert Document.objects.count() == 1


def test_a_document_of_the_client_becomes_part_of_one_note(
    draft: SessionNote, therapist: User, location: Location, client_record: Client
) -> None:
    letter = add_document(client=client_record, kind="referral", upload=upload(), by=therapist)
    twin = factories.ClientFactory(number=7004, locations=[location])
    foreign = add_document(client=twin, kind="referral", upload=upload(), by=therapist)
    assert [row.pk for row in free_documents(draft)] == [letter.pk]
    attach_document(note=draft, document=letter, by=therapist)
    assert not free_documents(draft)
    for document, code in ((letter, "document-in-note"), (foreign, "foreign-document")):
        with pytest.raises(DomainError) as refused:
            attach_document(note=draft, document=document, by=therapist)
        assert refused.value.code == code


def test_only_the_notes_therapist_adds_to_it(draft: SessionNote, other_therapist: User, owner: User) -> None:
    for somebody in (other_therapist, owner):
        with pytest.raises(NotAllowed):
            add_file(note=draft, upload=upload(), by=somebody)


def test_a_note_holds_so_many_files_and_no_more(draft: SessionNote, therapist: User, photo: NoteFile) -> None:
    more(draft, therapist, MOST_FILES - 1)
    with pytest.raises(Refused) as refused:
        add_file(note=draft, upload=upload(), by=therapist)
    assert refused.value.code == "too-many-files"


def test_a_file_is_taken_out_of_a_draft_and_stays_with_the_client_unless_a_cause_is_given(
    draft: SessionNote, therapist: User, photo: NoteFile
) -> None:
    with pytest.raises(Conflict) as refused:
        remove_document(document=photo.document, cause="twice", by=therapist)
    assert refused.value.code == "document-in-note"
    letter = add_file(note=draft, upload=upload(), by=therapist)
    take_out(file=photo, by=therapist)
    take_out(file=letter, cause="not-theirs", by=therapist)
    assert not NoteFile.objects.exists()
    assert [row.pk for row in Document.objects.filter(removed_at=None)] == [photo.document_id]
    with pytest.raises(Conflict):
        take_out(file=photo, by=therapist)


def test_what_was_signed_stays_whole(draft: SessionNote, therapist: User, photo: NoteFile) -> None:
    free = add_document(client=draft.client, kind="other", upload=upload(), by=therapist)
    sign_note(note=draft, by=therapist, version=draft.version)
    attempts = (
        lambda: add_file(note=draft, upload=upload(b"%PDF-2", "b.pdf"), by=therapist),
        lambda: attach_document(note=draft, document=free, by=therapist),
        lambda: caption_file(file=photo, caption="Something else", by=therapist),
        lambda: take_out(file=photo, by=therapist),
        lambda: remove_document(document=photo.document, cause="asked", by=therapist),
    )
    for attempt in attempts:
        with pytest.raises(Conflict):
            attempt()
    for change in (
        lambda: NoteFile.objects.filter(pk=photo.pk).update(caption="x"),
        lambda: NoteFile.objects.filter(pk=photo.pk).delete(),
        lambda: NoteFile.objects.create(note=draft, document=free),
        lambda: Document.objects.filter(pk=photo.document_id).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    kept = files_of(draft)
    assert [(each.label, each.is_intact) for each in kept] == [("Standing, from behind", True)]
    kept[0].document.file.storage.delete(kept[0].document.file.name)
    assert not kept[0].is_intact
    assert kept[0].printed is None


def test_the_clients_page_says_why_a_document_stays(signed_in: Browser, photo: NoteFile) -> None:
    document = photo.document
    url = reverse("people:client-document-remove", args=[document.client_id, document.pk])
    answer = signed_in.post(url, {"cause": "twice"})
    assert answer.status_code == 422
    assert "Take it out of the note first" in answer.content.decode()
    document.refresh_from_db()
    assert document.removed_at is None


def test_several_at_once_without_a_script_and_what_cannot_be_kept_is_named(
    signed_in: Browser, draft: SessionNote
) -> None:
    url = address("files", draft)
    files = [upload(picture(), "a.jpg"), upload(b"<svg/>", "b.svg"), upload(PDF, "c.pdf")]
    answer = signed_in.post(url, {"files": files, "caption": "Gait"})
    assert answer.status_code == 422
    assert "b: Only PDF" in answer.content.decode()
    assert [row.caption for row in NoteFile.objects.all()] == ["Gait", "Gait"]
    assert signed_in.post(url, {}).status_code == 422
    file = NoteFile.objects.first()
    assert file is not None
    assert (
        signed_in.post(address("file-caption", draft, file), {"caption": "  Gait,\n video still "}).status_code == 302
    )
    assert signed_in.post(address("file-caption", draft, file), {"caption": "x" * 201}).status_code == 422
    assert signed_in.post(address("file-remove", draft, file), {"cause": "because"}).status_code == 422
    file.refresh_from_db()
    assert file.caption == "Gait, video still"
    assert signed_in.post(address("file-remove", draft, file), {}, headers={"HX-Request": "true"}).status_code == 200
    assert NoteFile.objects.count() == 1


def test_the_button_of_the_note_saves_what_was_typed_before_it_leads_to_the_files(
    signed_in: Browser, draft: SessionNote
) -> None:
    counts = {f"{name}-{part}_FORMS": 1 for name in ("tests", "points", "techniques") for part in ("TOTAL", "INITIAL")}
    typed = {**counts, "version": draft.version, "plan": "Typed and not saved", "action": "files"}
    answer = signed_in.post(address("save", draft), typed)
    assert answer["Location"] == address("files", draft)
    assert SessionNote.objects.get(pk=draft.pk).plan == "Typed and not saved"


def test_a_small_picture_is_drawn_anew_and_runs_nothing(
    signed_in: Browser, draft: SessionNote, photo: NoteFile, therapist: User, stranger: User
) -> None:
    url = address("file-small", draft, photo)
    answer = signed_in.get(url)
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert max(Image.open(io.BytesIO(answer.content)).size) == 640
    letter = add_file(note=draft, upload=upload(), by=therapist)
    assert signed_in.get(address("file-small", draft, letter)).status_code == 404
    signed_in.force_login(stranger)
    assert signed_in.get(url).status_code == 404


def test_a_note_shows_its_files_with_their_checksums(
    signed_in: Browser, draft: SessionNote, photo: NoteFile, therapist: User
) -> None:
    sign_note(note=draft, by=therapist, version=draft.version)
    page = signed_in.get(address("edit", draft)).content.decode()
    assert photo.document.sha256 in page
    assert "Standing, from behind" in page
    assert signed_in.get(address("files", draft)).status_code == 409


def test_files_take_one_query_however_many(draft: SessionNote, therapist: User, photo: NoteFile) -> None:
    more(draft, therapist, 5)
    with CaptureQueriesContext(connection) as captured:
        assert len([each.label + each.checksum for each in files_of(draft)]) == 6
    assert len(captured) == 1
