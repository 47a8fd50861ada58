"""GET /healthz: ok only when everything is, cheap, and silent about the rest."""

import os
import uuid
from collections.abc import Iterator

import pytest
from celery import signals
from django.conf import settings
from django.db import OperationalError, connection
from django.test import Client, override_settings
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from redis import Redis

from clinic import heartbeat, tasks
from clinic.celery import app

ALL_WELL = dict.fromkeys(("status", "database", "broker", "worker", "beat"), "ok")


@pytest.fixture(autouse=True)
def _own_signs_of_life(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PALPATE_RUN", uuid.uuid4().hex)


@pytest.fixture
def broker_that_is_gone() -> Iterator[None]:
    backend = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    with override_settings(CACHES=settings.CACHES | {"broker": backend}):
        yield


def health(client: Client) -> tuple[int, dict[str, str]]:
    answer = client.get("/healthz")
    return answer.status_code, answer.json()


@pytest.mark.django_db
def test_all_is_well_when_every_part_works(client: Client) -> None:
    for part in heartbeat.PARTS:
        heartbeat.mark(part)
    assert health(client) == (200, ALL_WELL)


@pytest.mark.django_db
@pytest.mark.parametrize("part", heartbeat.PARTS)
def test_a_silent_part_is_named(part: str, client: Client) -> None:
    for other in set(heartbeat.PARTS) - {part}:
        heartbeat.mark(other)
    silent = {"status": "unavailable", part: "no sign of life for 30 seconds"}
    assert health(client) == (503, ALL_WELL | silent)


def test_signs_of_life_expire() -> None:
    redis = Redis.from_url(settings.REDIS_URL.replace("redis+socket://", "unix://"))
    heartbeat.mark("worker")
    (key,) = redis.keys(f"*alive:{os.environ['PALPATE_RUN']}:worker")
    assert 25 <= redis.ttl(key) <= heartbeat.LASTS_SECONDS


@pytest.mark.django_db
def test_signs_of_life_of_an_earlier_start_do_not_count(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for part in heartbeat.PARTS:
        heartbeat.mark(part)
    monkeypatch.setenv("PALPATE_RUN", "the-next-start")
    assert health(client)[0] == 503


@pytest.mark.django_db
def test_a_broker_that_is_gone_is_named(client: Client, broker_that_is_gone: None) -> None:
    gone = {"status": "unavailable", "broker": "unreachable", "worker": "unknown", "beat": "unknown"}
    assert health(client) == (503, ALL_WELL | gone)


@pytest.mark.django_db
def test_a_database_that_is_gone_is_named(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for part in heartbeat.PARTS:
        heartbeat.mark(part)

    def gone() -> None:
        raise OperationalError("no server; password=secret")

    with monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", gone)
        patch.setattr(connection, "close", lambda: None)
        assert health(client) == (503, ALL_WELL | {"status": "unavailable", "database": "unreachable"})


@pytest.mark.django_db
def test_it_costs_one_query(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        client.get("/healthz")


@pytest.mark.django_db
def test_it_is_never_cached_and_only_read(client: Client) -> None:
    assert "no-store" in client.get("/healthz")["Cache-Control"]
    assert client.post("/healthz").status_code == 405
    assert reverse("healthz") == "/healthz"


def test_a_heartbeat_goes_out_every_few_seconds_and_is_worthless_when_late() -> None:
    entry = app.conf.beat_schedule["heartbeat"]
    assert entry["schedule"] == heartbeat.EVERY_SECONDS < heartbeat.EXPIRES_SECONDS < heartbeat.LASTS_SECONDS
    assert entry["options"]["expires"] == heartbeat.EXPIRES_SECONDS


def test_the_worker_carries_the_heartbeat_out_and_leaves_its_sign() -> None:
    tasks.heartbeat()
    assert heartbeat.alive() == {"worker"}


def test_sending_the_heartbeat_is_beats_sign() -> None:
    signals.after_task_publish.send(sender="another task")
    assert heartbeat.alive() == set()
    signals.after_task_publish.send(sender=heartbeat.TASK)
    assert heartbeat.alive() == {"beat"}
