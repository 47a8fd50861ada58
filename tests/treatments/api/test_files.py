"""Photos and documents of a note through the API."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from clinic.people.models import Document, User
from clinic.people.services.documents import add_document
from tests.treatments.api.conftest import Caller
from treatments.models import NoteFile, SessionNote
from treatments.services import sign_note

PDF = b"%PDF-1.4\n%letter"


@pytest.fixture(autouse=True)
def kept_in(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def send(call: Caller, **fields: Any) -> Any:
    answer = call.browser.post("/api/v1/note-files/", fields)
    return answer.status_code, answer.json()


def test_a_file_is_sent_captioned_read_and_taken_out(call: Caller, draft: SessionNote) -> None:
    photo = io.BytesIO()
    Image.new("RGB", (8, 8)).save(photo, "PNG")
    status, file = send(call, note=draft.pk, file=SimpleUploadedFile("gait.png", photo.getvalue()), caption="Gait")
    assert (status, file["caption"], file["media_type"], len(file["sha256"])) == (201, "Gait", "image/png", 64)
    path = f"note-files/{file['id']}/"
    assert call("PATCH", path, {"caption": "Gait, late stance"})[1]["caption"] == "Gait, late stance"
    assert call("GET", f"notes/{draft.pk}/")[1]["files"][0]["id"] == file["id"]
    content = call.browser.get(f"/api/v1/{path}content/")
    assert (content["X-Content-Type-Options"], content["Content-Disposition"][:10]) == ("nosniff", "attachment")
    assert call("DELETE", f"{path}?cause=bored")[0] == 400
    assert call("DELETE", f"{path}?cause=twice")[0] == 204
    assert Document.objects.get().removal_cause == "twice"


@pytest.mark.parametrize(
    ("name", "content"), [("x.svg", b"<svg/>"), ("x.pdf", b"<html>"), ("../x", b"X5O!P%@AP"), ("x.pdf", b"")]
)
def test_what_is_no_picture_and_no_pdf_is_refused(call: Caller, draft: SessionNote, name: str, content: bytes) -> None:
    status, said = send(call, note=draft.pk, file=SimpleUploadedFile(name, content))
    assert status in (400, 422)
    assert said["message"]
    assert not Document.objects.exists()


def test_a_document_that_is_there_is_attached(call: Caller, draft: SessionNote, therapist: User) -> None:
    upload = SimpleUploadedFile("letter.pdf", PDF)
    letter = add_document(client=draft.client, kind="letter", upload=upload, by=therapist)
    body = {"note": str(draft.pk), "document": str(letter.pk)}
    assert call("POST", "note-files/", body)[0] == 201
    assert call("POST", "note-files/", body)[1]["code"] == "document-in-note"
    for wrong in ({"note": str(draft.pk)}, {**body, "note": "x"}, {**body, "position": 3}, {**body, "document": None}):
        assert call("POST", "note-files/", wrong)[0] == 400


def test_files_of_a_signed_note_stay(
    call: Caller, draft: SessionNote, therapist: User, other_therapist: User, front_desk: User
) -> None:
    file = send(call, note=draft.pk, file=SimpleUploadedFile("letter.pdf", PDF))[1]
    call.be(other_therapist)
    assert call("PATCH", f"note-files/{file['id']}/", {"caption": "x"})[0] == 403
    call.be(front_desk)
    assert call("GET", f"note-files/?note={draft.pk}")[0] == 403
    call.be(therapist)
    sign_note(note=draft, by=therapist, version=draft.version)
    before = list(NoteFile.objects.values())
    assert call("PATCH", f"note-files/{file['id']}/", {"caption": "x"})[1]["code"] == "note-signed"
    assert call("DELETE", f"note-files/{file['id']}/")[1]["code"] == "note-signed"
    assert send(call, note=draft.pk, file=SimpleUploadedFile("b.pdf", b"%PDF-2"))[1]["code"] == "note-signed"
    assert list(NoteFile.objects.values()) == before
    assert [row["id"] for row in call("GET", f"note-files/?note={draft.pk}")[1]] == [file["id"]]
