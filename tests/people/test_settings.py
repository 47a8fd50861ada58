"""The practice, its places, the own account and the first run."""

import datetime as dt
import io
import threading
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client as Browser
from django.urls import reverse
from PIL import Image

from clinic.audit.models import Event
from clinic.core.errors import Missing, NotAllowed, Refused
from clinic.people.models import Location, Practice, Room, User
from clinic.people.services import places
from clinic.people.services import practice as practices


@pytest.fixture
def owners_browser(client: Browser, owner: User) -> Browser:
    client.force_login(owner)
    return client


PRACTICE = {
    "name": "Harbour Hip & Back",
    "email": "desk@example.org",
    "phone": "+12025550100",
    "colour": "#112233",
    "locale": "en",
    "week_starts_on": "6",
    "cancellation_notice_hours": "48",
    "reminder_hours": ["3", "48"],
    "follow_up_days": "2",
    "retention_years": "12",
}


def test_the_owner_changes_the_practice(owners_browser: Browser) -> None:
    assert owners_browser.post("/settings/practice/", PRACTICE).status_code == 302
    row = Practice.objects.get()
    assert (row.name, row.reminder_hours, row.follow_up_days, row.week_starts_on) == (PRACTICE["name"], [48, 3], 2, 6)
    event = Event.objects.get(action="practice.updated")
    assert "name" in event.changes["fields"]
    assert "Harbour" not in str(event.changes), "the log names fields, not values"


def test_saving_the_same_again_changes_and_logs_nothing(owners_browser: Browser) -> None:
    for _ in range(2):
        owners_browser.post("/settings/practice/", PRACTICE)
    assert Event.objects.filter(action="practice.updated").count() == 1


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"colour": "red"}, {"reminder_hours": ["5"]}, {"retention_years": "-1"}, {"locale": "xx"}]
)
def test_wrong_values_come_back_with_errors(owners_browser: Browser, wrong: dict[str, Any]) -> None:
    page = owners_browser.post("/settings/practice/", {**PRACTICE, **wrong})
    assert page.status_code == 422
    assert list(page.context["form"].errors) == list(wrong)


def picture(kind: str = "PNG", size: tuple[int, int] = (900, 300)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind)
    return out.getvalue()


def test_a_logo_is_drawn_anew_and_served_as_a_picture(owners_browser: Browser) -> None:
    hidden = picture("JPEG") + b"<script>alert(1)</script>"
    upload = SimpleUploadedFile("../../evil.php", hidden, "text/html")
    assert owners_browser.post("/settings/practice/logo/", {"logo": upload}).status_code == 302
    served = Browser().get("/logo/")
    content = b"".join(served.streaming_content)
    assert served["Content-Type"] == "image/png"
    assert served["X-Content-Type-Options"] == "nosniff"
    assert b"script" not in content
    assert Image.open(io.BytesIO(content)).size == (512, 171)
    assert "evil" not in Practice.objects.get().logo.name
    owners_browser.post("/settings/practice/logo/", {"remove": "1"})
    assert Browser().get("/logo/").status_code == 404


@pytest.mark.parametrize(
    "content", [b"<svg onload=alert(1)>", b"%PDF-1.4", b"GIF89a", b"\x89PNG\r\n\x1a\n broken", b"x"]
)
def test_what_is_no_picture_is_refused(owners_browser: Browser, content: bytes) -> None:
    page = owners_browser.post("/settings/practice/logo/", {"logo": SimpleUploadedFile("a.png", content)})
    assert page.status_code == 422


def test_the_colour_reaches_clients_pages_and_nothing_else_does(client: Browser, practice: Practice) -> None:
    assert b"3px solid #0f5c50" in client.get("/practice.css").content
    Practice.objects.update(colour="red;}*{")
    assert b"3px solid transparent" in client.get("/practice.css").content


LOCATION = {
    "name": "Quay Side",
    "timezone": "Europe/Oslo",
    "emergency_number": "113",
    "opens_at": "07:30",
    "closes_at": "16:00",
}


def test_a_location_is_added_changed_closed_and_opened_again(owners_browser: Browser, owner: User) -> None:
    assert owners_browser.post("/settings/locations/new/", LOCATION).status_code == 302
    place = Location.objects.get(name="Quay Side")
    assert (place.zone.key, owner.locations.filter(pk=place.pk).exists()) == ("Europe/Oslo", True)
    edit = reverse("people:location-edit", args=[place.pk])
    assert owners_browser.post(edit, {**LOCATION, "closes_at": "17:00"}).status_code == 302
    owners_browser.post(reverse("people:location-close", args=[place.pk]))
    place.refresh_from_db()
    assert (place.closes_at, place.is_active) == (dt.time(17), False)
    owners_browser.post(reverse("people:location-reopen", args=[place.pk]))
    actions = Event.objects.filter(action__startswith="location.").order_by("id").values_list("action", flat=True)
    assert list(actions) == ["location.added", "location.updated", "location.closed", "location.reopened"]


@pytest.mark.parametrize(
    "wrong", [{"timezone": "Mars/Olympus"}, {"closes_at": "06:00"}, {"name": "Harbour Street"}, {"opens_at": "26:00"}]
)
def test_an_impossible_location_is_refused(owners_browser: Browser, wrong: dict[str, str]) -> None:
    assert owners_browser.post("/settings/locations/new/", {**LOCATION, **wrong}).status_code == 422


def test_the_last_open_location_cannot_be_closed(owner: User, location: Location, other_location: Location) -> None:
    places.close_place(place=other_location, by=owner)
    with pytest.raises(Refused):
        places.close_place(place=location, by=owner)


def test_a_room_is_added_with_its_equipment(owners_browser: Browser, location: Location) -> None:
    data = {"location": location.pk, "name": "Gym", "equipment": "table, pulley,, table "}
    assert owners_browser.post("/settings/rooms/new/", data).status_code == 302
    assert Room.objects.get(name="Gym").equipment == ["table", "pulley"]
    assert owners_browser.post("/settings/rooms/new/", data).status_code == 422, "the name is taken"


def test_nobody_else_changes_places(therapist: User, front_desk: User, location: Location) -> None:
    for by in (therapist, front_desk):
        with pytest.raises(NotAllowed):
            places.close_place(place=location, by=by)


def test_a_member_changes_the_own_name(client: Browser, therapist: User) -> None:
    client.force_login(therapist)
    assert client.post("/account/", {"name": "Amina O."}).status_code == 302
    therapist.refresh_from_db()
    assert therapist.name == "Amina O."
    assert client.post("/account/", {"name": ""}).status_code == 422


WELCOME = {
    "practice": "Quay Clinic",
    "location": "Quay Side",
    "timezone": "Europe/Oslo",
    "opens_at": "08:00",
    "closes_at": "17:00",
    "emergency_number": "113",
    "name": "Olga Owner",
    "email": "Olga@example.org",
    "password": "four words nobody pairs",
    "password_again": "four words nobody pairs",
}


def test_the_first_run_opens_the_practice_and_closes_behind_itself(
    client: Browser, db: None, settings: LazySettings
) -> None:
    settings.DEMO = False
    assert client.get("/")["Location"] == "/welcome/"
    assert client.get("/welcome/").status_code == 200
    assert client.post("/welcome/", WELCOME).status_code == 302
    owner = User.objects.get(email="olga@example.org")
    assert (owner.roles, [place.name for place in owner.locations.all()]) == ({"owner"}, ["Quay Side"])
    assert not Practice.objects.get().is_demo
    assert client.get("/account/")["Location"] == "/accounts/2fa/", "signed in, and sent to enrolment"
    assert Browser().get("/welcome/").status_code == 404
    assert Browser().post("/welcome/", WELCOME).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"password": "short", "password_again": "short"},
        {"password_again": "other"},
        {"closes_at": "07:00"},
        {"email": "x"},
    ],
)
def test_a_wrong_first_run_opens_nothing(
    client: Browser, db: None, settings: LazySettings, wrong: dict[str, str]
) -> None:
    settings.DEMO = False
    assert client.post("/welcome/", {**WELCOME, **wrong}).status_code == 422
    assert not Practice.objects.exists()


def test_in_the_demo_there_is_no_first_run(client: Browser, db: None) -> None:
    assert client.get("/welcome/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_first_runs_at_once_make_one_practice() -> None:
    start, results = threading.Barrier(2), []

    def run(number: int) -> None:
        start.wait()
        try:
            practices.open_practice(
                practice={"name": f"P{number}"},
                location={"name": f"L{number}", "timezone": "UTC", "opens_at": dt.time(8), "closes_at": dt.time(9)},
                owner={"name": "O", "email": f"o{number}@example.org"},
                password="four words nobody pairs",
            )
            results.append("opened")
        except Missing:
            results.append("missing")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["missing", "opened"]
    assert (Practice.objects.count(), User.objects.count(), Location.objects.count()) == (1, 1, 1)
