"""What the client says: taken over with one tap and marked as theirs; what changed, what makes it worse and better."""

import datetime as dt

import pytest
from django.test import Client as Browser

from clinic.core.errors import Refused, StaleVersion
from clinic.people.models import User
from intake.models import Questionnaire, Response
from tests.treatments.browsing import typed, url
from treatments.forms.subjective import SubjectiveForm
from treatments.models import Goal, SessionNote
from treatments.rules.subjective import merged, pairs, split_words
from treatments.services import answers, import_answers, remove_answers, save_draft

TOLD = {"told-sent": "1"}


@pytest.fixture
def answered(draft: SessionNote, monkeypatch: pytest.MonkeyPatch) -> Response:
    """A form the client completed just before the session; its words stand in for its reading."""
    before = draft.appointment.during.lower - dt.timedelta(minutes=30)
    form = Questionnaire.objects.filter(slug="follow-up").first() or Questionnaire.objects.first()
    monkeypatch.setattr(answers, "summary", lambda _r: [("Better with", "heat, walking"), ("Pain now", "2 of 10")])
    monkeypatch.setattr(answers, "nprs", lambda _r: {"now": 2, "worst": 7, "average": None})
    return Response.objects.create(client=draft.client, questionnaire=form, status="completed", completed_at=before)


def test_words_are_split_and_each_stands_once() -> None:
    assert split_words(" stairs, long drives;\nStairs ,, ") == ["stairs", "long drives"]
    assert merged(["Sitting"], ["sitting", "stairs"]) == ["Sitting", "stairs"]
    assert pairs([["a", 1], "nonsense", ["b"], None]) == [("a", "1")]


def test_the_clients_answers_are_taken_over_with_their_pain_and_marked_as_theirs(
    signed_in: Browser, draft: SessionNote, answered: Response, therapist: User
) -> None:
    draft = save_draft(note=draft, by=therapist, version=draft.version, changes={"pain_now": None})
    signed_in.post(url("note-save", draft.pk), typed(draft, action="answers:import"))
    note = SessionNote.objects.get(pk=draft.pk)
    assert note.answers_from == answered
    assert note.client_answers == [["Better with", "heat, walking"]]  # pain stands in its boxes
    assert (note.pain_now, note.pain_worst) == (2, 6)  # what somebody asked stays
    page = signed_in.get(url("note-edit", draft.pk)).content.decode()
    assert "In the client&#x27;s words, answered" in page or "In the client's words, answered" in page
    assert 'name="told-easers:Heat"' in page
    note = remove_answers(note=note, by=therapist, version=note.version)
    assert (note.client_answers, note.answers_from) == ([], None)


def test_there_is_nothing_to_take_over_where_nothing_was_answered(draft: SessionNote, therapist: User) -> None:
    with pytest.raises(Refused):
        import_answers(note=draft, by=therapist, version=draft.version)


def test_answers_are_not_taken_over_into_an_older_version(
    draft: SessionNote, answered: Response, therapist: User
) -> None:
    save_draft(note=draft, by=therapist, version=draft.version, changes={"pain_now": 9})
    save_draft(note=draft, by=therapist, version=draft.version + 1, changes={"pain_now": None})
    with pytest.raises(StaleVersion):
        import_answers(note=draft, by=therapist, version=draft.version)


def test_what_changed_is_saved_by_activity_and_read_back(signed_in: Browser, draft: SessionNote) -> None:
    assert draft.episode
    Goal.objects.create(episode=draft.episode, activity="Walk the dog")
    assert 'name="told-change:Walk the dog"' in signed_in.get(url("note-edit", draft.pk)).content.decode()
    chips = {"told-change:stairs": "better", "told-change:Walk the dog": "worse", "told-change:sleep": ""}
    words = {"told-aggravators:Stairs": "on", "told-aggravators-own": "long drives, Stairs", "told-easers-own": ""}
    signed_in.post(url("note-save", draft.pk), typed(draft, action="save", **TOLD, **chips, **words))
    note = SessionNote.objects.get(pk=draft.pk)
    assert note.changes == {"stairs": "better", "Walk the dog": "worse"}
    assert note.aggravators == ["Stairs", "long drives"]
    signed_in.post(url("note-save", draft.pk), typed(note, action="save"))  # a page without these boxes
    assert SessionNote.objects.get(pk=draft.pk).aggravators == ["Stairs", "long drives"]
    signed_in.post(url("note-sign", draft.pk), typed(note, action="save", **TOLD, **chips))
    page = signed_in.get(url("note-edit", draft.pk)).content.decode()
    assert "Walk the dog" in page


@pytest.mark.parametrize(
    "bad",
    [
        {"told-change:stairs": "maybe"},
        {"told-change:\x00": "better"},
        {"told-change:" + "x" * 121: "better"},
        {"told-easers:" + "x" * 121: "on"},
        {"told-easers-own": "a\x00b"},
        {"told-aggravators-own": ", ".join(f"word {n}" for n in range(41))},
    ],
)
def test_what_does_not_fit_is_named_and_the_rest_is_saved(draft: SessionNote, bad: dict[str, str]) -> None:
    form = SubjectiveForm({**TOLD, "told-change:sleep": "same", **bad}, note=draft)
    (part,) = form.errors
    assert part not in form.given()
    assert len(form.given()) == 2
