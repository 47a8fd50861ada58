"""The same odd texts in what staff fill in, in the gate, on the map, and in the file of a consent."""

import json
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client as Browser
from django.urls import reverse

from clinic.people.models import Client, Location, User
from intake import body_map
from intake.consent_pdf import pdf_of
from intake.forms import AcknowledgeForm, BirthDateForm, ConsentTextForm, FlagWatchForm
from intake.forms_kiosk import TabletForm
from intake.models import Consent, FlagWatch, KioskDevice, PainDrawing, RedFlag
from intake.rules.strokes import parse
from tests.intake.factories import completed, invitation_with_token
from tests.intake.naughty import NAUGHTY
from tests.intake.test_bad_input import URLENCODED, encoded, on_the_wire
from tests.intake.test_strokes import HOSTILE

pytestmark = pytest.mark.django_db

WIRE = [on_the_wire(text) for text in NAUGHTY]
MARKUP = ("<script>alert", "<img src", "<svg/onload", "<iframe", "<plaintext>")
A_FEW = WIRE[::20]  # what goes the whole way; every text goes through the form


def each_through(form: type[forms.Form], name: str, *, most: int = 2000, **rest: Any) -> list[str]:
    """Every text through a form: taken as text that the database keeps as it is, or refused in words."""
    field, taken = form(**rest).fields[name], []
    for text in WIRE:
        try:
            taken.append(field.clean(text))
        except ValidationError as refused:
            assert all(len(words) > 10 for words in refused.messages)  # noqa: PT017
    shown = str(form({name: "".join(WIRE)}, **rest)[name])
    assert not any(markup in shown for markup in MARKUP)
    texts = [text for text in taken if isinstance(text, str)]
    assert all(len(text) <= most for text in texts)
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::text[]", [texts])
        assert cursor.fetchone() == (texts,)
    return texts


def test_what_was_done_about_a_flag(client: Browser, client_record: Client, therapist: User) -> None:
    assert len(each_through(AcknowledgeForm, "action_taken")) > 400
    completed(client_record, ces_bladder="yes")
    client.force_login(therapist)
    path = reverse("intake:flag-acknowledge", args=[RedFlag.objects.get().pk])
    words = " ".join(text for text in A_FEW if len(text) < 60)[:1900].replace("\x00", "")
    assert client.post(path, {"action_taken": "\x00"}).status_code == 422
    assert client.post(path, {"action_taken": words}).status_code == 302
    assert RedFlag.objects.get().action_taken.split() == words.split()
    page = client.get("/intake/flags/").content.decode()
    assert not any(markup in page for markup in MARKUP)


def test_the_wordings_of_consents(client: Browser, owner: User) -> None:
    assert len(each_through(ConsentTextForm, "text", most=20_000)) > 400
    each_through(ConsentTextForm, "title", most=80)
    each_through(ConsentTextForm, "language")
    client.force_login(owner)
    path = reverse("intake:consent-text-edit", args=["treatment", "en"])
    for text in A_FEW:
        body = encoded([("language", "en"), ("title", text), ("text", text)])
        assert client.post(path, body, content_type=URLENCODED).status_code in (302, 422)
    pages = client.get(reverse("intake:consent-text-list")).content + client.get(path).content
    assert not any(markup in pages.decode() for markup in MARKUP)


def test_who_answers_for_flags_and_what_a_tablet_is_called(client: Browser, owner: User, location: Location) -> None:
    each_through(FlagWatchForm, "escalate_after_minutes", location=location)
    each_through(FlagWatchForm, "responsible", location=location)
    each_through(TabletForm, "name", most=60, locations=Location.objects.all())
    each_through(TabletForm, "location", locations=Location.objects.all())
    client.force_login(owner)
    path = reverse("intake:flag-watch-edit", args=[location.pk])
    for text in A_FEW:
        body = encoded([("responsible", text), ("escalate_after_minutes", text)])
        assert client.post(path, body, content_type=URLENCODED).status_code == 422
    assert not FlagWatch.objects.exists()
    assert not KioskDevice.objects.exists()


def test_the_date_of_birth_at_the_gate(client: Browser, client_record: Client) -> None:
    each_through(BirthDateForm, "born_on")
    _invitation, token = invitation_with_token(client_record)
    for text in (text for text in A_FEW if "-" not in text and "/" not in text):
        answer = client.post(f"/i/{token}/", encoded([("born_on", text)]), content_type=URLENCODED)
        assert answer.status_code == 422
        assert not any(markup in answer.content.decode() for markup in MARKUP)
    assert client.post(f"/i/{token}/", {"born_on": "1967-08-04"}).status_code == 302, "and none of them was a try"


PARTS = ("region", "quality", "intensity", "course", "spread", "elsewhere", "stroke")


@pytest.mark.parametrize("part", PARTS)
def test_each_part_of_a_map_that_staff_draw(client: Browser, client_record: Client, therapist: User, part: str) -> None:
    client.force_login(therapist)
    path = reverse("intake:map-create", args=[client_record.pk])
    texts = [*WIRE[:: 12 * len(PARTS)], *(HOSTILE[:6] if part == "stroke" else ())]
    for text in texts:
        name = "pain-map.region" if part == "region" else f"pain-map.{part}.groin.left"
        data = [("pain-map.region", "groin.left"), ("pain-map.intensity.groin.left", "4"), (name, text)]
        before = PainDrawing.objects.count()
        answer = client.post(path, encoded(data), content_type=URLENCODED)
        assert answer.status_code in (302, 422)
        if answer.status_code == 422:
            page = answer.content.decode()
            assert PainDrawing.objects.count() == before
            assert 'data-mark="groin.left"' in page, "what could be read stands there"
            assert not any(markup in page for markup in MARKUP)


def test_every_odd_text_is_no_line_and_no_place() -> None:
    assert not body_map.all_keys() & {text.strip() for text in WIRE}
    for text in WIRE:
        for stroke in (
            text,
            json.dumps({"view": text, "lines": [[1, 2, 3, 4]]}),
            json.dumps({"view": "front", "lines": text}),
        ):
            try:
                read = parse(stroke)
            except ValueError as refused:
                assert "drawing" in str(refused)  # noqa: PT017
            else:
                assert read is None


def test_a_consent_signed_with_any_name_becomes_a_file(client_record: Client, location: Location) -> None:
    completed(client_record)
    consent = Consent.objects.filter(client=client_record).select_related("client")[0]
    short = "".join(f"{text} " for text in WIRE if len(text) < 40)
    for start in range(0, len(short), 1500):
        consent.signed_name, consent.title, consent.text = short[start:][:160], short[start:][:80], short[start:][:1500]
        assert pdf_of([consent], location=location).startswith(b"%PDF-")
