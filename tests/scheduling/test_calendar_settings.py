"""The pages and the API of calendars that leave the house, and of those that come in."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clinic.people import vault
from clinic.people.models import Room, User
from scheduling.models import CalendarFeed, OutsideCalendar
from scheduling.services import outside_calendars
from scheduling.services.feeds import open_own_feed, open_room_feed
from tests.scheduling.conftest import berlin

pytestmark = pytest.mark.django_db
OWN, ALL = "/account/calendars/", "/settings/calendars/"
SECRET = "https://calendar.example.org/secret.ics"


@pytest.fixture
def me(client: Browser, therapist: User) -> Browser:
    client.force_login(therapist)
    return client


@pytest.fixture
def boss(owner: User) -> Browser:
    browser = Browser()
    browser.force_login(owner)
    return browser


def text(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def address_in(page: str) -> str:
    found = re.search(r'value="http[^"]*(/feeds/[\w-]{43}\.ics)"', page)
    assert found
    return found[1]


def test_a_therapist_makes_an_address_sees_it_once_and_ends_it(me: Browser) -> None:
    made = me.post(OWN, {"label": "My phone"})
    assert (made.status_code, made["Cache-Control"].split(",")[0]) == (201, "max-age=0")
    address = address_in(made.content.decode())
    assert Browser().get(address).status_code == 200
    page = me.get(OWN).content.decode()
    assert "My phone" in page
    assert address not in page
    end = reverse("scheduling:feed-end", args=[CalendarFeed.objects.get().pk])
    assert "answers nobody" in text(me.get(end))
    assert CalendarFeed.objects.get().revoked_at is None
    assert me.post(end)["Location"] == OWN
    assert Browser().get(address).status_code == 404
    assert "My phone" not in me.get(OWN).content.decode().partition("<main")[2].partition("table")[2]


def test_the_owner_makes_those_of_rooms_and_ends_any(boss: Browser, therapist: User, room: Room) -> None:
    open_own_feed(label="Amina’s phone", by=therapist)
    made = boss.post(ALL, {"room": room.pk, "label": "Door plate"})
    assert made.status_code == 201
    assert Browser().get(address_in(made.content.decode())).status_code == 200
    page = text(boss.get(ALL))
    assert "Amina’s phone" in page
    assert "Door plate" in page
    for feed in CalendarFeed.objects.all():
        assert boss.post(reverse("scheduling:feed-end", args=[feed.pk]))["Location"] == ALL
    assert not CalendarFeed.objects.live().exists()


def test_what_is_missing_is_said_and_what_was_typed_stays(me: Browser, boss: Browser, room: Room) -> None:
    assert me.post(OWN, {"label": " "}).status_code == 422
    typed = {"address": "http://calendar.example.org/a.ics", "label": "Home"}
    page = me.post(f"{OWN}new/", typed)
    assert page.status_code == 422
    assert "must begin with https://" in text(page)
    assert 'value="http://calendar.example.org/a.ics"' in page.content.decode()
    assert boss.post(ALL, {"room": "x", "label": "Door"}).status_code == 422
    assert not CalendarFeed.objects.exists()


def test_a_calendar_elsewhere_is_added_shows_its_state_and_is_removed(
    me: Browser, boss: Browser, at: Callable[[dt.datetime], None]
) -> None:
    assert me.post(f"{OWN}new/", {"address": SECRET, "label": "Home"}).status_code == 302
    calendar = OutsideCalendar.objects.get()
    pages = [OWN, ALL]

    def says(words: str) -> bool:
        shown = [text(browser.get(path)) for browser, path in zip((me, boss), pages, strict=True)]
        assert not any("secret.ics" in page for page in shown)
        return all(words in page for page in shown)

    assert says("Waiting to be read")
    OutsideCalendar.objects.update(trouble="too-slow", failures=1, tried_at=berlin(1, 8))
    assert says("The server takes too long.")
    assert says("tried 1 Jun, 08:00")
    at(berlin(1, 8, 10))
    read = reverse("scheduling:outside-calendar-read", args=[calendar.pk])
    assert me.post(read)["Location"] == OWN
    assert outside_calendars.claim(now=berlin(1, 8, 10)) == calendar
    OutsideCalendar.objects.update(trouble="", fetched_at=berlin(1, 8, 10), failures=0)
    calendar.busy.create(therapist=calendar.therapist, during=(berlin(3, 8), berlin(3, 9)))
    assert says("1 busy time")
    assert me.post(read, follow=True).status_code == 200
    remove = reverse("scheduling:outside-calendar-remove", args=[calendar.pk])
    assert "Its busy times can be booked again" in text(boss.get(remove))
    assert boss.post(remove)["Location"] == ALL
    assert not OutsideCalendar.objects.exists()


def test_the_pages_take_as_many_queries_for_five_as_for_one(
    me: Browser, boss: Browser, therapist: User, owner: User, room: Room
) -> None:
    def count() -> list[int]:
        counts = []
        for browser, path in ((me, OWN), (boss, ALL)):
            with CaptureQueriesContext(connection) as queries:
                assert browser.get(path).status_code == 200
            counts.append(len(queries))
        return counts

    def add(number: int) -> None:
        open_own_feed(label=f"Phone {number}", by=therapist)
        open_room_feed(room=room, label=f"Door {number}", by=owner)
        OutsideCalendar.objects.create(therapist=therapist, label=f"Home {number}", address=vault.encrypt(SECRET))

    add(0)
    count()
    few = count()
    for number in range(1, 5):
        add(number)
    assert count() == few


def test_the_api_tells_a_new_address_once(me: Browser, therapist: User) -> None:
    url = "/api/v1/calendar-feeds/"
    made = me.post(url, {"label": "Script"}, content_type="application/json")
    assert (made.status_code, made["Cache-Control"]) == (201, "no-store")
    address = made.json()["address"].partition("/feeds/")[2]
    assert Browser().get(f"/feeds/{address}").status_code == 200
    (listed,) = me.get(url).json()["results"]
    assert (listed["label"], listed["therapist"], "address" in listed) == ("Script", str(therapist.pk), False)
    ended = me.post(f"{url}{listed['id']}/revoke/")
    assert ended.json()["revoked_at"]
    assert Browser().get(f"/feeds/{address}").status_code == 404
    assert me.post(url, {}, content_type="application/json").status_code == 400


def test_the_api_opens_rooms_for_the_owner_alone(me: Browser, boss: Browser, room: Room) -> None:
    body = {"label": "Door", "room": str(room.pk)}
    assert me.post("/api/v1/calendar-feeds/", body, content_type="application/json").status_code == 403
    assert boss.post("/api/v1/calendar-feeds/", {"label": "x"}, content_type="application/json").status_code == 403
    assert boss.post("/api/v1/calendar-feeds/", body, content_type="application/json").status_code == 201


def test_the_api_takes_an_outside_address_and_never_gives_it_back(me: Browser, boss: Browser) -> None:
    url = "/api/v1/outside-calendars/"
    made = me.post(url, {"address": SECRET}, content_type="application/json")
    assert made.status_code == 201
    assert made.json()["label"] == "calendar.example.org"
    assert "secret" not in made.content.decode() + me.get(url).content.decode() + boss.get(url).content.decode()
    refused = me.post(url, {"address": "http://10.0.0.8/"}, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (422, "not-https")
    one = f"{url}{made.json()['id']}/"
    assert me.post(f"{one}read/").status_code == 202
    assert boss.delete(one).status_code == 204
    assert not OutsideCalendar.objects.exists()
