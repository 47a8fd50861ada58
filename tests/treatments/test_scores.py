"""Clients' own answers become scores of the right episode, once."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from clinic.core import clock
from clinic.people.models import Client, Room, User
from intake.answers import answers_of
from intake.form_cache import form_of
from intake.models import Condition, Measure, Questionnaire, Response
from intake.services import complete_response, open_drafts
from tests.intake.factories import draft, fill, invitation_with_token
from tests.intake.test_ready_forms import answer, before_visit, first_visit
from tests.intake.test_scoring import answered, instrument
from tests.treatments.conftest import WRITTEN, book
from treatments.models import Episode
from treatments.outcomes.models import EpisodeSummary, Score
from treatments.services import open_episode, open_note, record_answers, save_draft, sign_note
from treatments.tasks import score_answers

pytestmark = pytest.mark.django_db


@pytest.fixture
def begun(client_record: Client, therapist: User) -> Episode:
    """An episode opened right after the first-visit form."""
    first_visit(client_record)
    return opened(client_record, therapist)


def opened(client: Client, by: User, side: str = "right", **details: Any) -> Episode:
    (location,) = client.locations.all()
    condition = Condition.objects.get(code="gluteal-tendinopathy")
    return open_episode(client=client, condition=condition, side=side, location=location, by=by, **details)


def scores(episode: Episode) -> dict[str, list[Decimal]]:
    found: dict[str, list[Decimal]] = {}
    for score in Score.objects.filter(episode=episode).order_by("recorded_at").select_related("measure"):
        found.setdefault(score.measure.code, []).append(score.value)
    return found


def test_the_first_form_is_the_baseline_of_every_measure_in_it(begun: Episode) -> None:
    assert scores(begun) == {"nprs": [5], "psfs": [Decimal("3.5")]}


def test_the_newest_form_gives_a_measure_and_an_older_one_what_the_newest_has_not(
    client_record: Client, therapist: User
) -> None:
    first_visit(client_record)
    response = draft(client_record, "follow-up")
    answers = answers_of(response)
    answers.put("nprs.average", [2])
    fill(response, answers)
    complete_response(response=response)
    assert scores(opened(client_record, therapist)) == {"nprs": [2], "psfs": [Decimal("3.5")]}


def test_how_much_changed_before_an_episode_is_no_score_of_it(client_record: Client, therapist: User) -> None:
    first_visit(client_record)
    answer(before_visit(client_record), contraindications__same="same", groc=4)
    assert "groc" not in scores(opened(client_record, therapist))


def test_a_form_sent_during_an_episode_is_scored_by_the_next_sweep_and_once(
    begun: Episode, client_record: Client
) -> None:
    answer(before_visit(client_record), contraindications__same="same", groc=3)
    assert [score_answers(), score_answers()] == [1, 0]
    assert scores(begun) == {"nprs": [5, 5], "psfs": [Decimal("3.5"), Decimal("6.5")], "groc": [3]}


def test_of_two_open_episodes_the_note_of_the_visit_decides(
    begun: Episode, client_record: Client, therapist: User, room: Room
) -> None:
    other = opened(client_record, therapist, side="left")
    Score.objects.filter(episode=other).delete()
    response = answer(before_visit(client_record), contraindications__same="same", groc=3)
    assert score_answers() == 0
    session = book(client=client_record, therapist=therapist, room=room, starts_at=clock.now())
    session.invitation = response.invitation
    session.save()
    note = open_note(appointment=session, by=therapist)
    note = save_draft(note=note, by=therapist, version=note.version, changes={**WRITTEN, "episode": other})
    sign_note(note=note, by=therapist, version=note.version)
    assert scores(other)["groc"] == [3]
    assert "groc" not in scores(begun)


def test_answers_from_before_an_episode_are_left_to_its_baseline(client_record: Client, therapist: User) -> None:
    response = first_visit(client_record)
    long_ago = clock.now() - dt.timedelta(days=15)
    Response.objects.filter(pk=response.pk).update(completed_at=long_ago)
    episode = opened(client_record, therapist)
    assert score_answers() == 0
    assert scores(episode) == {}


def test_other_activities_are_not_compared_with_those_rated_first(begun: Episode, client_record: Client) -> None:
    renamed = first_visit(client_record, **{"psfs:0/psfs.activity": "Run a marathon"})
    record_answers(response=renamed, episode=begun)
    assert scores(begun) == {"nprs": [5, 5], "psfs": [Decimal("3.5")]}


def test_activities_better_by_the_threshold_count_as_responded_and_fewer_points_do_not(
    begun: Episode, client_record: Client
) -> None:
    """PSFS: higher is better, 2.3 points (Abbott and Schmitt, J Orthop Sports Phys Ther 2014)."""
    for week in (2, 4):
        response = answer(before_visit(client_record), contraindications__same="same")
        response.completed_at += dt.timedelta(weeks=week)
        record_answers(response=response, episode=begun)
    summary = EpisodeSummary.objects.get(episode=begun, measure__code="psfs")
    assert (summary.baseline, summary.latest, summary.change) == (Decimal("3.5"), Decimal("6.5"), 3)
    assert summary.has_reached_mcid


@pytest.mark.parametrize(("rating", "has_responded"), [(3, True), (2, False), (-3, False)])
def test_a_rating_of_change_counts_from_the_same_and_responds_from_plus_three(
    begun: Episode, client_record: Client, rating: int, has_responded: bool
) -> None:
    for _ in range(2):
        response = answer(before_visit(client_record), contraindications__same="same", groc=rating)
        record_answers(response=response, episode=begun)
    summary = EpisodeSummary.objects.get(episode=begun, measure__code="groc")
    assert (summary.baseline, summary.change, summary.score_count) == (0, rating, 2)
    assert summary.has_reached_mcid is has_responded


def test_a_follow_up_of_a_client_without_forms_counts_from_the_day_care_began(client_record: Client) -> None:
    invitation, _token = invitation_with_token(client_record, "follow-up", purpose="follow_up")
    (response,) = open_drafts(invitation=invitation, started_on=dt.date(2026, 3, 2))
    assert answers_of(response).one("groc.since") == dt.date(2026, 3, 2)


def test_an_instrument_the_practice_has_uploaded_is_scored_as_its_measure(
    begun: Episode, client_record: Client
) -> None:
    """LEFS, twenty items of three points each; the form itself names no measure."""
    definition = {key: value for key, value in instrument("lefs", 20).source.items() if key != "code"}
    Questionnaire.objects.create(
        slug="lefs",
        version=1,
        title="LEFS",
        definition=definition,
        origin="import",
        measure=Measure.objects.get(code="lefs"),
        status="published",
        published_at=clock.now(),
    )
    response = draft(client_record, "lefs")
    form = form_of(response.questionnaire)
    fill(response, answered(form, *[3] * 20))
    response = complete_response(response=response)
    assert response.scores == {"lefs": 60}
    assert score_answers() == 1
    assert scores(begun)["lefs"] == [60]
