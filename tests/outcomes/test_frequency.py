"""The map of many: each episode once, in step with the drawings, no small count."""

import datetime as dt
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from clinic.core import clock
from clinic.people.models import Client, Location, User
from intake import body_map
from intake.models import Condition, PainDrawing
from tests import factories
from treatments.models import Episode
from treatments.outcomes.filters import Filters, Options
from treatments.outcomes.frequency import Frequency, frequency, to_csv
from treatments.outcomes.models import MarkTally
from treatments.outcomes.tallies import adopt_first_drawing, rebuild_tallies
from treatments.services import open_episode

Opened = Callable[..., Episode]


def drawing_of(client: Client, *keys: str, at: dt.datetime) -> PainDrawing:
    drawing = PainDrawing.objects.create(client=client, drawn_at=at)
    for key in keys:
        region, _dot, side = key.partition(".")
        drawing.marks.create(region=region, side=side or "midline", intensity=6)
    return drawing


@pytest.fixture
def opened(condition: Condition, location: Location, therapist: User) -> Opened:
    """An episode whose client drew `keys` the day before."""

    def build(*keys: str, days_ago: int = 30, **fields: object) -> Episode:
        place = fields.get("location", location)
        client = factories.ClientFactory(locations=[place])
        at = clock.now() - dt.timedelta(days=days_ago)
        drawing_of(client, *keys, at=at - dt.timedelta(days=1))
        known = {"condition": condition, "location": location, "therapist": therapist, "side": "left", **fields}
        episode = Episode.objects.create(client=client, opened_at=at, **known)
        adopt_first_drawing(episode=episode)
        return episode

    return build


def read(condition: Condition, user: User, **query: str) -> Frequency:
    options = Options.for_user(user)
    return frequency(condition=condition, filters=Filters.of(query, options), locations=options.locations)


def test_an_opened_episode_takes_the_newest_drawing_of_the_days_before_and_is_counted(
    condition: Condition, client_record: Client, location: Location, therapist: User
) -> None:
    now = clock.now()
    drawing_of(client_record, "groin.left", at=now - dt.timedelta(days=20))
    drawing_of(client_record, "groin.left", at=now - dt.timedelta(days=5))
    newest = drawing_of(client_record, "lateral-hip.left", "sacrum", at=now - dt.timedelta(days=2))
    episode = open_episode(client=client_record, condition=condition, side="left", location=location, by=therapist)
    assert episode.first_drawing == newest
    shown = read(condition, therapist)
    assert shown.episodes == 1
    assert {place.key: place.count for place in shown.places} == {"lateral-hip.left": 1, "sacrum": 1}


def test_an_old_drawing_is_not_the_first_of_a_new_episode(
    condition: Condition, client_record: Client, location: Location, therapist: User
) -> None:
    drawing_of(client_record, "groin.left", at=clock.now() - dt.timedelta(days=15))
    episode = open_episode(client=client_record, condition=condition, side="left", location=location, by=therapist)
    assert episode.first_drawing is None
    assert not MarkTally.objects.exists()


def test_counting_anew_gives_what_was_counted_one_by_one(opened: Opened, condition: Condition, therapist: User) -> None:
    for number in range(12):
        opened("lateral-hip.left", *(["groin.left"] if number % 2 else []), days_ago=20 * number + 1)
    columns = ("condition_id", "location_id", "month", "region", "side", "episodes", "rated", "intensity_sum")
    one_by_one = sorted(MarkTally.objects.values_list(*columns))
    rebuild_tallies()
    assert sorted(MarkTally.objects.values_list(*columns)) == one_by_one
    assert read(condition, therapist).episodes == 12


def test_counting_anew_finds_a_drawing_made_in_the_first_session(
    condition: Condition, client_record: Client, location: Location, therapist: User
) -> None:
    episode = open_episode(client=client_record, condition=condition, side="left", location=location, by=therapist)
    late = drawing_of(client_record, "groin.left", at=clock.now() + dt.timedelta(minutes=20))
    drawing_of(client_record, "groin.left", at=clock.now() + dt.timedelta(days=7))
    rebuild_tallies()
    episode.refresh_from_db()
    assert episode.first_drawing == late


def test_conditions_dates_and_locations_are_kept_apart(
    opened: Opened,
    condition: Condition,
    other_condition: Condition,
    other_location: Location,
    owner: User,
    therapist: User,
) -> None:
    opened("groin.left")
    opened("groin.left", days_ago=800)
    opened("groin.left", location=other_location)
    opened("groin.left", condition=other_condition)
    assert read(condition, owner).episodes == 2
    assert read(condition, owner, location=str(other_location.pk)).episodes == 1
    assert read(condition, therapist).episodes == 1
    assert read(condition, owner, **{"from": "2000-01-01"}).episodes == 3
    assert read(condition, owner, **{"from-month": "2000-01", "to-month": "2000-02"}).episodes == 0


def test_no_figure_below_ten_drawings_and_no_count_below_five(
    client: Browser, opened: Opened, condition: Condition, therapist: User
) -> None:
    client.force_login(therapist)
    path = reverse("outcomes:condition-map", args=[condition.code])
    for _number in range(9):
        opened("lateral-hip.left")
    assert "Not shown below 10 drawings" in client.get(path).content.decode()
    opened("lateral-hip.left", "groin.left")
    page = client.get(path).content.decode()
    assert "Outer hip, left" in page
    assert "fewer than 5" in page
    assert page.count('class="share"') == sum("lateral-hip.left" in view.regions for view in body_map.views().values())


def test_the_file_gives_away_neither_a_small_count_nor_its_complement(
    opened: Opened, condition: Condition, therapist: User
) -> None:
    for number in range(24):
        opened("lateral-hip.left", *(["groin.left"] if number < 20 else []), *(["sacrum"] if number < 3 else []))
    filters = Filters.of({}, Options.for_user(therapist))
    lines = to_csv(read(condition, therapist), condition, filters).splitlines()[1:]
    rows = {line.split(",")[1]: line.split(",")[3] for line in lines}
    assert rows == {"Outer hip": "24", "Groin crease": ">13", "Sacrum": "<11"}


def test_a_map_of_many_takes_one_query_and_little_time(
    opened: Opened, condition: Condition, therapist: User, django_assert_num_queries: Callable[..., Any]
) -> None:
    episode = opened("groin.left")
    MarkTally.objects.bulk_create(
        MarkTally(
            condition=condition,
            location=episode.location,
            month=dt.date(2020 + number // 120, 1 + number % 12, 1),
            region=f"region-{number}",
            side="left",
            episodes=20,
            rated=20,
            intensity_sum=100,
        )
        for number in range(600)
    )
    options = Options.for_user(therapist)
    filters = Filters.of({"from": "2000-01-01"}, options)
    began = time.perf_counter()
    with django_assert_num_queries(1):
        frequency(condition=condition, filters=filters, locations=options.locations)
    assert time.perf_counter() - began < 0.2
