from zoneinfo import available_timezones

import pytest
from django.test import Client
from django.utils.translation import gettext

from tests.ui.pseudo import database_words, marked, untranslated

SAMPLE_PEOPLE = ["Joan Whitlock", "Marcus Bell", "Marta Bellini", "Ida Moreno", "Abel Girma", "joan", "soon"]


def test_a_word_that_was_not_translated_is_found():
    with marked():
        html = f'<p>{gettext("Save")} now</p><input placeholder="Find"><code>ignored</code><b translate="no">Joan</b>'
    assert untranslated(html) == ["now", "Find"]


def test_names_from_the_database_are_no_words_of_ours(practice):
    assert untranslated(f"<h1>{practice.name}</h1>", database_words()) == []


@pytest.mark.parametrize("path", ["/styleguide/", "/nowhere/", "/accounts/login/", "/accounts/password/reset/"])
def test_every_word_outside_the_rail_is_translated(practice, path):
    with marked():
        html = Client().get(path).content.decode()
    assert untranslated(html, [*database_words(), *SAMPLE_PEOPLE]) == []


def test_every_word_of_the_rail_is_translated(client, owner):
    client.force_login(owner)
    with marked():
        html = client.get("/nowhere/").content.decode()
    assert untranslated(html, database_words()) == []


STAFF_PAGES = [
    "/calendar/",
    "/appointments/new/",
    "/clients/",
    "/clients/new/",
    "/notes/",
    "/messages/",
    "/messages/wordings/",
    "/mailbox/",
    "/outcomes/",
    "/practice/",
    "/intake/flags/",
    "/account/",
    "/settings/",
    "/settings/practice/",
    "/settings/locations/",
    "/settings/locations/new/",
    "/settings/rooms/",
    "/settings/rooms/new/",
    "/settings/staff/",
    "/settings/staff/new/",
    "/settings/services/",
    "/settings/services/new/",
    "/settings/hours/",
    "/settings/time-off/",
    "/settings/forms/",
]


@pytest.mark.parametrize("path", STAFF_PAGES)
def test_every_word_of_a_staff_page_is_translated(client, owner, client_record, path):
    client.force_login(owner)
    with marked():
        response = client.get(path)
    assert response.status_code == 200
    assert untranslated(response.content.decode(), [*database_words(), *available_timezones()]) == []
