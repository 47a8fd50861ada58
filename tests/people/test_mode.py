"""The demo's exceptions never reach a real practice, and a real practice never runs on the demo's password."""

import pytest
from celery import signals
from django.conf import LazySettings
from django.core.exceptions import ImproperlyConfigured
from django.test import Client as Browser

from clinic.celery import refuse_to_start_in_the_wrong_mode
from clinic.people.checks import mode_fits_the_database, refuse_wrong_mode
from clinic.people.models import Practice, Role, User
from tests import factories


def test_demo_mode_refuses_to_start_on_a_real_practice(practice: Practice, settings: LazySettings) -> None:
    settings.DEMO = True
    Practice.objects.update(is_demo=False)
    assert [error.id for error in mode_fits_the_database(databases=["default"])] == ["people.E001"]
    with pytest.raises(ImproperlyConfigured, match="real practice"):
        refuse_wrong_mode()


def test_a_real_practice_refuses_to_start_on_demo_data(practice: Practice, settings: LazySettings) -> None:
    settings.DEMO = False
    with pytest.raises(ImproperlyConfigured, match="demo practice"):
        refuse_wrong_mode()


@pytest.mark.parametrize("start", [signals.worker_init, signals.beat_init], ids=["worker", "beat"])
def test_neither_worker_nor_clock_starts_in_the_wrong_mode(practice: Practice, start: signals.Signal) -> None:
    Practice.objects.update(is_demo=False)
    assert refuse_to_start_in_the_wrong_mode in start._live_receivers(None)
    with pytest.raises(SystemExit, match="real practice"):
        refuse_to_start_in_the_wrong_mode()


@pytest.mark.parametrize("is_demo", [True, False])
def test_what_fits_starts(practice: Practice, settings: LazySettings, is_demo: bool) -> None:
    settings.DEMO = is_demo
    Practice.objects.update(is_demo=is_demo)
    assert mode_fits_the_database(databases=["default"]) == []
    refuse_wrong_mode()


def test_an_empty_database_starts_in_both(db: None, settings: LazySettings) -> None:
    for settings.DEMO in (True, False):
        refuse_wrong_mode()


@pytest.fixture
def demo_owner(practice: Practice) -> User:
    return factories.UserFactory(email="owner@example.org", roles=[Role.OWNER])


def test_one_tap_signs_in_as_the_role(client: Browser, demo_owner: User) -> None:
    assert client.post("/demo/sign-in/", {"role": "owner"}).status_code == 302
    assert client.get("/settings/").status_code == 200


@pytest.mark.parametrize("role", ["", "admin", "therapist", "owner@example.org"])
def test_other_roles_are_404(client: Browser, demo_owner: User, role: str) -> None:
    assert client.post("/demo/sign-in/", {"role": role}).status_code == 404


def test_outside_the_demo_there_is_no_one_tap(client: Browser, demo_owner: User, settings: LazySettings) -> None:
    settings.DEMO = False
    assert client.post("/demo/sign-in/", {"role": "owner"}).status_code == 404
    assert client.get("/demo/sign-in/").status_code == 404
    assert b"One tap" not in client.get("/accounts/login/").content


def test_with_a_real_practice_there_is_no_one_tap_even_in_demo_mode(client: Browser, demo_owner: User) -> None:
    Practice.objects.update(is_demo=False)
    assert client.post("/demo/sign-in/", {"role": "owner"}).status_code == 404
