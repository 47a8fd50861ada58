"""Letters of referral, episodes from the client's page, and what the page before a session says of them."""

import datetime as dt

import pytest
from django.db import DatabaseError, transaction
from django.test import Client as Browser
from django.urls import reverse

from clinic.core import clock
from clinic.core.errors import Conflict, NotAllowed, Refused
from clinic.people.models import Client, Room, User
from tests.treatments.conftest import WRITTEN, book
from treatments.models import Episode, LetterTemplate, Referral, SessionNote
from treatments.reads.letter import letter_pdf
from treatments.services import change_episode, open_note, save_draft, state_hypothesis
from treatments.services.referrals import save_letter_template, write_referral


@pytest.fixture
def template(owner: User) -> LetterTemplate:
    body = "Dear {to},\n\n{client} ({code}): {scores}\n\nRed flags: {flags}\n\nWhy: {reason}"
    return save_letter_template(name="To a colleague", body=body, by=owner)


def test_a_letter_begins_with_what_the_record_says_and_asks_for_its_reason(
    signed_in: Browser, template: LetterTemplate, signed: SessionNote, episode: Episode
) -> None:
    address = reverse("treatments:referral-create", args=[episode.pk])
    page = signed_in.get(f"{address}?template={template.pk}")
    body = page.context["form"].initial["body"]
    assert "Marcus Bell (M25.551): Average pain, 0 to 10: the same as at the start, now 4" in body
    assert "Red flags" not in body  # a paragraph with nothing to say
    typed = {"to_name": "Dr Mehta", "urgency": "soon", "action": "keep"}
    assert signed_in.post(address, {**typed, "body": body}).status_code == 422
    assert not Referral.objects.exists()
    preview = signed_in.post(address, {**typed, "body": body, "action": "preview"})
    assert (preview.status_code, Referral.objects.count()) == (200, 0)
    kept = signed_in.post(address, {**typed, "body": body.replace("[…]", "night pain"), "note": signed.pk})
    letter = Referral.objects.get()
    assert kept.url == reverse("treatments:referral-detail", args=[letter.pk])
    assert (letter.note, letter.urgency) == (signed, "soon")
    printed = signed_in.get(reverse("treatments:referral-pdf", args=[letter.pk]))
    assert printed.content.startswith(b"%PDF")
    assert b"Dr Mehta" in signed_in.get(reverse("people:client-detail", args=[episode.client_id])).content


def test_a_letter_never_changes(episode: Episode, therapist: User) -> None:
    letter = write_referral(episode=episode, to_name="Dr Mehta\n", body="See him. <b>\x07", by=therapist)
    assert letter_pdf(letter) == letter_pdf(letter)
    with pytest.raises(DatabaseError), transaction.atomic():
        Referral.objects.update(body="other")


@pytest.mark.parametrize(("to_name", "body"), [("", "words"), ("Dr Mehta", " "), ("Dr Mehta", "Why: […]")])
def test_a_letter_needs_somebody_and_words(episode: Episode, therapist: User, to_name: str, body: str) -> None:
    with pytest.raises(Refused):
        write_referral(episode=episode, to_name=to_name, body=body, by=therapist)


def test_a_template_names_only_what_can_be_filled_in(template: LetterTemplate, owner: User, therapist: User) -> None:
    for body in ("Dear {name},", "{client.phone}", "{", "{0}"):
        with pytest.raises(Refused):
            save_letter_template(name="Other", body=body, by=owner)
    with pytest.raises(Conflict):
        save_letter_template(name="To a colleague", body="{client}", by=owner)
    with pytest.raises(NotAllowed):
        save_letter_template(name="Other", body="{client}", by=therapist)


def test_an_episode_is_opened_from_the_clients_page_by_an_alias(
    signed_in: Browser, client_record: Client, drawing: object
) -> None:
    address = reverse("treatments:episode-create", args=[client_record.pk])
    page = signed_in.get(address)
    listed = page.content.decode()
    assert page.context["form"].initial["side"] == "right"
    assert listed.index("1 of 1 marked place") < listed.index("Hip osteoarthritis</option>")
    for wrong in ({"episode-named": "hip"}, {"episode-named": "no such thing"}, {}, {"episode-condition": "x"}):
        assert signed_in.post(address, {**wrong, "episode-side": "right"}).status_code == 422
    given = {"episode-named": " lateral HIP pain", "episode-side": "left", "episode-reassess_at_session": "4"}
    assert signed_in.post(address, given).status_code == 302
    episode = Episode.objects.get()
    assert (episode.condition.code, episode.icd10cm_code, episode.reassess_at_session) == (
        "greater-trochanteric-pain-syndrome",
        "M25.552",
        4,
    )
    assert signed_in.post(address, given).status_code == 409


def test_the_page_before_a_session_says_what_was_tried_and_when_to_think_again(
    signed_in: Browser, signed: SessionNote, episode: Episode, therapist: User, room: Room
) -> None:
    state_hypothesis(episode=episode, condition=episode.condition, confidence_percent=60, by=therapist)
    change_episode(episode=episode, condition=episode.condition, side="right", by=therapist, reassess_at_session=2)
    after = book(client=episode.client, therapist=therapist, room=room, starts_at=clock.now() + dt.timedelta(hours=1))
    page = signed_in.get(reverse("treatments:before", args=[after.pk])).content.decode()
    assert "Session 2 was the one to look again" in page
    assert "60%" in page
    note = open_note(appointment=after, by=therapist)
    note = save_draft(note=note, by=therapist, version=note.version, changes=WRITTEN)
    save = reverse("treatments:note-save", args=[note.pk])
    forms = {
        f"{name}-{count}_FORMS": "0" for name in ("tests", "points", "techniques") for count in ("TOTAL", "INITIAL")
    }
    typed = {**forms, "version": note.version, "episode": episode.pk, "pain_average": "4", "action": "look-again-later"}
    assert signed_in.post(save, {**typed, "again-session": "5"}).status_code == 422
    note.refresh_from_db()
    typed |= {"version": note.version, "again-session": "5", "again-reason": "Moved house"}
    assert signed_in.post(save, typed).status_code == 302
    note.refresh_from_db()
    episode.refresh_from_db()
    assert ("Moved house" in note.assessment, episode.reassess_at_session) == (True, 5)
