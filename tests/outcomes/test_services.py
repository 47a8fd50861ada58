"""Scores and the summaries kept with them."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import transaction

from clinic.core import clock
from clinic.core.errors import Conflict, Refused
from intake.models import Questionnaire
from tests.outcomes.conftest import Course, answer
from treatments.outcomes import services
from treatments.outcomes.models import EpisodeSummary, Score


def test_a_score_brings_the_summary_up_to_date(course: Course) -> None:
    episode = course({0: 7, 14: 6, 42: 4, 91: 3})
    summary = EpisodeSummary.objects.get(episode=episode)
    assert (summary.baseline, summary.latest, summary.best, summary.change) == (7, 3, 3, -4)
    assert (summary.at_w2, summary.at_w4, summary.at_w6, summary.at_m3) == (6, None, 4, 3)
    assert summary.has_reached_mcid
    assert summary.mcid_reached_at == episode.opened_at + dt.timedelta(days=42)
    assert summary.score_count == 4


def test_scores_that_arrive_out_of_order_give_the_same_summary(course: Course) -> None:
    episode = course({91: 3, 0: 7, 42: 4})
    summary = EpisodeSummary.objects.get(episode=episode)
    assert (summary.baseline, summary.latest, summary.at_w6) == (7, 3, 4)


def test_summary_and_score_are_written_together_or_not_at_all(course: Course, form: Questionnaire) -> None:
    episode = course({0: 7})
    with transaction.atomic():
        now = clock.now()
        services.record_score(
            episode=episode, measure_code="nprs", value=2, recorded_at=now, response=answer(episode, form, now)
        )
        transaction.set_rollback(True)
    assert EpisodeSummary.objects.get(episode=episode).latest == 7
    assert Score.objects.count() == 1


@pytest.mark.parametrize("value", [-1, 11, 10.5])
def test_a_value_outside_the_scale_is_refused(course: Course, form: Questionnaire, value: float) -> None:
    episode, now = course({}), clock.now()
    with pytest.raises(Refused):
        services.record_score(
            episode=episode, measure_code="nprs", value=value, recorded_at=now, response=answer(episode, form, now)
        )


def test_a_score_without_a_source_or_of_an_unknown_measure_is_refused(course: Course, form: Questionnaire) -> None:
    episode, now = course({}), clock.now()
    with pytest.raises(Refused):
        services.record_score(episode=episode, measure_code="nprs", value=3, recorded_at=now)
    with pytest.raises(Refused):
        services.record_score(
            episode=episode, measure_code="luck", value=3, recorded_at=now, response=answer(episode, form, now)
        )


def test_the_same_answer_scores_once(course: Course, form: Questionnaire) -> None:
    episode, now = course({}), clock.now()
    given = answer(episode, form, now)
    services.record_score(episode=episode, measure_code="nprs", value=3, recorded_at=now, response=given)
    with pytest.raises(Conflict):
        services.record_score(episode=episode, measure_code="nprs", value=4, recorded_at=now, response=given)
    assert Score.objects.get().value == 3


def test_rebuilding_gives_what_recording_gave(course: Course) -> None:
    episodes = [course({0: 7, 42: 4, 91: 3}), course({0: 5}), course({10: 5}), course({})]
    fields = services.SUMMARY_FIELDS
    before = {row.pop("episode"): row for row in EpisodeSummary.objects.values("episode", *fields)}
    EpisodeSummary.objects.all().delete()
    assert services.rebuild_summaries(episodes=episodes, measure_code="nprs") == 4
    after = {row.pop("episode"): row for row in EpisodeSummary.objects.values("episode", *fields)}
    assert {pk: after[pk] for pk in before} == before
    EpisodeSummary.objects.update(baseline=Decimal(1))
    services.rebuild_summaries(episodes=episodes, measure_code="nprs")
    assert EpisodeSummary.objects.get(episode=episodes[0]).baseline == 7


def test_rebuilding_many_asks_no_more_than_rebuilding_few(
    course: Course, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    episodes = [course({0: 7, 42: 4}) for _ in range(12)]
    with django_assert_num_queries(6):  # type: ignore[operator]
        services.rebuild_summaries(episodes=episodes[:2], measure_code="nprs")
    with django_assert_num_queries(6):  # type: ignore[operator]
        services.rebuild_summaries(episodes=episodes, measure_code="nprs")
