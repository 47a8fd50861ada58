"""Files as answers: told by their content, kept with the draft, taken out again, handed to staff and never run."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse
from PIL import Image

from clinic.people.models import Client, User
from intake.answers import answers_of
from intake.fhir import exact
from intake.models import Questionnaire, Response, Upload
from intake.ready_forms import parts
from intake.services import complete_request, invite

pytestmark = pytest.mark.django_db

MAX_SIZE = {"url": "http://hl7.org/fhir/StructureDefinition/maxSize", "valueDecimal": 0.001}
PDF = b"%PDF-1.7\nA referral"


@pytest.fixture
def path(client: Browser, client_record: Client) -> str:
    items = [
        parts.item("scan", "attachment", "Your referral", required=True),
        parts.item("photos", "attachment", "Photos", repeats=True),
        parts.item("small", "attachment", "Something small") | {"extension": [MAX_SIZE]},
        parts.text("more", "Anything else?"),
    ]
    document = parts.questionnaire("files", "Files", [parts.section("page", "Files", "", items)])
    Questionnaire.objects.create(
        slug="files", version=1, title="Files", definition=document | {"version": "1"}, status="published"
    )
    _invitation, token = invite(client=client_record, forms=["files"], by=None)
    client.post(f"/i/{token}/", {"born_on": "1967-08-04"})
    return f"/i/{token}/step/1/"


def file(content: bytes, name: str = "../../etc/Referral of Dr <b>.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="text/html")


def picture(kind: str) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(target, kind)
    return target.getvalue()


def held(link_id: str) -> list[Any]:
    return answers_of(Response.objects.get()).all(link_id)


def test_a_file_is_kept_with_the_draft_and_listed_when_the_form_is_opened_again(client: Browser, path: str) -> None:
    answer = client.post(path, {"scan": file(PDF), "more": "Thanks", "_file": "scan"})
    assert answer["Location"].endswith("#scan")
    (scan,) = held("scan")
    assert (scan.title, scan.content_type, scan.source["size"]) == ("Referral of Dr <b>", "application/pdf", len(PDF))
    html = client.get(path).content.decode()
    assert "Referral of Dr &lt;b&gt;" in html
    assert 'enctype="multipart/form-data"' in html
    client.post(f"{path}save/", {"more": "Changed"})
    assert held("scan"), "an autosave does not touch it"


def test_what_a_file_is_tells_its_content_and_never_its_name(client: Browser, path: str) -> None:
    for content in (b"<svg onload=alert(1)>", b"MZ\x90", b"", b"RIFF....WEBPVP8 ", b"\x89PNG\r\n\x1a\nbroken"):
        answer = client.post(path, {"scan": file(content, "scan.pdf"), "_file": "scan"})
        assert answer.status_code == 422, content
        assert b'id="scan-error"' in answer.content
    too_large = client.post(path, {"small": file(PDF * 100), "_file": "small"})
    assert b"larger than" in too_large.content
    assert not Upload.objects.exists()


def test_several_fit_where_the_form_says_so_and_one_takes_the_place_of_another_elsewhere(
    client: Browser, path: str, django_capture_on_commit_callbacks: Any
) -> None:
    client.post(path, {"photos": [file(picture("PNG")), file(picture("JPEG"))], "_file": "photos"})
    assert [each.content_type for each in held("photos")] == ["image/png", "image/jpeg"]
    client.post(path, {"scan": file(PDF), "_file": "scan"})
    before = Upload.objects.get(media_type="application/pdf")
    with django_capture_on_commit_callbacks(execute=True):
        client.post(path, {"scan": file(PDF + b" anew"), "_file": "scan"})
    assert len(held("scan")) == 1
    assert Upload.objects.filter(media_type="application/pdf").count() == 1
    assert not before.file.storage.exists(before.file.name), "what was replaced is deleted"


def test_a_file_is_taken_out_of_a_draft_for_good_and_only_of_ones_own(
    client: Browser, path: str, django_capture_on_commit_callbacks: Any
) -> None:
    client.post(path, {"scan": file(PDF), "_file": "scan"})
    row = Upload.objects.get()
    for name in ("nonsense", "\0", "00000000-0000-0000-0000-000000000000"):
        assert client.post(path, {"_drop": f"{name}@scan"}).status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        client.post(path, {"_drop": f"{row.pk}@scan"})
    assert not held("scan")
    assert not Upload.objects.exists()
    assert not row.file.storage.exists(row.file.name)


def test_a_sent_form_is_valid_and_keeps_its_file_for_staff_alone(
    client: Browser, path: str, therapist: User, stranger: User, django_capture_on_commit_callbacks: Any
) -> None:
    assert client.post(path, {"more": "Nothing"}).status_code == 422, "a file that is asked for is missing"
    client.post(path, {"scan": file(PDF), "_file": "scan"})
    complete_request(responses=[Response.objects.get()])
    response, row = Response.objects.get(), Upload.objects.get()
    QuestionnaireResponse.model_validate_json(exact.dumps(response.answers))
    assert client.post(path, {"_drop": f"{row.pk}@scan"})["Location"].endswith("/done/")
    client.force_login(therapist)
    assert f"/intake/files/{row.pk}/" in client.get(f"/intake/responses/{response.pk}/").content.decode()
    answer = client.get(f"/intake/files/{row.pk}/")
    assert b"".join(answer) == PDF  # type: ignore[arg-type]
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["X-Content-Type-Options"] == "nosniff"
    client.force_login(stranger)
    assert client.get(f"/intake/files/{row.pk}/").status_code == 404
