"""Episodes with scores on chosen days, as people answer them by link."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from clinic.core import clock
from clinic.people.models import Client, Location, User
from intake.models import Condition, Measure, Questionnaire, Response
from tests import factories
from treatments.models import Episode
from treatments.outcomes import services

Course = Callable[..., Episode]


@pytest.fixture
def nprs(db: None) -> Measure:
    return Measure.objects.get(code="nprs")


@pytest.fixture
def condition(db: None) -> Condition:
    return Condition.objects.get(code="greater-trochanteric-pain-syndrome")


@pytest.fixture
def other_condition(db: None) -> Condition:
    return Condition.objects.get(code="hip-osteoarthritis")


@pytest.fixture
def form(db: None) -> Questionnaire:
    return Questionnaire.objects.create(slug="pain-question", version=1, title="Pain", definition={})


def answer(episode: Episode, form: Questionnaire, at: dt.datetime) -> Response:
    return Response.objects.create(
        questionnaire=form, client=episode.client, status="completed", completed_at=at, answers={}
    )


@pytest.fixture
def course(condition: Condition, location: Location, therapist: User, form: Questionnaire, nprs: Measure) -> Course:
    """Opens an episode `days_ago` and scores it: {day: value}, counted from the opening."""

    def build(scores: Mapping[int, float], *, days_ago: int = 200, measure: str = "nprs", **fields: Any) -> Episode:
        client: Client = fields.pop("client", None) or factories.ClientFactory(
            locations=[fields.get("location", location)]
        )
        opened_at = clock.now() - dt.timedelta(days=days_ago)
        fields = {"condition": condition, "location": location, "therapist": therapist, "side": "left", **fields}
        episode = Episode.objects.create(client=client, opened_at=opened_at, **fields)
        for day, value in scores.items():
            at = opened_at + dt.timedelta(days=day)
            services.record_score(
                episode=episode,
                measure_code=measure,
                value=value,
                recorded_at=at,
                response=answer(episode, form, at),
            )
        return episode

    return build
