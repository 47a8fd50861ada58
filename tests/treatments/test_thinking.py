"""Goals and their ratings, hypotheses of a note, and a visit that serves two episodes."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client as Browser
from django.urls import reverse

from clinic.core.errors import Conflict, Missing, NotAllowed, Refused
from clinic.people.models import Client, Location, User
from intake.models import Condition
from tests.intake.test_ready_forms import ACTIVITIES, first_visit
from treatments.models import Episode, SessionNote
from treatments.outcomes.models import EpisodeSummary, Score
from treatments.services import (
    add_goal,
    adopt_goals,
    change_episode,
    close_episode,
    drop_goal,
    open_episode,
    save_draft,
    sign_note,
    state_hypothesis,
)


@pytest.fixture
def second(client_record: Client, location: Location, therapist: User) -> Episode:
    back = Condition.objects.get(code="lumbar-referred-leg-pain")
    return open_episode(client=client_record, condition=back, side="none", location=location, by=therapist)


def scored(episode: Episode) -> dict[str, float]:
    return {row.measure.code: float(row.value) for row in Score.objects.filter(episode=episode)}


def test_an_episode_opens_with_the_code_of_its_side(episode: Episode) -> None:
    assert episode.icd10cm_code == "M25.551"


def test_another_side_turns_the_code_and_another_condition_brings_its_own(episode: Episode, therapist: User) -> None:
    changed = change_episode(episode=episode, condition=episode.condition, side="left", by=therapist)
    assert changed.icd10cm_code == "M25.552"
    sciatica = Condition.objects.get(code="sciatica")
    changed = change_episode(episode=episode, condition=sciatica, side="left", by=therapist)
    assert changed.icd10cm_code == "M54.32"
    chosen = change_episode(episode=episode, condition=sciatica, side="left", by=therapist, icd10cm_code="M54.42")
    assert chosen.icd10cm_code == "M54.42"
    with pytest.raises(Refused):
        change_episode(episode=episode, condition=sciatica, side="left", by=therapist, icd10cm_code="M25.551")


def test_an_episode_cannot_become_its_open_twin_nor_change_once_closed(
    episode: Episode, second: Episode, therapist: User, stranger: User
) -> None:
    with pytest.raises(Conflict):
        change_episode(episode=second, condition=episode.condition, side="right", by=therapist)
    with pytest.raises(Missing):
        change_episode(episode=second, condition=second.condition, side="left", by=stranger)
    closed = close_episode(episode=second, reason="stopped", by=therapist)
    with pytest.raises(Conflict):
        change_episode(episode=closed, condition=second.condition, side="left", by=therapist)


def test_the_mean_of_the_rated_activities_is_a_score_of_the_signed_note(
    draft: SessionNote, episode: Episode, therapist: User
) -> None:
    stairs, run = (add_goal(episode=episode, activity=name, by=therapist) for name in ("Stairs", "Run"))
    ratings = {str(stairs.pk): 4, str(run.pk): 5}
    note = save_draft(note=draft, by=therapist, version=draft.version, changes={"goal_ratings": ratings})
    assert save_draft(note=note, by=therapist, version=1, changes={"goal_ratings": ratings}).version == note.version
    sign_note(note=note, by=therapist, version=note.version)
    assert scored(episode) == {"nprs": 4, "psfs": 4.5}
    with pytest.raises(Conflict):
        save_draft(note=note, by=therapist, version=note.version + 1, changes={"goal_ratings": {}})


def test_the_clients_own_activities_become_goals_with_their_ratings(
    signed_in: Browser, draft: SessionNote, episode: Episode, therapist: User
) -> None:
    address = reverse("treatments:note-edit", args=[draft.pk])
    with pytest.raises(Refused):
        adopt_goals(episode=episode, by=therapist)
    first_visit(episode.client)
    assert b"take-goals" in signed_in.get(address).content
    goals = adopt_goals(episode=episode, by=therapist)
    assert [(goal.activity, goal.ratings.get().rating) for goal in goals] == [(ACTIVITIES[0], 3), (ACTIVITIES[1], 4)]
    assert adopt_goals(episode=episode, by=therapist) == []
    page = signed_in.get(address).content.decode()
    assert ACTIVITIES[0] in page
    assert "take-goals" not in page


def test_goals_are_five_named_once_and_of_an_open_episode(
    draft: SessionNote, episode: Episode, second: Episode, therapist: User, front_desk: User
) -> None:
    goals = [add_goal(episode=episode, activity=f"Goal {n}", by=therapist) for n in range(4)]
    with pytest.raises(Conflict):
        add_goal(episode=episode, activity=" goal  0", by=therapist)
    add_goal(episode=episode, activity="Goal 4", by=therapist)
    with pytest.raises(Refused):
        add_goal(episode=episode, activity="One more", by=therapist)
    drop_goal(goal=goals[0], by=therapist)
    assert add_goal(episode=episode, activity="Goal 0", by=therapist)
    with pytest.raises(NotAllowed):
        add_goal(episode=second, activity="Walk", by=front_desk)
    foreign = add_goal(episode=second, activity="Walk", by=therapist)
    for ratings in ({str(foreign.pk): 5}, {str(goals[1].pk): 11}):
        with pytest.raises(Refused):
            save_draft(note=draft, by=therapist, version=draft.version, changes={"goal_ratings": ratings})


def test_a_visit_serves_two_episodes_and_scores_both(
    draft: SessionNote, episode: Episode, second: Episode, therapist: User
) -> None:
    note = save_draft(note=draft, by=therapist, version=draft.version, changes={"other_episode": second})
    with pytest.raises(Refused) as refused:
        sign_note(note=note, by=therapist, version=note.version)
    assert refused.value.details["missing"] == ["other-pain"]
    with pytest.raises(Refused):
        close_episode(episode=second, reason="discharged", by=therapist)
    note = save_draft(note=note, by=therapist, version=note.version, changes={"other_pain_average": 6})
    sign_note(note=note, by=therapist, version=note.version)
    assert (scored(episode), scored(second)) == ({"nprs": 4}, {"nprs": 6})
    assert EpisodeSummary.objects.get(episode=second).session_count == 1
    assert list(SessionNote.objects.of_episode(second)) == [note]


def test_a_second_episode_is_another_open_one_of_the_same_client(
    draft: SessionNote, episode: Episode, second: Episode, therapist: User
) -> None:
    close_episode(episode=second, reason="stopped", by=therapist)
    second.refresh_from_db()
    for wrong in (episode, second):
        with pytest.raises(Refused):
            save_draft(note=draft, by=therapist, version=draft.version, changes={"other_episode": wrong})
    with pytest.raises(IntegrityError), transaction.atomic():
        SessionNote.objects.filter(pk=draft.pk).update(other_episode=episode)


def test_a_hypothesis_of_a_note_is_stated_before_it_is_signed(
    draft: SessionNote, episode: Episode, second: Episode, therapist: User, other_therapist: User
) -> None:
    said = state_hypothesis(
        episode=episode, condition=episode.condition, confidence_percent=60, by=therapist, note=draft
    )
    again = state_hypothesis(
        episode=episode, condition=episode.condition, confidence_percent=60, by=therapist, note=draft
    )
    assert again == said
    for kwargs, error in (
        ({"by": other_therapist}, NotAllowed),
        ({"by": therapist, "episode": second}, Refused),
    ):
        with pytest.raises(error):
            state_hypothesis(
                **{"episode": episode, "condition": second.condition, "confidence_percent": 10, "note": draft} | kwargs  # type: ignore[arg-type]
            )
    sign_note(note=draft, by=therapist, version=draft.version)
    with pytest.raises(Conflict):
        state_hypothesis(episode=episode, condition=second.condition, confidence_percent=10, by=therapist, note=draft)
