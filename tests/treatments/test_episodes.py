"""Episodes of care."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from clinic.core import clock
from clinic.core.errors import Conflict, Missing, NotAllowed, Refused
from clinic.people.models import Client, Location, User
from intake.models import Condition, Exercise, Questionnaire, Response
from treatments.models import Episode, Hypothesis, SessionNote
from treatments.outcomes.models import Score
from treatments.services import (
    close_episode,
    open_episode,
    prescribe,
    reopen_episode,
    state_hypothesis,
    stop_prescription,
)


def answered(client: Client, *, average: int, days_ago: float) -> Response:
    rows = [{"linkId": "strength", "item": [{"linkId": "nprs.average", "answer": [{"valueInteger": average}]}]}]
    return Response.objects.create(
        questionnaire=Questionnaire.objects.latest("before-visit"),
        client=client,
        status="completed",
        answers={"resourceType": "QuestionnaireResponse", "status": "completed", "item": rows},
        completed_at=clock.now() - dt.timedelta(days=days_ago),
    )


def test_an_episode_adopts_the_newest_pain_score_of_the_last_two_weeks_as_its_baseline(
    client_record: Client, condition: Condition, location: Location, therapist: User
) -> None:
    answered(client_record, average=8, days_ago=10)
    newest = answered(client_record, average=7, days_ago=2)
    episode = open_episode(client=client_record, condition=condition, side="right", location=location, by=therapist)
    score = Score.objects.get(episode=episode)
    assert (score.value, score.response, score.recorded_at) == (7, newest, newest.completed_at)


def test_answers_older_than_two_weeks_are_no_baseline(
    client_record: Client, condition: Condition, location: Location, therapist: User
) -> None:
    answered(client_record, average=8, days_ago=15)
    open_episode(client=client_record, condition=condition, side="right", location=location, by=therapist)
    assert not Score.objects.exists()


def test_one_episode_is_open_for_a_condition_and_side(episode: Episode, location: Location, therapist: User) -> None:
    with pytest.raises(Conflict):
        open_episode(client=episode.client, condition=episode.condition, side="right", location=location, by=therapist)
    open_episode(client=episode.client, condition=episode.condition, side="left", location=location, by=therapist)
    with pytest.raises(IntegrityError), transaction.atomic():
        Episode.objects.filter(side="left").update(side="right")


def test_only_who_treats_the_client_opens_an_episode(
    client_record: Client, condition: Condition, location: Location, front_desk: User, stranger: User
) -> None:
    for user, error in ((front_desk, NotAllowed), (stranger, Missing)):
        with pytest.raises(error):
            open_episode(client=client_record, condition=condition, side="none", location=location, by=user)


def test_closing_gives_a_reason_and_stops_the_exercises(
    signed: SessionNote, exercise: Exercise, therapist: User
) -> None:
    assert signed.episode
    given = prescribe(episode=signed.episode, exercise=exercise, by=therapist, sets=3, reps=10)
    closed = close_episode(episode=signed.episode, reason="discharged", by=therapist)
    given.refresh_from_db()
    assert given.stopped_at == closed.closed_at
    with pytest.raises(Conflict):
        close_episode(episode=closed, reason="stopped", by=therapist)
    assert reopen_episode(episode=closed, by=therapist).is_open


def test_an_episode_with_an_unsigned_note_stays_open(draft: SessionNote, therapist: User) -> None:
    assert draft.episode
    with pytest.raises(Refused):
        close_episode(episode=draft.episode, reason="discharged", by=therapist)


def test_an_episode_needs_a_reason_to_close(episode: Episode, therapist: User) -> None:
    with pytest.raises(Refused):
        close_episode(episode=episode, reason="because", by=therapist)


def test_confidence_may_change_and_what_was_thought_before_stays(
    episode: Episode, condition: Condition, therapist: User
) -> None:
    state_hypothesis(episode=episode, condition=condition, confidence_percent=40, by=therapist)
    state_hypothesis(
        episode=episode, condition=condition, confidence_percent=70, by=therapist, reason="Stance test positive"
    )
    assert [h.confidence_percent for h in Hypothesis.objects.filter(episode=episode)] == [70, 40]
    with pytest.raises(Refused):
        state_hypothesis(episode=episode, condition=condition, confidence_percent=101, by=therapist)
    with pytest.raises(Refused) as refused:
        state_hypothesis(episode=episode, condition=condition, confidence_percent=30, by=therapist)
    assert refused.value.code == "reason-missing"


def test_the_same_exercise_given_again_replaces_its_dose(episode: Episode, exercise: Exercise, therapist: User) -> None:
    first = prescribe(episode=episode, exercise=exercise, by=therapist, sets=2, reps=8)
    second = prescribe(episode=episode, exercise=exercise, by=therapist, sets=3, reps=10)
    assert list(episode.prescriptions.current()) == [second]
    first.refresh_from_db()
    assert (first.sets, first.stopped_at) == (2, second.prescribed_at)
    assert stop_prescription(prescription=second, by=therapist).stopped_at


def test_nobody_stops_an_exercise_of_a_client_they_do_not_see(
    episode: Episode, exercise: Exercise, therapist: User, stranger: User
) -> None:
    given = prescribe(episode=episode, exercise=exercise, by=therapist)
    with pytest.raises(Missing):
        stop_prescription(prescription=given, by=stranger)
