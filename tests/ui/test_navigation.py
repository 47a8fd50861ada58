import pytest

from clinic.people.models import User
from clinic.ui.navigation import PLACES, current_key, places_for


def keys(user: User) -> list[str]:
    return [place["key"] for place in places_for(user, "")]


def test_an_owner_sees_every_place(owner):
    assert keys(owner) == [place.key for place in PLACES]


def test_the_front_desk_sees_no_notes_and_no_outcomes(front_desk):
    assert keys(front_desk) == ["today", "clients", "messages"]


def test_a_therapist_sees_notes_but_not_the_business(therapist):
    assert keys(therapist) == ["today", "clients", "notes", "messages", "outcomes"]


def test_every_place_has_an_address(owner):
    assert all(place["url"].startswith("/") for place in places_for(owner, ""))


@pytest.mark.parametrize(
    ("view_name", "place"),
    [
        ("scheduling:day", "today"),
        ("scheduling:practice", "practice"),
        ("people:client-detail", "clients"),
        ("people:room-edit", "settings"),
        ("scheduling:calendars", "settings"),
        ("treatments:note-edit", "notes"),
        ("outcomes:index", "outcomes"),
        ("account_login", ""),
    ],
)
def test_the_longest_beginning_of_a_views_name_says_where_one_is(view_name, place):
    assert current_key(view_name) == place
