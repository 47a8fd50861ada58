"""The pages of treatment beside the editor: before a session, lists, episodes, and who sees them."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from clinic.audit.models import Event
from clinic.core import clock
from clinic.people.models import Alert, Client, Room, User
from intake.models import Condition, Exercise, PainDrawing, PainMark
from scheduling.models import Appointment
from tests.treatments.browsing import as_user, typed, url
from tests.treatments.conftest import book
from treatments.models import Episode, SessionNote
from treatments.services import open_note


def test_the_page_before_a_session_shows_alerts_map_plan_and_cited_prompts(
    signed_in: Browser, signed: SessionNote, drawing: PainDrawing, room: Room, therapist: User
) -> None:
    Alert.objects.create(client=signed.client, kind="contraindication", effect="modify", label="Takes a blood thinner")
    page = signed_in.get(url("before", signed.appointment_id))
    text = page.content.decode()
    assert page.status_code == 200
    for expected in ("Takes a blood thinner", "Prompts, not a diagnosis.", "Gluteus medius", "4 sources"):
        assert expected in text


def test_reading_the_page_before_a_session_is_an_audit_event(
    signed_in: Browser, appointment: Appointment, therapist: User
) -> None:
    signed_in.get(url("before", appointment.pk))
    event = Event.objects.get(action="appointment.read")
    assert (event.actor_id, event.client_id) == (therapist.pk, appointment.client_id)


def test_prompts_say_nothing_of_likelihood(signed_in: Browser, appointment: Appointment, drawing: PainDrawing) -> None:
    text = signed_in.get(url("before", appointment.pk)).content.decode().lower()
    assert "no likelihood" in text
    assert "probab" not in text
    assert "most likely" not in text


def test_a_colleague_reads_a_draft_and_cannot_write_it(draft: SessionNote, other_therapist: User) -> None:
    browser = as_user(other_therapist)
    page = browser.get(url("note-edit", draft.pk))
    assert page.status_code == 200
    assert "note-form" not in page.content.decode()
    assert browser.post(url("note-save", draft.pk), typed(draft, plan="Mine")).status_code == 403
    assert browser.post(url("note-sign", draft.pk), typed(draft)).status_code == 403


def test_the_front_desk_sees_no_note(draft: SessionNote, front_desk: User, exercise: Exercise) -> None:
    browser = as_user(front_desk)
    pages = [
        url("before", draft.appointment_id),
        url("note-list"),
        url("note-edit", draft.pk),
        url("episode-detail", draft.episode_id),
        url("client-episodes", draft.client_id),
    ]
    assert [browser.get(page).status_code for page in pages] == [403] * len(pages)
    actions = [("note-open", draft.appointment_id), ("note-save", draft.pk), ("note-sign", draft.pk)]
    assert [browser.post(url(name, pk), {}).status_code for name, pk in actions] == [403] * len(actions)


def test_what_is_elsewhere_does_not_exist(signed: SessionNote, stranger: User) -> None:
    browser = as_user(stranger)
    reads = [
        url("before", signed.appointment_id),
        url("note-edit", signed.pk),
        url("episode-detail", signed.episode_id),
        url("client-episodes", signed.client_id),
    ]
    assert [browser.get(page).status_code for page in reads] == [404] * len(reads)
    writes = ["note-save", "note-sign", "note-draft", "note-addendum"]
    headers = {"If-Match": "1"}
    assert [browser.post(url(n, signed.pk), {}, headers=headers).status_code for n in writes] == [404] * len(writes)
    assert signed.client.full_name not in browser.get(url("note-list")).content.decode()


def test_the_list_begins_with_what_is_not_signed(
    signed_in: Browser, signed: SessionNote, client_record: Client, therapist: User, room: Room
) -> None:
    later = book(client=client_record, therapist=therapist, room=room, starts_at=clock.now())
    draft = open_note(appointment=later, by=therapist)
    page = signed_in.get(url("note-list"))
    assert [note.pk for note in page.context["page"]] == [draft.pk, signed.pk]
    only = signed_in.get(url("note-list"), {"status": "signed"})
    assert [note.pk for note in only.context["page"]] == [signed.pk]


@pytest.mark.parametrize("query", ["?client=x&therapist=y&status=z&page=-1", "?page=9999", "?client=", "?therapist="])
def test_filters_that_make_no_sense_are_harmless(signed_in: Browser, signed: SessionNote, query: str) -> None:
    assert signed_in.get(f"{url('note-list')}{query}").status_code == 200


def test_an_empty_list_says_what_to_do(signed_in: Browser) -> None:
    assert "A note begins from a session" in signed_in.get(url("note-list")).content.decode()


def test_an_episode_is_closed_and_opened_again_from_its_page(signed_in: Browser, signed: SessionNote) -> None:
    assert signed_in.post(url("episode-close", signed.episode_id), {}).status_code == 422
    signed_in.post(url("episode-close", signed.episode_id), {"reason": "discharged"})
    assert not Episode.objects.get(pk=signed.episode_id).is_open
    signed_in.post(url("episode-reopen", signed.episode_id))
    assert Episode.objects.get(pk=signed.episode_id).is_open


def test_a_hypothesis_is_stated_on_the_episodes_page(
    signed_in: Browser, episode: Episode, condition: Condition
) -> None:
    wrong = {"condition": str(condition.pk), "confidence_percent": "101"}
    assert signed_in.post(url("hypothesis-state", episode.pk), wrong).status_code == 422
    signed_in.post(url("hypothesis-state", episode.pk), {**wrong, "confidence_percent": "70", "reason": "Stance"})
    assert "70%" in signed_in.get(url("episode-detail", episode.pk)).content.decode()


def test_all_episodes_of_a_client_stand_on_a_page(signed_in: Browser, signed: SessionNote) -> None:
    assert str(signed.episode) in signed_in.get(url("client-episodes", signed.client_id)).content.decode()


def _count(browser: Browser, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(path).status_code == 200
    return len(queries)


def _history(note: SessionNote, room: Room, *, days: range) -> None:
    """Earlier visits of the same client, each with a drawing and a note."""
    for ago in days:
        day = clock.now() - dt.timedelta(days=ago)
        past = book(client=note.client, therapist=note.therapist, room=room, starts_at=day)
        drawn = PainDrawing.objects.create(client=note.client, drawn_at=day)
        PainMark.objects.create(drawing=drawn, region="groin", side="left", intensity=3)
        SessionNote.objects.create(
            appointment=past, client=note.client, therapist=note.therapist, episode=note.episode, plan="Walk"
        )


@pytest.mark.parametrize("page", ["before", "note-edit", "note-list", "episode-detail", "client-episodes"])
def test_a_page_takes_as_many_queries_for_a_long_history_as_for_a_short_one(
    signed_in: Browser, draft: SessionNote, room: Room, page: str
) -> None:
    targets = {
        "before": draft.appointment_id,
        "note-edit": draft.pk,
        "note-list": None,
        "episode-detail": draft.episode_id,
        "client-episodes": draft.client_id,
    }
    _history(draft, room, days=range(2, 5))
    path = url(page, targets[page])
    _count(signed_in, path)
    few = _count(signed_in, path)
    _history(draft, room, days=range(5, 30))
    assert _count(signed_in, path) == few
