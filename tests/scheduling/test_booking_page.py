"""Booking at the desk, step by step and without a script."""

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from clinic.people.models import Client, Location, Room, User
from scheduling.models import Appointment, Service
from tests import factories
from tests.scheduling.conftest import berlin

pytestmark = pytest.mark.django_db
NEW = "/appointments/new/"


@pytest.fixture
def desk(client: Browser, front_desk: User, service: Service, room: Room) -> Browser:
    client.force_login(front_desk)
    return client


@pytest.fixture
def wish(client_record: Client, service: Service, therapist: User, room: Room) -> dict[str, str]:
    return {
        "client": str(client_record.pk),
        "service": str(service.pk),
        "slot": f"{berlin(2, 10).isoformat()}|{therapist.pk}|{room.pk}",
        "request_key": str(uuid.uuid4()),
    }


def test_a_known_client_is_booked_from_search_to_calendar(desk: Browser, client_record: Client) -> None:
    found = desk.get(NEW, {"q": "bel"}).content.decode()
    link = re.search(rf'href="([^"]*client={client_record.pk}[^"]*)"', found)
    assert link
    times = desk.get(link[1].replace("&amp;", "&")).content.decode()
    fields = dict(re.findall(r'type="hidden" name="(client|service|request_key)" value="([^"]+)"', times))
    slot = re.search(r'name="slot" value="([^"]+)"', times)
    assert slot
    response = desk.post(NEW, {**fields, "slot": slot[1]}, follow=True)
    assert response.redirect_chain[0][0].startswith("/calendar/?date=2026-06-0")
    assert Appointment.objects.get().client == client_record
    assert "is booked" in response.content.decode()


def test_suggestions_come_while_typing_and_lead_on(desk: Browser, client_record: Client) -> None:
    html = desk.get(reverse("scheduling:appointment-clients"), {"q": "marc"}).content.decode()
    assert f'data-value="{client_record.pk}"' in html
    assert "Marcus Bell" in html


def test_the_calendar_hands_over_therapist_and_time(desk: Browser, client_record: Client, therapist: User) -> None:
    params = {"client": client_record.pk, "therapist": therapist.pk, "at": "2026-06-02T10:00"}
    html = desk.get(NEW, params).content.decode()
    assert re.search(rf'value="2026-06-02T08:00:00\+00:00\|{therapist.pk}[^"]*" required checked', html)


def test_a_time_that_comes_twice_is_asked_about_and_nothing_chosen_until_then(
    desk: Browser, client_record: Client, therapist: User, location: Location
) -> None:
    factories.WorkingHoursFactory(
        therapist=therapist, location=location, weekday=6, starts_at=dt.time(1), ends_at=dt.time(5)
    )
    params = {"client": client_record.pk, "therapist": therapist.pk, "at": "2026-10-25T02:30", "from": "2026-10-25"}
    html = desk.get(NEW, params).content.decode()
    assert "Which one is meant?" in html
    links = re.findall(r'<a class="button" href="(/appointments/new/[^"]*at=2026-10-25T0[^"]*%2B[^"]*)"', html)
    assert len(links) == 2
    assert not re.search(r'name="slot" value="[^"]+" required checked', html)
    for link, instant in zip(links, ("2026-10-25T00:30", "2026-10-25T01:30"), strict=True):
        page = desk.get(link.replace("&amp;", "&")).content.decode()
        assert "Which one is meant?" not in page
        assert f'value="{instant}:00+00:00|{therapist.pk}' in page.split(" required checked")[0][-150:]


def test_a_new_client_is_added_on_the_way(desk: Browser) -> None:
    data = {"given_name": "Ewa", "family_name": "Lindgren", "phone": "+12025550199", "email": ""}
    response = desk.post(reverse("scheduling:appointment-new-client"), data)
    added = Client.objects.get(family_name="Lindgren")
    assert response.status_code == 302
    assert f"client={added.pk}" in response["Location"]


def test_a_possible_duplicate_is_shown_before_a_second_record_is_made(desk: Browser, client_record: Client) -> None:
    data = {"given_name": "Marcus", "family_name": "Bell", "phone": str(client_record.phone), "email": ""}
    shown = desk.post(reverse("scheduling:appointment-new-client"), data)
    assert shown.status_code == 409
    assert f"client={client_record.pk}" in shown.content.decode()
    assert Client.objects.count() == 1
    desk.post(reverse("scheduling:appointment-new-client"), {**data, "is_new": "1"})
    assert Client.objects.count() == 2


def test_a_new_client_needs_a_name_and_a_contact(desk: Browser) -> None:
    url = reverse("scheduling:appointment-new-client")
    assert desk.post(url, {"given_name": "Ewa"}).status_code == 422
    assert desk.post(url, {"phone": "+12025550199"}).status_code == 422
    assert desk.post(url, {"given_name": "Ewa", "phone": "call me"}).status_code == 422
    assert not Client.objects.exists()


def test_a_clash_keeps_the_form_and_says_what_is_in_the_way(desk: Browser, wish: dict[str, str], room: Room) -> None:
    desk.post(NEW, wish)
    other = factories.ClientFactory(locations=[room.location])
    response = desk.post(NEW, {**wish, "client": str(other.pk), "request_key": str(uuid.uuid4())})
    assert response.status_code == 409
    html = response.content.decode()
    assert "Amina Osei is taken from 10:00 to 10:45: Marcus Bell" in html
    assert 'name="slot"' in html


def beside(html: str) -> dict[str, str]:
    """The fields of the overlap as a browser would send them."""
    part = html.split("data-beside")[1].split("</details>")[0]
    fields = dict(re.findall(r'name="(beside_location|beside_at|overlap_reason)" value="([^"]*)"', part))
    chosen = re.search(r'<option value="([^"]+)" selected', part)
    return fields | {"beside_therapist": chosen[1] if chosen else ""}


def test_a_clash_can_be_booked_anyway_by_whom_may_who_says_why_and_nothing_typed_is_lost(
    desk: Browser, wish: dict[str, str], room: Room, therapist: User
) -> None:
    desk.post(NEW, wish)
    other = factories.ClientFactory(locations=[room.location])
    mine = {
        **wish,
        "client": str(other.pk),
        "request_key": str(uuid.uuid4()),
        "note": "Brings her sister",
        "times": "9",
    }
    refused = desk.post(NEW, mine).content.decode()
    fields = beside(refused)
    assert fields["beside_at"] == "2026-06-02T10:00"
    assert fields["beside_therapist"] == str(therapist.pk)
    silent = desk.post(NEW, {**mine, **fields, "overlap": "1"})
    html = silent.content.decode()
    assert (silent.status_code, "Say why the two visits may overlap" in html) == (422, True)
    assert ('value="Brings her sister"' in html, 'value="9"' in html, beside(html)) == (True, True, fields)
    unsure = desk.post(NEW, {**mine, **fields, "overlap_reason": "Sisters"})
    assert (unsure.status_code, beside(unsure.content.decode())["overlap_reason"]) == (422, "Sisters")
    assert desk.post(NEW, {**mine, **fields, "overlap_reason": "Sisters", "overlap": "1"}).status_code == 302
    made = Appointment.objects.get(client=other)
    assert (made.starts_at, made.is_overlap_allowed, made.overlap_reason) == (berlin(2, 10), True, "Sisters")
    assert made.note == "Brings her sister"
    assert "Two at once: Sisters" in desk.get("/calendar/", {"date": "2026-06-02"}).content.decode()


def test_nobody_is_booked_anyway_without_the_right_a_therapist_or_a_time(
    desk: Browser, wish: dict[str, str], therapist: User, location: Location
) -> None:
    desk.post(NEW, wish)
    mine = {**wish, "request_key": str(uuid.uuid4()), "overlap": "1", "overlap_reason": "Twins"}
    mine |= {"beside_at": "2026-06-02T10:00", "beside_therapist": str(therapist.pk)}
    assert desk.post(NEW, mine | {"beside_therapist": ""}).status_code == 422
    assert desk.post(NEW, mine | {"beside_at": "soon"}).status_code == 422
    assert desk.post(NEW, mine | {"beside_location": str(uuid.UUID(int=9))}).status_code == 404
    twice = desk.post(NEW, mine | {"beside_at": "2026-10-25T02:30"}).content.decode()
    assert twice.count('type="radio" class="tickbox" name="beside_at"') == 2
    desk.force_login(therapist)
    assert desk.post(NEW, mine).status_code == 403
    assert "data-beside" not in desk.get(NEW, {"client": wish["client"]}).content.decode()
    assert Appointment.objects.count() == 1


def test_the_same_form_sent_twice_books_once(desk: Browser, wish: dict[str, str]) -> None:
    first, second = desk.post(NEW, wish), desk.post(NEW, wish)
    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]
    assert Appointment.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"slot": ""}, 422),
        ({"slot": "tomorrow|x|y"}, 422),
        ({"slot": "2026-06-02T10:00:00|a|b"}, 422),
        ({"client": "x"}, 404),
        ({"client": str(uuid.UUID(int=9))}, 404),
        ({"service": str(uuid.UUID(int=9))}, 404),
        ({"request_key": ""}, 404),
    ],
)
def test_nonsense_in_the_form_is_refused(
    desk: Browser, wish: dict[str, str], change: dict[str, str], status: int
) -> None:
    assert desk.post(NEW, {**wish, **change}).status_code == status
    assert not Appointment.objects.exists()


@pytest.mark.parametrize("params", [{"at": "soon"}, {"at": "2026-03-29T02:30"}, {"from": "x"}])
def test_nonsense_in_the_address_is_refused(desk: Browser, params: dict[str, str]) -> None:
    assert desk.get(NEW, params).status_code == 422


def test_a_stranger_finds_neither_client_nor_place(
    client: Browser, stranger: User, wish: dict[str, str], client_record: Client, location: Location
) -> None:
    client.force_login(stranger)
    assert client.post(NEW, wish).status_code == 404
    assert client.get(NEW, {"client": client_record.pk}).status_code == 404
    assert client.get(NEW, {"location": location.pk}).status_code == 404
    assert "Bell" not in client.get(reverse("scheduling:appointment-clients"), {"q": "bell"}).content.decode()


@pytest.fixture
def booked(client_record: Client, therapist: User, room: Room, service: Service) -> Any:
    return factories.AppointmentFactory(
        client=client_record, therapist=therapist, room=room, service=service, starts_at=berlin(1, 9)
    )


def test_the_panel_offers_the_next_step_first(desk: Browser, booked: Appointment) -> None:
    html = desk.get(reverse("scheduling:appointment-detail", args=[booked.pk])).content.decode()
    assert html.index('value="arrived"') < html.index('value="confirmed"')
    assert "data-dialog-body" in html


def test_one_tap_checks_in_and_can_be_taken_back(desk: Browser, booked: Appointment) -> None:
    url = reverse("scheduling:appointment-status", args=[booked.pk])
    html = desk.post(url, {"status": "arrived", "version": "1"}, follow=True).content.decode()
    undo_url = reverse("scheduling:appointment-undo", args=[booked.pk, 2])
    assert undo_url in html
    booked.refresh_from_db()
    assert booked.status == "arrived"
    desk.post(undo_url)
    booked.refresh_from_db()
    assert booked.status == "booked"


def test_a_step_that_cannot_be_is_refused_without_a_trace(desk: Browser, booked: Appointment) -> None:
    url = reverse("scheduling:appointment-status", args=[booked.pk])
    for status in ("completed", "held", "cancelled", "", "x" * 500):
        assert desk.post(url, {"status": status}).status_code == 422
    assert desk.post(url, {"status": "arrived", "version": "99"}).status_code == 412
    assert desk.get(url).status_code == 405
    booked.refresh_from_db()
    assert (booked.status, booked.version) == ("booked", 1)


def test_moving_and_cancelling_by_page(desk: Browser, booked: Appointment) -> None:
    url = reverse("scheduling:appointment-move", args=[booked.pk])
    html = desk.get(url).content.decode()
    slot = re.findall(r'name="slot" value="([^"]+)"', html)[-1]
    assert desk.post(url, {"slot": slot, "version": "1"}).status_code == 302
    booked.refresh_from_db()
    assert booked.starts_at.isoformat() == slot.split("|")[0]
    cancel = reverse("scheduling:appointment-cancel", args=[booked.pk])
    assert "Cancel the appointment" in desk.get(cancel).content.decode()
    assert desk.post(cancel, {"reason": "Travelling", "version": "2"}).status_code == 302
    booked.refresh_from_db()
    assert not booked.is_active
    assert desk.get(url).status_code == 422


@pytest.mark.parametrize("name", ["detail", "move", "cancel"])
def test_a_foreign_appointment_is_not_there(client: Browser, stranger: User, booked: Appointment, name: str) -> None:
    client.force_login(stranger)
    url = reverse(f"scheduling:appointment-{name}", args=[booked.pk])
    assert client.get(url).status_code == 404
    if name != "detail":
        assert client.post(url, {"version": "1"}).status_code == 404
